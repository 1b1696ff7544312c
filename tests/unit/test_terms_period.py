"""Periods: the label says which days, and the label of a period reads back as it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.terms.errors import TermsError
from smarketing.terms.period import Grain, Period, period_of, periods_between, read_period

days = st.dates(date(1901, 1, 1), date(2198, 12, 31))
week_starts = st.sampled_from(["monday", "sunday"])


@pytest.mark.parametrize(
    ("label", "from_on", "until_on"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-Q2", "2024-04-01", "2024-07-01"),
        ("2024-05", "2024-05-01", "2024-06-01"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
        ("2024-05-03", "2024-05-03", "2024-05-04"),
        ("2024-04-28/P1W", "2024-04-28", "2024-05-05"),
        ("2024-01..2024-03", "2024-01-01", "2024-04-01"),
        ("2024-05-03..2024-06", "2024-05-03", "2024-07-01"),
    ],
)
def test_a_label_names_its_days(label: str, from_on: str, until_on: str) -> None:
    period = read_period(label)
    assert (period.from_on.isoformat(), period.until_on.isoformat(), period.label) == (from_on, until_on, label)


@pytest.mark.parametrize(
    "text",
    [*("", "24", "2024-13", "2024-W54", "2025-W53", "2024-Q5", "2024-02-30", "1899", "2200", "2024-04-30/P1W"), "May"],
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(TermsError) as refused:
        read_period(text)
    assert "2024-W18" in refused.value.hint


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(TermsError, match="ends before it begins"):
        read_period("2024-03..2024-01")


@given(days, st.sampled_from(list(Grain)), week_starts)
def test_a_day_lies_in_its_period_which_reads_back(on: date, grain: Grain, week_starts_on: str) -> None:
    period = period_of(grain, on, week_starts_on=week_starts_on)
    assert on in period
    assert read_period(period.label) == period
    assert period.next().from_on == period.until_on
    assert period.next().previous() == period


@given(days, st.integers(1, 800), st.sampled_from(list(Grain)), week_starts)
def test_periods_follow_each_other_without_a_gap(on: date, n: int, grain: Grain, week_starts_on: str) -> None:
    until_on = date.fromordinal(min(on.toordinal() + n, date(2199, 1, 1).toordinal()))
    periods = periods_between(grain, on, until_on, week_starts_on=week_starts_on)
    assert on in periods[0]
    assert periods[-1].from_on < until_on <= periods[-1].until_on
    assert all(a.until_on == b.from_on for a, b in pairwise(periods))


def test_a_range_moves_by_its_own_length() -> None:
    quarter = read_period("2024-01..2024-03")
    assert str(quarter.next()) == "2024-04..2024-06"
    assert str(quarter.previous()) == "2023-10..2023-12"
    assert [str(piece) for piece in quarter.pieces()] == ["2024-01", "2024-02", "2024-03"]


def test_days_of_a_period() -> None:
    week = read_period("2024-W18")
    assert (week.n_days, week.days[0], week.days[-1]) == (7, date(2024, 4, 29), week.latest_on)


def test_bounds_follow_the_clock_of_the_zone() -> None:
    start, end = Period(Grain.DAY, "2026-03-29", date(2026, 3, 29), date(2026, 3, 30)).bounds("Europe/Madrid")
    assert (end - start) // 3_600_000_000 == 23
