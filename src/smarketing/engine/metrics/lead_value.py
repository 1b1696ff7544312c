"""What the leads that marketing delivered are worth: those that first reached a stage, weighed by their tier."""

from __future__ import annotations

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Tallies
from smarketing.engine.cohort import tallied
from smarketing.engine.reading import Reading
from smarketing.engine.rejections import lost


def tallies(reading: Reading, clause: Clause) -> Tallies:
    """One per lead, at the first time it was at the commitment's `stage`, with the worth of its tier.

    Takes    stage ("" is the creation of the lead), only, and counting.marketing_sources when marketing promises
             counting.rejected_leads_count: false voids marketing's leads that sales rejected in time, with the reason
    Returns  one row per lead that got there while the version was in force; owner at that moment
    Units    at microseconds UTC; amount in ten-thousandths of the currency or of a point
    Null     a lead of no tier is worth 0; one that never got there has no row
    Source   worked example T6: 3 leads of 100, 4 of 50, 5 of 40 are worth 700
    """
    at = reading.reached_at(clause.commitment.stage)
    return tallied(
        reading,
        clause,
        at,
        reading.owner_at(at),
        void=lost(reading, clause),
        amount=reading.version.worth.take(reading.tier),
    )
