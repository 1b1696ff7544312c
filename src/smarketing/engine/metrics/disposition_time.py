"""How long sales takes to say what it makes of a lead: accepted, disqualified or sent back."""

from __future__ import annotations

import numpy as np

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.cohort import started
from smarketing.engine.history import NEVER, Instants
from smarketing.engine.reading import Reading
from smarketing.engine.rejections import ACCEPTED, GIVEN_BACK


def clocks(reading: Reading, clause: Clause) -> Clocks:
    """Start at the handover; stop at the first stage from then on that accepts, disqualifies or recycles the lead.

    Takes    start, only, overrides, pauses; definitions say which stages count as sal, sql, opportunity, customer,
             disqualified and recycled; acceptance_by_silence accepts a lead that nobody answered for so long: that
             stops the clock, and a rejection that comes later changes nothing
    Returns  one row per lead handed over
    Units    *_at microseconds UTC; elapsed_us open time
    Null     a lead without an answer has stop_at NEVER
    Source   design section 6; worked example T45
    """
    leads = started(reading, clause)
    since = reading.start_at(clause.commitment.start)
    stop_at = reading.earliest(ACCEPTED + GIVEN_BACK, since).take(leads.lead)
    if clause.silence is not None:
        stop_at = np.minimum(stop_at, _silence(reading, clause.silence))
    return leads.clocks(clause, stop_at)


def _silence(reading: Reading, silence: Clause) -> Instants:
    """When silence accepts each lead; NEVER when that is still to come."""
    accepted_at = started(reading, silence).due_at(silence)
    return np.where(accepted_at <= reading.now, accepted_at, NEVER)
