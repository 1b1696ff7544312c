"""Find a breach that is worth explaining: nights and weekends on the way, and an answer that came too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from smarketing.engine.clocks import Verdict
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement
from smarketing.terms.instants import micros
from smarketing.terms.period import Period


def find_breach(
    versions: Sequence[Agreement], facts: Facts, *, commitment: str, period: Period, now: datetime
) -> str | None:
    """Id of the lead whose clock was stretched longest by closed hours among those answered too late.

    Takes    commitment  one that is judged by clocks
    Returns  None when nothing was breached in the period; the lead that comes first among equals
    """
    replica, at = open_replica(facts), micros(now)
    start, end = min(replica.first_at, at), max(replica.latest_at, at) + 1
    compiled = compile_terms(versions, replica.codebook, start=start, end=end)
    found = [_longest(replica, bucket, compiled, commitment, _bounds(period, versions), at) for bucket in _all(replica)]
    best = max((pair for pair in found if pair), default=None)
    return None if best is None else replica.lead_id(-best[1])


def _all(replica: Replica) -> range:
    return range(replica.n_buckets)


def _bounds(period: Period, versions: Sequence[Agreement]) -> tuple[int, int]:
    return period.bounds(versions[-1].zone)


def _longest(
    replica: Replica, bucket: int, compiled: Compiled, commitment: str, bounds: tuple[int, int], now: int
) -> tuple[int, int] | None:
    """The longest wait from start to due, and the lead's number below zero, so that the first of equals wins."""
    clocks = evaluate(replica.history(bucket), compiled, now=now).clocks[commitment]
    is_late = (clocks.verdicts(now) == Verdict.BREACHED) & (clocks.stop_at != NEVER)
    rows = np.flatnonzero(is_late & (bounds[0] <= clocks.start_at) & (clocks.start_at < bounds[1]))
    if not len(rows):
        return None
    wait = clocks.due_at[rows] - clocks.start_at[rows]
    row = rows[np.argmax(wait)]
    return int(wait.max()), -int(clocks.lead[row])
