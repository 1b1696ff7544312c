"""Timed runs beside peers, printed as ratios."""
