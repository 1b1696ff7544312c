"""Empty the inbox into the facts: a batch of events, their facts and the open clocks of their leads in one transaction.

Everything is found out before the transaction begins and written in it, so that senders wait for a short one only. A
batch that cannot be written is halved until the event at fault is alone; the others do not wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import polars as pl
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from smarketing.facts.schema import TABLES
from smarketing.failpoints import reach
from smarketing.ledger.drain_lease import DrainLost, Held, renew
from smarketing.ledger.inbox_queue import Fates, Waiting, next_rows, settle, wake_due, wake_needing
from smarketing.ledger.look_up import keep_marks, mark_rows, sources_of
from smarketing.ledger.part_files import Damaged
from smarketing.records.models import Source
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.refresh_open_clocks import Judged, judge_changed, write_changed
from smarketing.workflows.tell_events import Told, tell_events

if TYPE_CHECKING:
    from smarketing.ledger.database import Ledger, Planned

log = logging.getLogger("smarketing.drain")
MOST_ROWS, MOST_AT_ONCE = 5_000, 20_000  # of a batch; while much is waiting: senders wait for its transaction
MOST_TRIES = 3
PAUSE = timedelta(minutes=1)
# No event is at fault, but for _is_too_much.
OURS = (DrainLost, OperationalError, InterfaceError, IntegrityError, OSError, Damaged)
REFUSED = N_("The facts do not take it: {reason}")
OUR_MISTAKE = N_("Something broke here when this was read, and it is our mistake: {reason}")


class Moved(Exception):
    """Somebody decided otherwise about an event of the batch while it was on its way."""


@dataclass(slots=True)
class Drained:
    """How many events were done, are dead, are held; `n_rows` is all of them."""

    n_rows: int = 0
    n_dead: int = 0
    n_held: int = 0

    @property
    def n_done(self) -> int:
        return self.n_rows - self.n_dead - self.n_held


@dataclass(slots=True)
class _Planned:
    rows: Sequence[Waiting]
    told: Told = field(default_factory=Told)
    merge: Planned | None = None
    judged: Judged = field(default_factory=Judged)
    marks: Sequence[pl.DataFrame] = ()


def drain_inbox(*, ledger: Ledger, lease: Held, now: datetime, most: int = MOST_ROWS) -> Drained:
    """The next batch; nothing where nothing waits.

    Raises DrainLost when another process drains now; what the ledger raises when it cannot be written
    """
    with ledger.in_turn():
        renew(lease, now)
        wake_due(now, ledger.using)
        return _drain(next_rows(most, ledger.using), ledger, lease, now)


def drain_delivery(*, receipt: UUID, ledger: Ledger, now: datetime) -> Drained:
    """The events of one delivery at once, for somebody who waits: in the transaction around it, if there is one."""
    with ledger.in_turn():
        return _drain(next_rows(MOST_ROWS, ledger.using, receipt=receipt), ledger, None, now)


def _drain(rows: Sequence[Waiting], ledger: Ledger, lease: Held | None, now: datetime) -> Drained:
    found = Drained()
    if not rows:
        return found
    try:
        fates = _in_one_piece(rows, ledger, lease, now)
        return Drained(len(rows), len(fates.dead), len(fates.held))
    except Moved:
        ledger.look_again()
        return found  # asked again, they are read as they are then
    except Exception as error:
        if isinstance(error, OURS) and not _is_too_much(error):
            raise
        ledger.look_again()
        if len(rows) == 1:
            return _set_aside(rows[0], error, ledger, lease, now)
    for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
        part = _drain(half, ledger, lease, now)
        found.n_rows, found.n_dead, found.n_held = (
            found.n_rows + part.n_rows,
            found.n_dead + part.n_dead,
            found.n_held + part.n_held,
        )
    return found


def _is_too_much(error: Exception) -> bool:
    """Whether PostgreSQL met a limit of its own, as with a text that no index takes: tried again it is the same."""
    return str(getattr(error.__cause__, "sqlstate", "")).startswith("54")


def _in_one_piece(rows: Sequence[Waiting], ledger: Ledger, lease: Held | None, now: datetime) -> Fates:
    reach("batch.plan.before")
    planned = _plan(rows, ledger, now)
    reach("batch.plan.after")
    with transaction.atomic(using=ledger.using):
        if lease:
            renew(lease, now)
        _write(planned, ledger, lease, now)
    return planned.told.fates


def _plan(rows: Sequence[Waiting], ledger: Ledger, now: datetime) -> _Planned:
    planned = _Planned(rows, tell_events(rows, now=now, using=ledger.using))
    planned.marks = [mark_rows(TABLES[name], marks) for name, marks in planned.told.marks.items()]
    if frames := planned.told.frames:
        if (sources := _new_sources(frames, ledger, now)).height:
            frames["source"] = sources
        planned.merge = ledger.plan(frames)
        if planned.merge.counts.n_accepted:
            planned.judged = judge_changed(ledger.news_of(planned.merge), ledger.sequence, now=now)
    return planned


def _write(planned: _Planned, ledger: Ledger, lease: Held | None, now: datetime) -> None:
    """Without a lease it is for somebody who waits, and who then wants to see it."""
    rows, told, using = planned.rows, planned.told, ledger.using
    if planned.merge and planned.merge.counts.n_accepted:
        reach("facts.merge.before")
        ledger.publish(ledger.load(planned.merge), streamed_at=now if lease else None)
        reach("facts.merge.after")
        first = min(row.received_at for row in rows)
        write_changed(planned.judged, ledger.sequence, seen_at=first, now=now)
    for marks in planned.marks:
        keep_marks(marks, using)
    reach("batch.mark.before")
    if settle(rows, told.fates, ledger.sequence, now, using) != len(rows):
        raise Moved
    for src in told.sources():
        wake_needing(src, partial(told.told_of, src), using)
    reach("batch.mark.after")


def _set_aside(row: Waiting, error: Exception, ledger: Ledger, lease: Held | None, now: datetime) -> Drained:
    """One event that cannot become facts: dead at once where it is at fault, after three tries where we may be."""
    is_refused = isinstance(error, UserError)
    if not is_refused:
        log.exception("An event broke the drain", extra={"inbox": row.id, "source": row.src})
    sentence = REFUSED if is_refused else OUR_MISTAKE
    code = "refused" if is_refused else "our_mistake"
    reason = str(error)[:500] if is_refused else type(error).__name__
    trouble = {"code": code, "sentence": sentence, "arguments": {"reason": reason}, "column": "", "value": ""}
    is_over = is_refused or row.n_tries + 1 >= MOST_TRIES
    fates = Fates(dead={row.id: trouble}) if is_over else Fates(held={row.id: (now + PAUSE, "", trouble)})
    with transaction.atomic(using=ledger.using):
        if lease:
            renew(lease, now)
        settle([row], fates, ledger.sequence, now, ledger.using)
    return Drained(1, len(fates.dead), len(fates.held))


def _new_sources(frames: dict[str, pl.DataFrame], ledger: Ledger, now: datetime) -> pl.DataFrame:
    """Rows of the source table for sources that it does not know."""
    known = set(sources_of(["source"], ledger.using)["source"])
    new = sorted({src for frame in frames.values() for src in frame["src"].unique()} - known)
    told = {source.slug: source for source in Source.objects.filter(slug__in=new)}
    rows = [
        {
            "src": src,
            "kind": told[src].kind if src in told else "generic",
            "zone": (told[src].zone or None) if src in told else None,
            "currency": (told[src].currency or None) if src in told else None,
            "seen_at": now,
        }
        for src in new
    ]
    table = TABLES["source"]
    return pl.DataFrame(
        rows, schema={name: table.schema[name] for name in ("src", "kind", "zone", "currency", "seen_at")}
    )
