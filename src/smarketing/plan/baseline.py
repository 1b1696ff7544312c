"""What the last months say about close rate, deal size and share: the next period's inputs, with their doubts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from smarketing.plan.calculator import Inputs
from smarketing.plan.lag import Lag
from smarketing.plan.pieces import DAYS
from smarketing.plan.proportion import wilson
from smarketing.plan.quantity import Quantity
from smarketing.terms.period import Grain

FEW_CUSTOMERS = 10
WIDE = 2.0  # the upper end of the interval is more than so many times the lower end
MATURE = 0.9


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to trust the numbers less: its name and the values its sentence shows."""

    name: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Pooled trailing numbers: sums over sums, never a mean of the months' ratios.

    counted       the tracker's column that stands for leads here: n_leads, n_mql or n_sql
    months        the months whose customers and revenue count, oldest first
    lead_months   the months whose leads those customers are measured against: `lag_months` earlier
    n_customers, revenue, total_revenue   of `months`; n_leads of `lead_months`
    n_paired      customers of the months that have leads to be measured against, the numerator of the close rate
    close_interval   Wilson's 95 % interval; None where there is no rate
    matured_ratio    share of its eventual customers that the youngest lead month has behind it; None if unknown
    """

    counted: str
    n_months_asked: int
    months: tuple[date, ...]
    lead_months: tuple[date, ...]
    lag_months: int
    n_leads: int
    n_customers: int
    n_paired: int
    revenue: Fraction
    total_revenue: Fraction
    close_rate: Quantity
    close_interval: tuple[float, float] | None
    average_deal: Quantity
    marketing_share: Quantity
    matured_ratio: float | None = None
    cautions: tuple[Caution, ...] = ()

    def inputs(self, quota: Fraction | None = None) -> Inputs:
        """The calculator's inputs for the next period."""
        return Inputs(quota, self.marketing_share.value, self.average_deal.value, self.close_rate.value)


def baseline(tracker: pl.DataFrame, *, n_months: int, lag_months: int, counted: str = "n_leads") -> Baseline:
    """The pooled numbers of the latest `n_months` of a tracker of complete months.

    Takes    tracker      one row per month, oldest first (plan.tracker.TRACKER), without the running month
             n_months     how many months to look back; fewer are used, and flagged, when there are no more
             lag_months   whole months from lead to customer: March's customers are measured against January's leads
             counted      the column that customers are measured against: n_leads, n_mql or n_sql
    Returns  close rate = customers ÷ leads of the months before, deal = revenue ÷ customers, share = revenue ÷ all
    Null     a ratio without leads, customers or revenue to divide by, or without a single customer: it says why
    """
    window = tracker.tail(n_months)
    sold_in = window["month"].to_list()
    earlier = tracker["month"].shift(lag_months)
    paired = tracker.with_columns(earlier.alias("lead_month"), pl.col(counted).shift(lag_months).alias("n_before"))
    paired = paired.tail(n_months).filter(pl.col("lead_month").is_not_null())
    n_leads, n_paired = int(paired["n_before"].sum()), int(paired["n_customers"].sum())
    customers, leads = Quantity.of("customers", n_paired).above_zero(), Quantity.of("leads", n_leads)
    revenue, total = _money(window, "revenue"), _money(window, "total_revenue")
    n_customers = int(window["n_customers"].sum())
    earned = Quantity.of("revenue", revenue).above_zero()
    measured = Baseline(
        counted=counted,
        n_months_asked=n_months,
        months=tuple(sold_in),
        lead_months=tuple(paired["lead_month"].to_list()),
        lag_months=lag_months,
        n_leads=n_leads,
        n_customers=n_customers,
        n_paired=n_paired,
        revenue=revenue,
        total_revenue=total,
        close_rate=_rate(customers, leads).named("close_rate"),
        close_interval=wilson(n_paired, n_leads),
        average_deal=(earned / Quantity.of("customers", n_customers)).named("average_deal"),
        marketing_share=(earned / Quantity.of("total_revenue", total)).named("marketing_share"),
    )
    return replace(measured, cautions=tuple(_cautions(measured)))


def with_maturity(measured: Baseline, lag: Lag, *, now_on: date) -> Baseline:
    """The same baseline, with how far the youngest leads in it have come by `now_on` along the measured lag."""
    if not measured.lead_months:
        return measured
    ratio = lag.matured_ratio((now_on - measured.lead_months[-1]).days - round(DAYS[Grain.MONTH] / 2))
    if ratio is None or ratio >= MATURE:
        return replace(measured, matured_ratio=ratio)
    young = Caution("immature", {"ratio": ratio, "month": measured.lead_months[-1]})
    return replace(measured, matured_ratio=ratio, cautions=(*measured.cautions, young))


def months_of(lag: Lag) -> int:
    """The lag in whole months: the days in which half of all that convert have done so; 0 when nobody did."""
    days = lag.days_until(0.5)
    return 0 if days is None else round(days / DAYS[Grain.MONTH])


def _rate(customers: Quantity, leads: Quantity) -> Quantity:
    return Quantity("", None, (Quantity.of("one", 1) / leads).lack) if leads.value == 0 else customers / leads


def _money(window: pl.DataFrame, name: str) -> Fraction:
    return Fraction(window[name].sum() or 0)


def _cautions(measured: Baseline) -> list[Caution]:
    found = []
    n_used = len(measured.months)
    if n_used < measured.n_months_asked:
        found.append(Caution("short_window", {"asked": measured.n_months_asked, "used": n_used}))
    if len(measured.lead_months) < n_used:
        pairs = {"lag": measured.lag_months, "paired": len(measured.lead_months), "used": n_used}
        found.append(Caution("lag_beyond_data", pairs))
    if 0 < measured.n_customers < FEW_CUSTOMERS:
        found.append(Caution("few_customers", {"customers": measured.n_customers}))
    if measured.n_paired > measured.n_leads > 0:
        found.append(Caution("more_customers_than_leads", {"customers": measured.n_paired, "leads": measured.n_leads}))
    interval = measured.close_interval
    if interval and measured.n_paired and interval[1] > WIDE * interval[0]:
        found.append(Caution("wide_interval", {"low": interval[0], "high": interval[1]}))
    return found
