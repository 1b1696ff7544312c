"""What share of the leads that reached one stage went on to another, each within the same time."""

from __future__ import annotations

import numpy as np

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.cohort import cohort
from smarketing.engine.reading import Reading

FURTHEST = "customer"


def clocks(reading: Reading, clause: Clause) -> Clocks:
    """Start when a lead first reaches `stage`; stop when it first reaches `to_stage` ("customer" when left out).

    Takes    stage ("" is the creation of the lead), to_stage, lag (else the target's time), only, and
             counting.marketing_sources when marketing promises
    Returns  one row per lead that started; met within the lag, running until it has passed
    Units    *_at microseconds UTC
    Null     a lead that has not gone on has stop_at NEVER; one that was there already stops as it starts
    Source   design section 6: cohorts mature; worked example T11
    """
    commitment = clause.commitment
    start_at = reading.reached_at(commitment.stage)
    leads = cohort(reading, clause, start_at, reading.owner_at(start_at))
    reached_at = reading.reached_at(commitment.to_stage or FURTHEST)
    return leads.clocks(clause, np.maximum(reached_at.take(leads.lead), leads.start_at))
