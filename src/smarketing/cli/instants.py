"""The instant by the clock that all workers share."""

from __future__ import annotations

from datetime import UTC, datetime

from smarketing.records.queue import database_now


def instant() -> datetime:
    return database_now(datetime.now(UTC))
