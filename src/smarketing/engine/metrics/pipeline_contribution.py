"""How much pipeline marketing brought: the amounts of deals from its leads, open or won."""

from __future__ import annotations

import numpy as np

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import OTHER_CURRENCY, Tallies
from smarketing.engine.cohort import tallied
from smarketing.engine.reading import Reading
from smarketing.facts.schema import DEAL_STATUS

LOST = DEAL_STATUS.index("lost")


def tallies(reading: Reading, clause: Clause) -> Tallies:
    """One per deal that is open or won, from a lead of marketing's sources, at its creation.

    Takes    counting.marketing_sources (all sources when empty), only, the agreement's currency
    Returns  one row per deal created while the version was in force; owner is the deal's
    Units    at microseconds UTC; amount in ten-thousandths of the currency
             amounts as the facts tell them now: facts keep no earlier amount of a deal, and one that is lost leaves
             the month it was opened in. Before its closing, by an earlier `now`, a deal is open again
    Null     a deal in another currency is void (OTHER_CURRENCY), never added up; one that names none is in ours
    Source   design section 4
    """
    deals = reading.history.deals
    rows = np.flatnonzero(deals.status != LOST)
    deals = deals.take(rows)
    is_other = (deals.currency >= 0) & (deals.currency != reading.version.currency)
    return tallied(
        reading,
        clause,
        deals.created_at,
        deals.owner,
        deals.lead.astype(np.intp),
        amount=deals.amount,
        void=is_other * np.uint8(OTHER_CURRENCY),
    )
