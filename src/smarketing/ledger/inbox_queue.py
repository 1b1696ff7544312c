"""The inbox as a queue: which rows are next, and what became of each. Rows are found by state, never by a last id.

On PostgreSQL a lower id may become visible after a higher one; a queue that remembers how far it came loses it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from smarketing.ledger.models import InboxRow, InboxTally, RowState

ASKED_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    src: str
    body: bytes
    received_at: datetime
    occurred_at: datetime | None
    n_tries: int


@dataclass(slots=True)
class Fates:
    """What becomes of the rows of a batch, by id; those that are neither dead nor held are done.

    `told` are troubles of rows that are done all the same; a held row has (until, what it needs, trouble).
    """

    dead: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    held: dict[int, tuple[datetime, str, Mapping[str, Any]]] = field(default_factory=dict)
    told: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def is_out(self, row: Waiting) -> bool:
        return row.id in self.dead or row.id in self.held


def not_done(states: Collection[RowState], using: str = DEFAULT_DB_ALIAS) -> QuerySet[InboxRow]:
    """The rows in some of the states besides done.

    SQLite takes the index of those, which is all that is small, only where it is told that they are not done.
    """
    return InboxRow.objects.using(using).filter(state__in=states).exclude(state=RowState.DONE)


def is_anything_waiting(now: datetime, using: str) -> bool:
    """A look that takes no lock."""
    rows = InboxRow.objects.using(using)
    return rows.filter(state=RowState.WAITING).exists() or _due(now, using).exists()


def next_rows(limit: int, using: str, *, receipt: UUID | None = None) -> list[Waiting]:
    """The rows that wait, of one delivery if `receipt` is given: as the database says them, for they are many."""
    connection = connections[using]
    is_server = connection.vendor == "postgresql"
    own = "" if receipt is None else ' AND "receipt" = %s'
    plus = "" if is_server else "+"  # the driver does not convert
    query = (
        f'SELECT "id", "src", "body", {plus}"received_at", {plus}"occurred_at", "n_tries" FROM "ledger_inbox" '
        f'WHERE "state" = \'waiting\'{own} ORDER BY "id" LIMIT %s'
    )
    given = [] if receipt is None else [receipt if is_server else receipt.hex]
    with connection.cursor() as cursor:
        cursor.execute(query, [*given, limit])
        at: Callable[[Any], Any] = (lambda given: given) if is_server else lru_cache(maxsize=None)(_instant)
        return [
            Waiting(row_id, src, bytes(body), at(received), at(occurred), n_tries)
            for row_id, src, body, received, occurred, n_tries in cursor.fetchall()
        ]


def _instant(text: str | None) -> datetime | None:
    """As Django writes it on SQLite, whose clock there is UTC."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def wake_due(now: datetime, using: str) -> int:
    """Rows that were held until an instant that has come wait again."""
    due = _due(now, using)
    return due.update(state=RowState.WAITING) if due.exists() else 0


def _due(now: datetime, using: str) -> Any:
    held = InboxRow.objects.using(using).filter(state=RowState.HELD)
    return held.annotate(until=Coalesce("not_before_at", "occurred_at")).filter(until__lte=now)


def wake_needing(src: str, needs: Callable[[], AbstractSet[str]], using: str) -> int:
    """Rows that were held until one of `needs` came wait again; it is asked only where any is held."""
    held = InboxRow.objects.using(using).filter(state=RowState.HELD, src=src).exclude(needs="")
    some = list(held.values_list("needs", flat=True)[: ASKED_ROWS + 1])
    if not some:
        return 0
    told = needs()
    wanted, n = sorted(told if len(some) > ASKED_ROWS else told & set(some)), 0
    for start in range(0, len(wanted), ASKED_ROWS):
        n += _update("state = 'waiting'", [], "needs", wanted[start : start + ASKED_ROWS], using, f"held:{src}")
    return n


def settle(rows: Sequence[Waiting], fates: Fates, seq: int, now: datetime, using: str) -> int:
    """Write down what became of the rows that still wait; returns how many did."""
    done = [row.id for row in rows if not fates.is_out(row) and row.id not in fates.told]
    at = connections[using].ops.adapt_datetimefield_value(now)
    sets = "state = 'done', drained_at = {p}, seq = {p}, needs = '', not_before_at = NULL, trouble = NULL"
    n = 0
    for start in range(0, len(done), ASKED_ROWS):
        n += _update(sets, [at, seq], "id", done[start : start + ASKED_ROWS], using)
    told = [(at, seq, json.dumps(trouble), row_id) for row_id, trouble in fates.told.items()]
    n += _update_each("state = 'done', drained_at = %s, seq = %s, trouble = %s", told, using)
    dead = [(at, json.dumps(trouble), row_id) for row_id, trouble in fates.dead.items()]
    n += _update_each("state = 'dead', drained_at = %s, trouble = %s, needs = ''", dead, using)
    until = connections[using].ops.adapt_datetimefield_value
    held = [(until(at), needs[:200], json.dumps(trouble), row) for row, (at, needs, trouble) in fates.held.items()]
    sets = "state = 'held', not_before_at = %s, needs = %s, trouble = %s, n_tries = n_tries + 1"
    n += _update_each(sets, held, using)
    _count_dead([row for row in rows if row.id in fates.dead], using)
    return n


def _count_dead(rows: Sequence[Waiting], using: str) -> None:
    """In the tally of the hour in which they came."""
    hours = Counter((row.src, row.received_at.replace(minute=0, second=0, microsecond=0)) for row in rows)
    for (src, hour), n in hours.items():
        InboxTally.objects.using(using).filter(src=src, hour_at=hour).update(n_dead=F("n_dead") + n)


def _update_each(sets: str, rows: Sequence[tuple[Any, ...]], using: str) -> int:
    """Update waiting rows, each in its own way; the last value of each is its id."""
    if not rows:
        return 0
    with connections[using].cursor() as cursor:
        cursor.executemany(f"UPDATE ledger_inbox SET {sets} WHERE state = 'waiting' AND id = %s", rows)
        return int(cursor.rowcount)


def _update(sets: str, values: list[Any], column: str, found: Sequence[Any], using: str, of: str = "waiting") -> int:
    """Update rows of a state whose `column` is one of `found`; `of` is that state, and perhaps a source."""
    connection = connections[using]
    state, _, src = of.partition(":")
    is_server = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_server else "IN (SELECT value FROM json_each(%s))"
    own, more = (' AND "src" = %s', [src]) if src else ("", [])
    asked = f'UPDATE "ledger_inbox" SET {sets.format(p="%s")} WHERE "state" = \'{state}\'{own} AND "{column}" {among}'
    with connection.cursor() as cursor:
        cursor.execute(asked, [*values, *more, list(found) if is_server else json.dumps(list(found))])
        return int(cursor.rowcount)
