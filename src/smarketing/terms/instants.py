"""Instants as whole microseconds since 1970, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Takes an instant with an offset; exact."""
    return (at - EPOCH) // MICROSECOND


def instant_at(at_us: int) -> datetime:
    """In UTC.

    Raises OverflowError outside the years 1–9999
    """
    return EPOCH + at_us * MICROSECOND
