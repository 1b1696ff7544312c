"""How many opportunities sales opened: deals, on the day they were created."""

from __future__ import annotations

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Tallies
from smarketing.engine.cohort import tallied
from smarketing.engine.reading import Reading


def tallies(reading: Reading, clause: Clause) -> Tallies:
    """One per deal, whatever became of it.

    Takes    only: tiers and sources are those of the deal's lead, teams and reps those of the deal's owner
    Returns  one row per deal created while the version was in force
    Units    at microseconds UTC; amount 1
    Null     a deal without owner has owner −1
    Source   design section 4
    """
    deals = reading.history.deals
    return tallied(reading, clause, deals.created_at, deals.owner, deals.lead.astype(int))
