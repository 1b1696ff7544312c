"""From a bucket of facts to what the tracker counts: marketing's leads with their moments, and what they bought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of
from smarketing.engine.clauses import positions, status_codes
from smarketing.engine.history import NEVER, Codebook, Deals, History, Stages
from smarketing.facts.schema import DEAL_STATUS
from smarketing.plan.tracker import INSTANT, LEAD_MOMENTS, MONEY, SALES
from smarketing.terms.agreement import Agreement, Counting

WON = DEAL_STATUS.index("won")
ALWAYS_VOID = ("merged", "deleted")
STAGES = ("mql", "sql", "customer")


@dataclass(frozen=True, slots=True)
class Reading:
    """How facts are read for a plan: in whose zone and money, whose leads are marketing's, what a stage is called.

    Without an agreement all sources are marketing's and stages go by their own names.
    """

    zone: str
    currency: str
    counting: Counting = field(default_factory=Counting)
    definitions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, agreement: Agreement) -> Reading:
        definitions = tuple((word, definition.values) for word, definition in agreement.definitions.items())
        return cls(agreement.zone, agreement.currency, agreement.counting, definitions)

    def stage_codes(self, word: str, codebook: Codebook) -> tuple[int, ...]:
        values = dict(self.definitions).get(word)
        return status_codes(values, codebook) if values else positions((word,), codebook.stages)


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one bucket: `leads` as LEAD_MOMENTS and `sales` as SALES of marketing's leads that count for somebody.

    created_at and won_at are the same moments as arrays, NEVER where there is none, for the lag.
    """

    leads: pl.DataFrame
    sales: pl.DataFrame
    created_at: NDArray[np.int64]
    won_at: NDArray[np.int64]


def moments(history: History, reading: Reading, codebook: Codebook, *, now: int) -> Moments:
    """The moments of one bucket's marketing leads; void leads and whatever happened after `now` are left out."""
    known = as_of(history, now)
    counts = _counts(known, reading, codebook)
    deals = known.deals.take(np.flatnonzero(_is_sale(known.deals, reading, codebook) & counts[known.deals.lead]))
    n_leads = len(known.leads)
    at = {word: _first(known.stages, reading.stage_codes(word, codebook), n_leads) for word in STAGES}
    bought_at = np.full(n_leads, NEVER)
    np.minimum.at(bought_at, deals.lead, deals.closed_at)
    won_at = np.where(bought_at == NEVER, at["customer"], bought_at)
    columns = {"created_at": known.leads.created_at, "mql_at": at["mql"], "sql_at": at["sql"], "won_at": won_at}
    leads = pl.DataFrame({name: _instants(columns[name][counts]) for name in LEAD_MOMENTS})
    return Moments(leads, _sales(deals), known.leads.created_at[counts], won_at[counts])


def _counts(history: History, reading: Reading, codebook: Codebook) -> NDArray[np.bool_]:
    """Leads that are there, marketing's and not void."""
    leads = history.leads
    void = np.zeros(256, np.bool_)
    void[[1 + code for code in positions((*reading.counting.void_reasons, *ALWAYS_VOID), codebook.reasons)]] = True
    counts = (leads.created_at != NEVER) & ~void[leads.void]
    sources = reading.counting.marketing_sources
    if sources:
        counts &= np.append(np.isin(np.array(codebook.sources, str), sources), False)[leads.source]
    return np.asarray(counts, np.bool_)


def _is_sale(deals: Deals, reading: Reading, codebook: Codebook) -> NDArray[np.bool_]:
    """Won deals in the plan's currency, or in none that is named."""
    of_currency = np.append(np.array(codebook.currencies, str) == reading.currency, True)
    is_won: NDArray[np.bool_] = deals.status == WON
    is_won &= (deals.closed_at != NEVER) & of_currency[deals.currency]
    return is_won


def _first(stages: Stages, codes: Iterable[int], n_leads: int) -> NDArray[np.int64]:
    """When each lead first took one of the stages; rows are sorted by lead and instant."""
    first_at = np.full(n_leads, NEVER)
    rows = np.flatnonzero(np.isin(stages.stage, list(codes)))
    leads, first = np.unique(stages.lead[rows], return_index=True)
    first_at[leads] = stages.at[rows[first]]
    return first_at


def _sales(deals: Deals) -> pl.DataFrame:
    amount = (pl.col("amount").cast(MONEY) / 10_000).cast(MONEY)
    frame = pl.DataFrame({"closed_at": _instants(deals.closed_at), "amount": pl.Series(deals.amount, dtype=pl.Int64)})
    return frame.select("closed_at", amount, pl.lit(value=True).alias("is_marketing")).cast(SALES)  # type: ignore[arg-type]


def _instants(at: NDArray[np.int64]) -> pl.Series:
    return pl.Series(at, dtype=pl.Int64).replace(NEVER, None).cast(INSTANT)
