"""The inbox as a queue: which rows are next, and what became of each. Rows are found by state, never by a last id.

On PostgreSQL a lower id may become visible after a higher one; a queue that remembers how far it came loses it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import F
from django.db.models.functions import Coalesce

from smarketing.ledger.models import InboxRow, InboxTally, RowState

ASKED_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    src: str
    body: bytes
    received_at: datetime
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


def is_anything_waiting(now: datetime, using: str) -> bool:
    """A look that takes no lock."""
    rows = InboxRow.objects.using(using)
    return rows.filter(state=RowState.WAITING).exists() or _due(now, using).exists()


def next_rows(limit: int, using: str, **only: Any) -> list[Waiting]:
    rows = InboxRow.objects.using(using).filter(state=RowState.WAITING, **only).order_by("id")
    columns = ("id", "src", "body", "received_at", "n_tries")
    return [Waiting(row[0], row[1], bytes(row[2]), *row[3:]) for row in rows.values_list(*columns)[:limit]]


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
    waits = InboxRow.objects.using(using).filter(state=RowState.WAITING)
    for row_id, trouble in fates.told.items():
        n += waits.filter(id=row_id).update(state=RowState.DONE, drained_at=now, seq=seq, trouble=trouble)
    for row_id, trouble in fates.dead.items():
        n += waits.filter(id=row_id).update(state=RowState.DEAD, drained_at=now, trouble=trouble, needs="")
    for row_id, (until, needs, trouble) in fates.held.items():
        changes = {"not_before_at": until, "needs": needs[:200], "trouble": trouble, "n_tries": F("n_tries") + 1}
        n += waits.filter(id=row_id).update(state=RowState.HELD, **changes)
    _count_dead([row for row in rows if row.id in fates.dead], using)
    return n


def _count_dead(rows: Sequence[Waiting], using: str) -> None:
    """In the tally of the hour in which they came."""
    hours = Counter((row.src, row.received_at.replace(minute=0, second=0, microsecond=0)) for row in rows)
    for (src, hour), n in hours.items():
        InboxTally.objects.using(using).filter(src=src, hour_at=hour).update(n_dead=F("n_dead") + n)


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
