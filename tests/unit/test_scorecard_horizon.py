"""Which periods a card looks at."""

from __future__ import annotations

import numpy as np
import pytest
from tests.builders import instant

from smarketing.scorecard.horizon import Horizon, each_day, edges, weeks
from smarketing.terms.period import Grain, day_number, read_period


def horizon(period: str, now: str = "2024-05-10 12:00", zone: str = "UTC") -> Horizon:
    return Horizon(read_period(period), zone, instant(now))


def test_the_trend_is_twelve_periods_of_the_same_length_the_cards_own_last() -> None:
    labels = [period.label for period in horizon("2024-05").trend]
    assert (len(labels), labels[0], labels[-1]) == (12, "2023-06", "2024-05")
    assert horizon("2024-01..2024-03").trend[-2].label == "2023-10..2023-12"


@pytest.mark.parametrize(
    ("card", "grain", "own"),
    [
        ("2024-05", Grain.MONTH, ["2024-05"]),
        ("2024-Q2", Grain.MONTH, ["2024-04", "2024-05", "2024-06"]),
        ("2024-05", Grain.WEEK, ["2024-W19", "2024-W20", "2024-W21", "2024-W22"]),
        ("2024-W18", Grain.MONTH, ["2024-W18"]),  # it has the first of May, but no whole month
        ("2024-05", Grain.YEAR, ["2024-05"]),
    ],
)
def test_a_cards_own_periods_of_a_promise_begin_in_it(card: str, grain: Grain, own: list[str]) -> None:
    assert [period.label for period in horizon(card).own(grain)] == own


@pytest.mark.parametrize(
    ("card", "grain", "latest"),
    [("2024-05", Grain.MONTH, "2024-05"), ("2024-W18", Grain.MONTH, "2024-04"), ("2024-05", Grain.WEEK, "2024-W21")],
)
def test_strikes_are_counted_on_periods_that_end_with_the_card(card: str, grain: Grain, latest: str) -> None:
    found = horizon(card).decided(grain)
    assert (len(found), found[-1].label) == (12, latest)


def test_the_window_holds_every_day_that_is_asked_for() -> None:
    found = horizon("2024-05").window([Grain.WEEK, Grain.YEAR])
    first, end = found.dates
    assert (first.isoformat(), end.isoformat()) == ("2012-01-01", "2024-06-03")
    assert found.rows(np.array([day_number(first)], np.int32)) == slice(None)


@pytest.mark.parametrize(
    ("now", "n_passed"),
    [
        ("2024-04-30 12:00", 0),
        ("2024-05-01 00:00", 0),
        ("2024-05-01 00:01", 1),
        ("2024-05-10 23:00", 10),
        ("2024-05-11 00:00", 10),
        ("2024-06-01 00:00", 31),
        ("2025-01-01 00:00", 31),
    ],
)
def test_today_has_begun_and_midnight_belongs_to_its_eve(now: str, n_passed: int) -> None:
    found = horizon("2024-05", now)
    assert found.n_passed(found.period) == n_passed


def test_the_day_is_that_of_the_agreements_zone() -> None:
    found = horizon("2024-05", "2024-05-09 22:30", zone="Europe/Madrid")
    assert found.span.n_days_passed == 10
    assert found.span.starts_at.isoformat() == "2024-04-30T22:00:00+00:00"


def test_weeks_are_cut_at_the_edges_of_the_period() -> None:
    may = read_period("2024-05")
    assert [period.n_days for period in weeks(may, "monday")] == [5, 7, 7, 7, 5]
    assert [period.n_days for period in weeks(may, "sunday")] == [4, 7, 7, 7, 6]


def test_edges_count_from_the_first_day_of_the_window() -> None:
    found = horizon("2024-05")
    assert edges(each_day(found.period), found.near).tolist() == list(range(32))
