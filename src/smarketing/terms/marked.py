"""Marks English sentences for the catalogue of translations."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 — gettext's own name for "translate later"
    """Mark a constant for the catalogue; it is translated where it is shown."""
    return message
