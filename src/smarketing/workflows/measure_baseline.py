"""Measure on the facts how marketing's leads became customers, month by month, for the next period's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of
from smarketing.engine.compiled import compile_terms
from smarketing.engine.local import LocalDays
from smarketing.engine.reading import Reading
from smarketing.ledger.folder import read_whole
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.plan.baseline import Baseline, Caution, baseline, months_of, with_maturity
from smarketing.plan.lag import Lag, LagCounts, kaplan_meier, lag_counts
from smarketing.plan.moments import moments, plain_agreement
from smarketing.plan.tracker import LEAD_MOMENTS, SALES, added, tracker
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.errors import FactsError
from smarketing.terms.instants import micros
from smarketing.terms.language import Words, words
from smarketing.terms.offsets import EPOCH_ORDINAL
from smarketing.terms.period import ONE_DAY, Grain, Period, periods_between
from smarketing.workflows.score_agreement import IMPORT_FIRST, local_date

COUNTED = {"lead": "n_leads", "mql": "n_mql", "sql": "n_sql"}
STARTS = {"lead": "created_at", "mql": "mql_at", "sql": "sql_at"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the facts say, as of `now_on` in the agreement's zone.

    agreement  that read the facts; a plain one where none was given
    tracker    one row per month from the first lead on, the running month last
    baseline   of the complete months only
    daily      marketing's leads that reached the stage on each local day from `daily_from` to yesterday
    """

    agreement: Agreement
    tracker: pl.DataFrame
    baseline: Baseline
    lag: Lag
    now_on: date
    daily: NDArray[np.int64]
    daily_from: date

    @property
    def complete(self) -> pl.DataFrame:
        """The tracker without the running month."""
        return self.tracker.filter(pl.col("month") < self.now_on.replace(day=1))


def measure_baseline(
    facts: Facts,
    *,
    agreement: Agreement | None = None,
    n_months: int = 12,
    lag_months: int | None = None,
    stage: str = "lead",
    now: datetime,
    say: Words | None = None,
) -> Measured:
    """The tracker, the lag and the pooled numbers of the latest complete months, one bucket at a time.

    Takes    agreement    tells zone, currency, sources and stages; else the facts' own are used
             lag_months   instead of the measured lag
             stage        lead, mql or sql: what customers are measured against, and where their lag begins
    Raises   FactsError when there are no leads before `now`
    """
    say = say or words("en")
    replica, at = open_replica(facts), micros(now)
    if not replica.n_leads or replica.first_at > at:
        raise FactsError(say("There are no leads to measure."), where=str(facts.home), hint=say(IMPORT_FIRST))
    terms = agreement or _plain(facts)
    months = _months(terms.zone, replica.first_at, at)
    found = _totals(replica, terms, months, at, STARTS[stage])
    total, cautions = _all_sales(facts, terms, months, at)
    table = _since_the_first_lead(found.tracker.with_columns(total["total_revenue"]))
    lag, now_on = kaplan_meier(found.lag), local_date(terms.zone, at)
    shift = months_of(lag) if lag_months is None else lag_months
    complete = table.filter(pl.col("month") < now_on.replace(day=1))
    first_day = int(np.argmax(found.daily > 0))
    pooled = baseline(complete, n_months=n_months, lag_months=shift, counted=COUNTED[stage])
    measured = with_maturity(pooled, lag, now_on=now_on)
    return Measured(
        agreement=terms,
        tracker=table,
        baseline=replace(measured, cautions=(*measured.cautions, *cautions)),
        lag=lag,
        now_on=now_on,
        daily=found.daily[first_day:-1],
        daily_from=months[0].from_on + timedelta(days=first_day),
    )


@dataclass(frozen=True, slots=True)
class _Totals:
    tracker: pl.DataFrame
    lag: LagCounts
    daily: NDArray[np.int64]  # from the first day of the first month to today


