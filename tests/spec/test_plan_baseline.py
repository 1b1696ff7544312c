"""What the last months say: pooled, shifted by the sales cycle, and honest about how little they may say."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl

from smarketing.plan.baseline import Baseline, baseline, with_maturity
from smarketing.plan.calculator import lead_plan
from smarketing.plan.lag import US_PER_DAY, kaplan_meier, lag_counts
from smarketing.plan.sentences import caution, why
from smarketing.plan.tracker import TRACKER
from smarketing.terms.language import words

EN = words("en")
Row = tuple[int, int, int, int]


def months(*rows: Row) -> pl.DataFrame:
    """Months of 2026 from January on: leads, customers, revenue from them, all revenue."""
    return pl.DataFrame(
        {
            "month": [date(2026, position, 1) for position in range(1, len(rows) + 1)],
            "n_leads": [row[0] for row in rows],
            "n_mql": [0] * len(rows),
            "n_sql": [0] * len(rows),
            "n_customers": [row[1] for row in rows],
            "n_deals": [row[1] for row in rows],
            "revenue": [row[2] for row in rows],
            "total_revenue": [row[3] for row in rows],
            "cycle_days": [None] * len(rows),
        },
        schema=TRACKER,
        strict=False,
    )


def cautions(measured: Baseline) -> list[str]:
    return [caution(each, EN) for each in measured.cautions]


def test_t09_last_months_numbers_give_next_months_leads() -> None:
    measured = baseline(months((200, 10, 50_000, 125_000)), n_months=1, lag_months=0)
    assert measured.close_rate.value == Fraction(5, 100)
    assert measured.average_deal.value == 5000
    assert measured.marketing_share.value == Fraction(40, 100)
    plan = lead_plan(measured.inputs(quota=Fraction(150_000)))
    assert plan.revenue_goal.value == 60_000
    assert plan.customers.value == 12
    assert plan.leads_needed == 240


def test_t10_ratios_are_pooled_and_never_averaged() -> None:
    measured = baseline(months((100, 10, 1, 1), (900, 27, 1, 1)), n_months=2, lag_months=0)
    assert measured.close_rate.value == Fraction(37, 1000)
    assert round(1 / float(measured.close_rate.value) * 37) == 1000  # the mean of ratios would ask for 569 leads


def test_t11_customers_are_measured_against_the_leads_they_came_from() -> None:
    table = months((200, 0, 0, 0), (300, 0, 0, 0), (400, 10, 1, 1))
    assert baseline(table, n_months=1, lag_months=2).close_rate.value == Fraction(50, 1000)
    assert baseline(table, n_months=1, lag_months=0).close_rate.value == Fraction(25, 1000)
    assert baseline(table, n_months=1, lag_months=2).lead_months == (date(2026, 1, 1),)


def test_t12_a_window_longer_than_the_data_uses_what_is_there_and_says_so() -> None:
    measured = baseline(months(*[(100, 10, 500, 1000)] * 4), n_months=6, lag_months=0)
    assert len(measured.months) == 4
    assert measured.close_rate.value == Fraction(1, 10)
    assert "The window asked for has 6 months; the data have 4, so the numbers rest on 4." in cautions(measured)


def test_t12_without_leads_or_deals_there_is_no_ratio_but_a_reason() -> None:
    no_leads = baseline(months((0, 0, 0, 0)), n_months=1, lag_months=0)
    assert no_leads.close_rate.lack and why(no_leads.close_rate.lack, EN) == (
        "There are no leads, so nothing can be divided by them."
    )
    no_deals = baseline(months((100, 0, 0, 0)), n_months=1, lag_months=0)
    assert no_deals.close_rate.lack and why(no_deals.close_rate.lack, EN) == "There are no customers yet."
    assert no_deals.average_deal.value is None
    assert no_deals.marketing_share.value is None
    assert lead_plan(no_deals.inputs(Fraction(1000))).leads_needed is None


def test_a_lag_longer_than_the_data_says_how_many_months_are_left() -> None:
    measured = baseline(months(*[(100, 10, 500, 1000)] * 4), n_months=4, lag_months=3)
    assert len(measured.lead_months) == 1
    assert (measured.n_paired, measured.n_leads) == (10, 100)
    assert "The lag in months is 3; months with leads so far back: 1 of 4. The close rate rests on those." in cautions(
        measured
    )


def test_few_customers_are_flagged_with_the_interval_they_leave_open() -> None:
    measured = baseline(months((100, 3, 500, 1000)), n_months=1, lag_months=0)
    assert [text.replace("\u00a0", " ") for text in cautions(measured)] == [
        "Few customers (3) are behind these numbers; one more or less changes them much.",
        "The close rate may be anything from 1.0 % to 8.5 % (95 % confidence).",
    ]


def test_more_customers_than_leads_is_flagged() -> None:
    measured = baseline(months((5, 20, 500, 1000)), n_months=1, lag_months=0)
    assert measured.close_interval is None
    assert "There are more customers (20) than leads (5): leads are missing, or the lag is wrong." in cautions(measured)


def test_leads_that_are_too_young_to_have_bought_are_flagged() -> None:
    created = np.arange(100, dtype=np.int64) * US_PER_DAY
    won = np.where(np.arange(100) % 2 == 0, created + 60 * US_PER_DAY, np.iinfo(np.int64).max)
    lag = kaplan_meier(lag_counts(created, won, 400 * US_PER_DAY))
    measured = baseline(months(*[(100, 10, 500, 1000)] * 4), n_months=4, lag_months=0)
    assert with_maturity(measured, lag, now_on=date(2026, 12, 1)).matured_ratio == 1
    young = with_maturity(measured, lag, now_on=date(2026, 5, 1))
    assert cautions(young)[-1].replace("\u00a0", " ") == (
        "Of the customers that the leads of April 2026 will bring, 0.0 % are won by now; the close rate may still move."
    )
