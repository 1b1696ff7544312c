"""Facts as they were known at an instant, and facts cut into blocks that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER, Columns, Deals, History, Leads
from smarketing.facts.schema import DEAL_STATUS

OPEN = DEAL_STATUS.index("open")
BLOCK = 65_536  # leads: most arrays of one question stay in the second-level cache, and two threads seldom wait

Table = TypeVar("Table", bound=Columns)


def as_of(history: History, now: int) -> History:
    """The history without anything later than `now`; the same object when there is nothing.

    A lead made later keeps its place, with `created_at` NEVER and none of its facts. A deal that closes later is open.
    """
    leads = history.leads
    unborn = np.flatnonzero(leads.created_at > now)
    if len(unborn):
        leads = _without(leads, unborn)
    return History(
        first=history.first,
        leads=leads,
        touches=_until(history.touches, now, leads, len(unborn) > 0),
        stages=_until(history.stages, now, leads, len(unborn) > 0),
        assignments=_until(history.assignments, now, leads, len(unborn) > 0),
        deals=_reopened(_until(history.deals, now, leads, len(unborn) > 0), now),
    )


def _without(leads: Leads, unborn: np.ndarray) -> Leads:
    created_at = leads.created_at.copy()
    created_at[unborn] = NEVER
    return replace(leads, created_at=created_at)


def _until(table: Table, now: int, leads: Leads, some_are_unborn: bool) -> Table:
    at = table.created_at if isinstance(table, Deals) else table.at  # type: ignore[attr-defined]
    if not len(at) or (not some_are_unborn and at.max() <= now):
        return table
    known = at <= now
    if some_are_unborn:
        known &= leads.created_at[table.lead] != NEVER  # type: ignore[attr-defined]
    return table.take(np.flatnonzero(known))


def _reopened(deals: Deals, now: int) -> Deals:
    later = np.flatnonzero((deals.closed_at > now) & (deals.closed_at != NEVER))
    if not len(later):
        return deals
    closed_at, status = deals.closed_at.copy(), deals.status.copy()
    closed_at[later], status[later] = NEVER, OPEN
    return replace(deals, closed_at=closed_at, status=status)


def blocks(history: History, size: int = BLOCK) -> Iterator[History]:
    """The history as consecutive ranges of at most `size` leads; arrays are shared, not copied."""
    n = len(history.leads)
    if n <= size:
        yield history
        return
    edges = np.append(np.arange(0, n, size), n)
    tables = (history.touches, history.stages, history.assignments, history.deals)
    touches, stages, assignments, deals = (list(_cut(table, edges)) for table in tables)
    for k, (begin, end) in enumerate(pairwise(edges)):
        leads = history.leads.take(slice(begin, end))
        yield History(history.first + int(begin), leads, touches[k], stages[k], assignments[k], deals[k])


def _cut(table: Table, edges: NDArray[np.intp]) -> Iterator[Any]:
    lead: NDArray[np.integer[Any]] = table.lead  # type: ignore[attr-defined]
    cuts = np.searchsorted(lead, edges.astype(lead.dtype))
    for begin, end, first in zip(cuts[:-1], cuts[1:], edges[:-1].astype(lead.dtype), strict=True):
        part = table.take(slice(begin, end))
        yield replace(part, lead=lead[begin:end] - first)  # type: ignore[call-arg]


def reach(history: History) -> tuple[int, int]:
    """The earliest and the latest instant of any fact."""
    deals = history.deals
    columns = [history.leads.created_at, history.touches.at, history.stages.at, history.assignments.at]
    columns = [column for column in (*columns, deals.created_at, deals.closed_at) if len(column)]
    return min((int(c.min()) for c in columns), default=NEVER), max((int(c.max()) for c in columns), default=0)