def _totals(replica: Replica, terms: Agreement, months: Sequence[Period], now: int, start: str) -> _Totals:
    ever = terms.model_copy(update={"in_force": InForce(from_on=months[0].from_on)})
    compiled = compile_terms([ever], replica.codebook, start=replica.first_at, end=now)
    starts = _starts(months, terms.zone)
    days = LocalDays(terms.zone, starts[0][1], now + 1)
    first_day = months[0].from_on.toordinal() - EPOCH_ORDINAL
    n_days = int(days.day_of(np.array([now]))[0]) - first_day + 1
    trackers, lag, daily = [], LagCounts.none(), np.zeros(n_days, np.int64)
    for number in range(replica.n_buckets):
        known = as_of(replica.history(number), now)
        bucket = moments(Reading(known, compiled.versions[0], compiled.tables, now))
        trackers.append(tracker(bucket.leads, bucket.sales, starts))
        started_at = bucket.at[start]
        lag += lag_counts(started_at, bucket.at["won_at"], now)
        came = started_at[started_at <= now]
        daily += np.bincount(days.day_of(came) - first_day, minlength=n_days)
    return _Totals(added(trackers), lag, daily)


def _plain(facts: Facts) -> Agreement:
    """How facts are read without an agreement: in the zone of their sources and the currency of most won deals."""
    zones = facts.frame("source")["zone"].drop_nulls().unique().to_list()
    won = facts.scan("deal").filter(pl.col("status") == "won").drop_nulls("currency").group_by("currency").len()
    currencies = read_whole(won, facts.path).sort("len", "currency", descending=[True, False])["currency"]
    return plain_agreement(zones[0] if len(zones) == 1 else "UTC", currencies[0] if len(currencies) else "EUR")


def _all_sales(
    facts: Facts, terms: Agreement, months: Sequence[Period], now: int
) -> tuple[pl.DataFrame, tuple[Caution, ...]]:
    """A tracker of everybody's won deals, and what is odd about them."""
    is_there = pl.col("deleted_at").is_null() & pl.col("merged_into").is_null() & (pl.col("status") == "won")
    deals = facts.scan("deal").filter(is_there, pl.col("created_at").dt.timestamp("us").fill_null(now) <= now)
    known = read_whole(deals.select("closed_at", "amount", "currency"), facts.path)
    won = known.filter(pl.col("closed_at").dt.timestamp("us") <= now)
    ours = won.filter(pl.col("currency").eq_missing(terms.currency) | pl.col("currency").is_null())
    sales = ours.select("closed_at", "amount", pl.lit(value=False).alias("is_marketing")).cast(SALES)  # type: ignore[arg-type]
    n_undated = known["closed_at"].null_count()
    n_other, n_empty = won.height - ours.height, ours.filter(pl.col("amount").fill_null(0) == 0).height
    cautions = [Caution("other_currency", {"n": n_other, "currency": terms.currency})] if n_other else []
    cautions += [Caution("no_amount", {"n": n_empty, "all": ours.height})] if n_empty else []
    cautions += [Caution("no_closing", {"n": n_undated, "all": n_undated + won.height})] if n_undated else []
    return tracker(pl.DataFrame(schema=LEAD_MOMENTS), sales, _starts(months, terms.zone)), tuple(cautions)


def _since_the_first_lead(table: pl.DataFrame) -> pl.DataFrame:
    """Other facts may be older than the first lead; their months say nothing about leads."""
    return table.filter((pl.col("n_leads") > 0).cum_max())


def _months(zone: str, first: int, now: int) -> tuple[Period, ...]:
    return periods_between(Grain.MONTH, local_date(zone, first), local_date(zone, now) + ONE_DAY)


def _starts(months: Sequence[Period], zone: str) -> list[tuple[date, int]]:
    last = months[-1]
    return [(month.from_on, month.bounds(zone)[0]) for month in months] + [(last.until_on, last.bounds(zone)[1])]
