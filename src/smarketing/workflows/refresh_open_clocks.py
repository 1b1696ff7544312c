"""Keep the table of open clocks up with facts and terms: the changed leads' after a merge of events, or everybody's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import DatabaseError, transaction

from smarketing.failpoints import reach
from smarketing.ledger.clock_state import ONLY, known_state, note_state
from smarketing.ledger.models import Merge, OpenClockState
from smarketing.ledger.open_clocks import (
    Opened,
    Terms,
    all_clocks,
    follow_holders,
    key_of,
    sweep_clocks,
    with_holders,
    write_all,
    write_clocks_of,
)
from smarketing.records.queue import enqueue
from smarketing.terms.errors import UserError
from smarketing.workflows.keep_moments import OLD, keep_moments
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.open_terms import every_agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smarketing.ledger.database import Ledger
    from smarketing.ledger.news import News

log = logging.getLogger("smarketing.clocks")
JOB = "refresh_open_clocks"
AfterClocks = Callable[[pl.DataFrame | None, datetime], None]
# Told in the same transaction which leads (src, lead_id) have other open clocks now; None for all.
AFTER_CLOCKS: list[AfterClocks] = []


@dataclass(frozen=True, slots=True)
class Judged:
    """The open clocks of the leads that a merge changed; `trouble` where that could not be told."""

    leads: pl.DataFrame | None = None
    opened: Opened | None = None
    key: str = ""
    trouble: str = ""


def judge_changed(news: News, seq: int, *, now: datetime) -> Judged:
    """What a merge after `seq` makes of the open clocks; nothing is written.

    An agreement or an engine that cannot judge keeps no fact from being stored: the clocks are then stale.
    """
    try:
        terms = every_agreement()
        key = key_of(terms, now)
        leads = news.changed() if _is_fresh(seq, terms, key) else None
        return Judged() if leads is None else Judged(leads, news.clocks_of(leads, terms, now), key)
    except DatabaseError:
        raise
    except Exception as error:
        return Judged(trouble=_noted(error))


def write_changed(judged: Judged, seq: int, *, seen_at: datetime, now: datetime) -> None:
    """Write what was judged, in the transaction of the merge that has this number; `seen_at` is when it came in."""
    if judged.leads is None or judged.opened is None:
        follow_holders(seq)
        _mark_stale(judged.trouble, now)
        return
    with _bearing_trouble(now):
        reach("clocks.write.before")
        keep_moments(judged.opened.moments, judged.leads, seen_at=seen_at, now=now)
        write_clocks_of(judged.leads, judged.opened.clocks)
        note_state(seq, judged.key, now)
        for tell in AFTER_CLOCKS:
            tell(judged.leads, now)
        reach("clocks.write.after")


def are_stale(*, now: datetime) -> bool:
    """Whether facts or terms have moved on without the open clocks."""
    latest = Merge.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    terms = every_agreement()
    return not _is_fresh(latest, terms, key_of(terms, now))


def _is_fresh(seq: int, terms: Terms, key: str) -> bool:
    """Whether the open clocks are those of the merge `seq`; without facts or terms there are none."""
    state = known_state()
    return state == (seq, key) if state else not (seq and terms)


def ask_if_stale(*, now: datetime) -> bool:
    """Ask for the job that makes all open clocks again, if that is needed."""
    try:
        if not are_stale(now=now):
            return False
    except UserError as error:
        _mark_stale(_noted(error), now)
        return False
    _mark_stale("", now)
    enqueue(JOB, by=None, now=now, key=JOB)
    return True


def refresh_open_clocks(*, now: datetime) -> int:
    """Make all open clocks again if facts or terms have moved on; returns how many there are then.

    Most of the work is done while others may still merge, and what they merged meanwhile in a turn of ours.
    Raises FactsError and TermsError as all_clocks
    """
    try:
        sweep_clocks(now)
        if not are_stale(now=now):
            return 0
        terms, ledger = every_agreement(), open_ledger()
        all_clocks(ledger, terms, now)
        with ledger.in_turn():
            opened = all_clocks(ledger, terms, now)
            held = with_holders(opened.clocks, ledger)
            with transaction.atomic():
                _write_all(opened._replace(clocks=held), ledger, terms, now)
    except UserError as error:
        _mark_stale(_noted(error), now)
        raise
    return len(opened.clocks)


def _write_all(opened: Opened, ledger: Ledger, terms: Terms, now: datetime) -> None:
    keep_moments(opened.moments, None, seen_at=_stale_since(now), now=now)
    write_all(opened.clocks)
    note_state(ledger.sequence, key_of(terms, now), now)
    for tell in AFTER_CLOCKS:
        tell(None, now)


def _stale_since(now: datetime) -> datetime:
    """When facts or terms came that the open clocks do not know; what was due meanwhile rings, but for long ago."""
    state = OpenClockState.objects.filter(pk=ONLY).first()
    since = state.stale_since if state and state.stale_since else now
    return max(since, now - OLD)


def _mark_stale(trouble: str, now: datetime) -> None:
    """From now on until they are made again, unless they were stale before."""
    rows = OpenClockState.objects.filter(pk=ONLY)
    rows.filter(stale_since=None).update(stale_since=now)
    if trouble:
        rows.update(trouble=trouble)


@contextmanager
def _bearing_trouble(now: datetime) -> Iterator[None]:
    """What fails inside, but for the database, is undone and noted; the facts around it are kept."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        raise
    except Exception as error:
        _mark_stale(_noted(error), now)


def _noted(error: Exception) -> str:
    log.exception("Open clocks cannot be told.")
    return str(error)[:500] or type(error).__name__
