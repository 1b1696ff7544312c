"""Verdicts turned into numbers a meeting can argue about."""
