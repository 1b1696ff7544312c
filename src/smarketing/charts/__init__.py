"""Vega-Lite charts as plain dicts; one function serves page, PDF and mail."""
