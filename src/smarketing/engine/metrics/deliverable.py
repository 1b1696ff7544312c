"""Whether a promised thing was handed over every period: a weekly report, fifty reams a month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clauses import Clause, Version
from smarketing.engine.clocks import Clocks
from smarketing.engine.history import NEVER, Deliveries, Instants
from smarketing.engine.tables import Tables
from smarketing.terms.period import period_of

ONE = 10_000  # quantities are counted in ten-thousandths, so that ten tenths are one


def clocks(deliveries: Deliveries, clause: Clause, version: Version, tables: Tables, now: int) -> Clocks:
    """One clock per owed unit of a period: due at its last microsecond, stopped when so many were delivered.

    Takes    target (how many a period owes), period, deliverable (the target's unit when left out)
    Returns  one row per unit of every period that began by `now` while the version was in force, lead −1;
             `episode` numbers the units of a period
    Units    *_at microseconds UTC; elapsed_us plain time
    Null     a unit not delivered inside its period has stop_at NEVER; a delivery without quantity is 1
    Source   design section 4
    """
    ours = _ours(deliveries, clause, version, now)
    at = ours.at
    amount = np.rint(np.where(np.isnan(ours.quantity), 1.0, ours.quantity) * ONE).astype(np.int64)
    starts, ends = _periods(clause, version, now)
    wanted = ONE * np.arange(1, int(clause.commitment.target.value) + 1)
    stops = [_reached(at, amount, wanted, start, end) for start, end in zip(starts, ends, strict=True)]
    n = len(wanted)
    start_at, due_at = np.repeat(starts, n), np.repeat(ends - 1, n)
    stop_at = np.concatenate(stops) if stops else np.empty(0, np.int64)
    share, whole = clause.remind
    nobody = np.full(len(start_at), -1)
    return Clocks(
        lead=nobody.astype(np.int32),
        episode=np.tile(np.arange(n, dtype=np.int32), len(starts)),
        owner=nobody.astype(np.int32),
        tier=nobody.astype(np.int16),
        source=nobody.astype(np.int16),
        calendar=np.full(len(start_at), tables.always),
        start_at=start_at,
        risk_at=start_at + (due_at - start_at) * share // whole,
        due_at=due_at,
        stop_at=stop_at,
        connected_at=np.full(len(start_at), NEVER, np.int64),
        elapsed_us=np.where(stop_at == NEVER, NEVER, stop_at - start_at),
        count=np.zeros(len(start_at), np.int32),
        void=np.zeros(len(start_at), np.uint8),
    )


def handed_over_after(deliveries: Deliveries, clause: Clause, version: Version, due_at: Instants, now: int) -> Instants:
    """When the thing was handed over next after each due time: late, it counts for the next period, and is there.

    Units    microseconds UTC
    Null     NEVER while nothing came since
    """
    at = _ours(deliveries, clause, version, now).at
    return np.append(at, NEVER)[np.searchsorted(at, due_at, "right")]


def _ours(deliveries: Deliveries, clause: Clause, version: Version, now: int) -> Deliveries:
    """Those of the promised thing up to `now`, in the order of their time."""
    name = clause.commitment.deliverable or clause.commitment.target.unit
    names = version.codebook.deliverables
    code = names.index(name) if name in names else -1
    rows = np.flatnonzero((deliveries.deliverable == code) & (deliveries.at <= now) & (code >= 0))
    return deliveries.take(rows[np.argsort(deliveries.at[rows], kind="stable")])


def _periods(clause: Clause, version: Version, now: int) -> tuple[Instants, Instants]:
    """Starts and ends of the periods that began under the version."""
    agreement = version.agreement
    first = agreement.in_force.from_on
    bounds = []
    period = period_of(clause.commitment.period, first, week_starts_on=agreement.week_starts_on)
    while (start_end := period.bounds(agreement.zone))[0] < min(version.end_at, now + 1):
        bounds.append(start_end)
        period = period.next()
    inside = [edges for edges in bounds if edges[0] >= version.start_at]
    columns = np.array(inside, np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def _reached(at: Instants, amount: NDArray[np.int64], wanted: NDArray[np.int64], start: int, end: int) -> Instants:
    """When the deliveries in `[start, end)` first summed up to each wanted amount; NEVER when they did not."""
    rows = slice(*np.searchsorted(at, [start, end]))
    total = np.maximum.accumulate(np.cumsum(amount[rows]))
    found = np.searchsorted(total, wanted)
    return np.append(at[rows], NEVER)[found]
