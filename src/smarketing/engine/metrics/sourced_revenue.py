"""How much revenue marketing brought: the amounts of deals won from its leads."""

from __future__ import annotations

import numpy as np

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import OTHER_CURRENCY, Tallies
from smarketing.engine.cohort import tallied
from smarketing.engine.reading import Reading
from smarketing.facts.schema import DEAL_STATUS

WON = DEAL_STATUS.index("won")


def tallies(reading: Reading, clause: Clause) -> Tallies:
    """One per deal won, from a lead of marketing's sources, when it was won.

    Takes    counting.marketing_sources (all sources when empty), only, the agreement's currency
    Returns  one row per deal won while the version was in force; owner is the deal's
    Units    at microseconds UTC; amount in ten-thousandths of the currency, as the facts tell it now
    Null     a deal without a closing has no row; one in another currency is void (OTHER_CURRENCY), never added up;
             one that names no currency is in ours
    Source   design section 4
    """
    deals = reading.history.deals
    deals = deals.take(np.flatnonzero(deals.status == WON))
    is_other = (deals.currency >= 0) & (deals.currency != reading.version.currency)
    return tallied(
        reading,
        clause,
        deals.closed_at,
        deals.owner,
        deals.lead.astype(np.intp),
        amount=deals.amount,
        void=is_other * np.uint8(OTHER_CURRENCY),
    )
