"""How many leads marketing delivered: those that first reached a stage in the period."""

from __future__ import annotations

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Tallies
from smarketing.engine.cohort import tallied
from smarketing.engine.reading import Reading
from smarketing.engine.rejections import lost


def tallies(reading: Reading, clause: Clause) -> Tallies:
    """One per lead, at the first time it was at the commitment's `stage`; coming back does not count again.

    Takes    stage ("" is the creation of the lead), only, and counting.marketing_sources when marketing promises
             counting.rejected_leads_count: false voids marketing's leads that sales rejected in time, with the reason
    Returns  one row per lead that got there while the version was in force; owner at that moment
    Units    at microseconds UTC; amount 1
    Null     a lead that never got there has no row
    Source   design section 6, Counting: a stage counts once, the first time
    """
    at = reading.reached_at(clause.commitment.stage)
    return tallied(reading, clause, at, reading.owner_at(at), void=lost(reading, clause))
