"""Instants as whole microseconds since 1970, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smarketing.terms.offsets import EARLIEST_YEAR, LATEST_YEAR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def read_instant(text: str) -> datetime | None:
    """RFC 3339 with an offset, in UTC; None for what is none, or lies outside the years that zones are known for."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not EARLIEST_YEAR < at.year < LATEST_YEAR - 1:  # so that no offset leads out of them
        return None
    return at.astimezone(UTC)


def micros(at: datetime) -> int:
    """Takes an instant with an offset; exact."""
    return (at - EPOCH) // MICROSECOND


def instant_at(at_us: int) -> datetime:
    """In UTC.

    Raises OverflowError outside the years 1–9999
    """
    return EPOCH + at_us * MICROSECOND
