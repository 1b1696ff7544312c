"""Scorecards as files that people open."""
