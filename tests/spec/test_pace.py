"""The goal line, the gap to it and what is still needed: T16–T19 of the worked examples."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.builders import a_calendar, a_commitment, a_history, an_agreement
from tests.scoring import a_card, the_line

from smarketing.scorecard.pace import Goal, burn_rate, counting_days, goal_line, pace
from smarketing.terms.calendar import DayHours, Holidays
from smarketing.terms.commitment import Pacing
from smarketing.terms.period import Period, read_period

WORKING = Pacing.WORKING_DAYS


def every_day(period: Period, target: float) -> Goal:
    return Goal(period, target, np.ones(period.n_days, np.bool_))


def working_days(period: Period, target: float) -> Goal:
    return Goal(period, target, counting_days(WORKING, a_calendar(), period.days))


def test_t16_forty_leads_on_day_ten_of_a_goal_of_140() -> None:
    june = every_day(read_period("2024-06"), 140)
    found = pace(june.line, june.counting, 40, 10, Pacing.CALENDAR_DAYS)
    assert found.per_day == pytest.approx(4.667, abs=5e-4)
    assert found.line == pytest.approx(46.67, abs=5e-3)
    assert found.gap == pytest.approx(-6.67, abs=5e-3)
    assert found.share_of_line == pytest.approx(0.857, abs=5e-4)
    assert found.required_per_day == 5.0
    assert found.projected_end == pytest.approx(120)


@pytest.mark.parametrize(("month", "per_day"), [("2024-05", 4.516), ("2024-06", 4.667)])
def test_t17_a_longer_month_asks_for_less_a_day_and_ends_exactly_at_the_target(month: str, per_day: float) -> None:
    goal = every_day(read_period(month), 140)
    assert pace(goal.line, goal.counting, 0, 1, Pacing.CALENDAR_DAYS).per_day == pytest.approx(per_day, abs=5e-4)
    assert goal.line[-1] == 140


def test_t17_on_22_working_days() -> None:
    september = working_days(read_period("2026-09"), 140)
    assert september.counting.sum() == 22
    found = pace(september.line, september.counting, 0, 1, WORKING)
    assert found.per_day == pytest.approx(6.364, abs=5e-4)
    assert september.line[-1] == 140


def test_t18_working_days_of_may_2018() -> None:
    may = working_days(read_period("2018-05"), 10_000)
    found = pace(may.line, may.counting, None, 29, WORKING)
    assert (found.n_days_passed, found.n_days) == (21, 23)
    assert found.line == pytest.approx(9_130.43, abs=5e-3)


def test_t19_six_of_ten_allowed_misses_by_working_day_five() -> None:
    assert burn_rate(6, 10, 5, 22) == pytest.approx(2.64, abs=5e-3)


def test_no_allowance_and_no_day_burn_nothing() -> None:
    assert burn_rate(6, 0, 5, 22) is None
    assert burn_rate(0, 10, 0, 22) is None


@pytest.mark.parametrize("target", [1, 7, 140, 0.1, 99_999.99])
def test_the_last_point_is_exactly_the_target(target: float) -> None:
    for month in ("2024-02", "2024-05", "2025-02"):
        assert every_day(read_period(month), target).line[-1] == target
        assert working_days(read_period(month), target).line[-1] == target


def test_the_line_stands_still_on_weekends_holidays_and_days_made_closed() -> None:
    calendar = a_calendar(
        holidays=Holidays(dates=(date(2024, 5, 1),)),
        exceptions=(
            DayHours(on=date(2024, 5, 2), windows=()),
            DayHours(on=date(2024, 5, 4), windows=a_calendar().week[0]),
        ),
    )
    days = tuple(date(2024, 5, 1) + timedelta(days=n) for n in range(7))
    assert counting_days(WORKING, calendar, days).tolist() == [False, False, True, True, False, True, True]
    assert counting_days(Pacing.CALENDAR_DAYS, calendar, days).all()


def test_a_week_of_a_monthly_promise_owes_its_days() -> None:
    may = every_day(read_period("2024-05"), 310)
    assert goal_line([may], read_period("2024-W20"))[-1] == pytest.approx(70)


@pytest.mark.parametrize("week", ["2023-W06", "2023-W07", "2023-W08"])
def test_a_week_that_owes_exactly_one_lead_is_kept_by_one(week: str) -> None:
    """Four leads in the 28 days of February 2023; sevenths of a lead a day must not add up to a hair more than one."""
    monday = read_period(week).from_on
    past = a_history(leads=[{"lead": "ana", "created_at": f"{monday} 10:00"}])
    line = the_line(a_card(past, an_agreement(a_commitment("lead_volume", "4 leads")), period=week))
    assert (line.target_value, line.is_target_met) == (1, True)
    assert line.pace and line.pace.gap == 0


def test_a_quarter_of_a_monthly_promise_owes_three_targets() -> None:
    goals = [every_day(read_period(month), 140) for month in ("2024-04", "2024-05", "2024-06")]
    line = goal_line(goals, read_period("2024-Q2"))
    assert (line[29], line[60], line[-1]) == (140, 280, 420)


def test_days_without_a_goal_have_no_line() -> None:
    line = goal_line([every_day(read_period("2024-05"), 31)], read_period("2024-04..2024-05"))
    assert np.isnan(line[:30]).all()
    assert line[-1] == 31


@pytest.mark.parametrize(
    ("n_passed", "line", "share", "required", "projected", "why"),
    [
        (0, 0, None, 5, None, "The period has not begun."),
        (1, 0, None, 5, None, "No counting day has begun yet."),
        (30, 200, 0.5, None, 100, "No counting day is left."),
    ],
)
def test_nothing_divides_by_nothing(
    n_passed: int, line: float, share: float | None, required: float | None, projected: float | None, why: str
) -> None:
    june = working_days(read_period("2024-06"), 200)  # begins on a Saturday, has twenty working days
    found = pace(june.line, june.counting, 100, n_passed, WORKING)
    assert (found.line, found.share_of_line, found.why) == (line, share, why)
    assert (found.required_per_day, found.projected_end) == (required, projected)


def test_once_the_goal_is_reached_nothing_more_is_required() -> None:
    june = every_day(read_period("2024-06"), 140)
    assert pace(june.line, june.counting, 150, 10, Pacing.CALENDAR_DAYS).required_per_day == 0


def test_a_period_without_a_working_day_has_no_goal() -> None:
    weekend = Goal(read_period("2024-06-01..2024-06-02"), 5, np.zeros(2, np.bool_))
    found = pace(weekend.line, weekend.counting, 1, 1, WORKING)
    assert (found.goal, found.per_day, found.why) == (None, None, "No day of this period counts.")


def test_the_card_draws_the_line_day_by_day() -> None:
    past = a_history(leads=[{"lead": f"l{n}", "created_at": f"2024-06-{1 + n // 4:02} 12:00"} for n in range(40)])
    volume = a_commitment("lead_volume", "140 leads", id="volume", party="marketing")
    card = a_card(past, an_agreement(volume), period="2024-06", now="2024-06-10 18:00")
    line = the_line(card, "volume")
    assert line.pace is not None
    assert (line.actual, line.pace.line, line.word) == (40, pytest.approx(46.67, abs=5e-3), "behind")
    assert [day.cumulative for day in line.days[8:12]] == [36, 40, None, None]
    assert line.days[-1].goal == 140
    assert (line.n_running, line.attainment, line.is_target_met) == (1, None, None)
