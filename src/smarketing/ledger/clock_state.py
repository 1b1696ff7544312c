"""Which facts and which terms the open clocks are of: one row, asked for and written with every batch of events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from smarketing.ledger.models import OpenClockState

ONLY = 1
TABLE = OpenClockState._meta.db_table


def known_state(using: str = DEFAULT_DB_ALIAS) -> tuple[int, str] | None:
    """The merge and the key of the terms; None where open clocks were never made."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT "seq", "key" FROM "{TABLE}" WHERE "id" = {ONLY}')
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def note_state(seq: int, key: str, now: datetime, using: str = DEFAULT_DB_ALIAS) -> None:
    """The open clocks are those of this merge and these terms."""
    connection = connections[using]
    sets = '"seq" = %s, "key" = %s, "fresh_at" = %s, "stale_since" = NULL, "trouble" = %s'
    given: list[Any] = [seq, key, connection.ops.adapt_datetimefield_value(now), ""]
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{TABLE}" SET {sets} WHERE "id" = {ONLY}', given)
        is_there = bool(cursor.rowcount)
    if not is_there:
        OpenClockState.objects.using(using).create(pk=ONLY, seq=seq, key=key, fresh_at=now)
