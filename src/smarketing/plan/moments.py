"""From a bucket of facts to what the tracker counts: marketing's leads with their moments, and what they bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.history import NEVER, Deals
from smarketing.engine.reading import Reading
from smarketing.facts.schema import DEAL_STATUS
from smarketing.plan.tracker import INSTANT, LEAD_MOMENTS, MONEY, SALES
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.calendar import Calendar, Window

WON = DEAL_STATUS.index("won")
ALL_DAY = Window(opens=0, closes=1440)


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one bucket: `leads` as LEAD_MOMENTS and `sales` as SALES of marketing's leads that count for somebody.

    `at` has the columns of `leads` as arrays, NEVER where there is no moment.
    """

    leads: pl.DataFrame
    sales: pl.DataFrame
    at: dict[str, NDArray[np.int64]]


def plain_agreement(zone: str, currency: str) -> Agreement:
    """How facts are read where nobody has agreed on anything: all sources are marketing's, stages go by their names."""
    always = Calendar(id="always", zone=zone, week=((ALL_DAY,),) * 7)
    span = InForce(from_on=date(1900, 1, 1))
    return Agreement(
        id="facts",
        title="Facts",
        zone=zone,
        currency=currency,
        in_force=span,
        parties=(),
        calendars=(always,),
        commitments=(),
    )


def moments(reading: Reading) -> Moments:
    """The moments of one bucket's marketing leads; void leads and leads made after its `now` are left out."""
    leads = reading.history.leads
    counts = (leads.created_at != NEVER) & (reading.void == 0)
    if reading.is_marketing is not None:
        counts &= reading.is_marketing
    deals = reading.history.deals
    sold = deals.take(np.flatnonzero(_is_sale(deals, reading.version.currency) & counts[deals.lead]))
    columns = {
        "created_at": leads.created_at,
        "mql_at": reading.reached_at("mql"),
        "sql_at": reading.reached_at("sql"),
        "won_at": reading.reached_at("customer"),
    }
    kept = {name: column[counts] for name, column in columns.items()}
    frame = pl.DataFrame({name: _instants(kept[name]) for name in LEAD_MOMENTS})
    return Moments(frame, _sales(sold), kept)


def _is_sale(deals: Deals, currency: int) -> NDArray[np.bool_]:
    """Won deals in the agreement's currency, or in none that is named."""
    is_won: NDArray[np.bool_] = deals.status == WON
    is_won &= (deals.closed_at != NEVER) & ((deals.currency == currency) | (deals.currency == -1))
    return is_won


def _sales(deals: Deals) -> pl.DataFrame:
    amount = (pl.col("amount").cast(MONEY) / 10_000).cast(MONEY)
    frame = pl.DataFrame({"closed_at": _instants(deals.closed_at), "amount": pl.Series(deals.amount, dtype=pl.Int64)})
    return frame.select("closed_at", amount, pl.lit(value=True).alias("is_marketing")).cast(SALES)  # type: ignore[arg-type]


def _instants(at: NDArray[np.int64]) -> pl.Series:
    return pl.Series(at, dtype=pl.Int64).replace(NEVER, None).cast(INSTANT)
