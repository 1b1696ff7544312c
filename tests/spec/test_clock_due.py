"""When a promise falls due: business hours, nights, weekends, holidays, lunch and daylight saving."""

from __future__ import annotations

import pytest
from tests.spec.clock_words import K2, K3, due, office

NINE_TO_NINE = "mon-sun 09:00-21:00"


def test_t20_an_hour_promised_on_friday_evening_is_used_up_on_monday_morning() -> None:
    assert due("Fri 12 Jun 16:30", "1 business hour", office()) == "Mon 15 Jun 09:30"


@pytest.mark.parametrize(
    ("handed_over", "expected"),
    [("Wed 10 Jun 07:00", "Wed 10 Jun 11:00"), ("Wed 10 Jun 10:00", "Wed 10 Jun 12:00")],
)
def test_t21_before_opening_the_clock_waits_for_the_door(handed_over: str, expected: str) -> None:
    assert due(handed_over, "2 business hours", office()) == expected


@pytest.mark.parametrize(
    "handed_over", ["Sat 13 Jun 08:00", "Sat 13 Jun 12:00", "Sat 13 Jun 18:00", "Sun 14 Jun 23:00", "Fri 12 Jun 18:00"]
)
def test_t22_every_lead_of_the_weekend_is_due_at_the_same_time(handed_over: str) -> None:
    assert due(handed_over, "1 business hour", office()) == "Mon 15 Jun 10:00"


def test_t24_four_hours_from_four_o_clock_end_at_noon() -> None:
    assert due("Wed 10 Jun 16:00", "4 business hours", office()) == "Thu 11 Jun 12:00"


def test_t25_longer_office_hours_take_the_rest_to_monday_too() -> None:
    assert due("Fri 12 Jun 17:00", "4 business hours", office(K2)) == "Mon 15 Jun 11:00"


def test_t26_a_holiday_stops_the_clock() -> None:
    friday_off = office(closed=["2026-06-12"])
    assert due("Thu 11 Jun 15:00", "4 business hours", friday_off) == "Mon 15 Jun 11:00"


def test_t27_two_holidays_inside_one_promise_are_skipped_once_each() -> None:
    daily = office(NINE_TO_NINE, closed=["2016-11-11", "2016-11-13"])
    assert due("2016-11-09 23:00", "48 business hours", daily) == "Tue 15 Nov 2016 21:00"


@pytest.mark.parametrize(
    ("handed_over", "expected"),
    [("Tue 9 Jun 11:30", "Tue 9 Jun 14:00"), ("Tue 9 Jun 12:30", "Tue 9 Jun 14:30")],
)
def test_t28_lunch_does_not_count(handed_over: str, expected: str) -> None:
    assert due(handed_over, "1 business hour", office(K3)) == expected


@pytest.mark.parametrize(
    ("handed_over", "allowance", "expected"),
    [
        ("Fri 8 May 16:00", "4 business hours", "Mon 11 May 12:00"),
        ("Mon 11 May 05:00", "2 business hours", "Mon 11 May 11:00"),
        ("Mon 11 May 19:00", "1 business hour", "Tue 12 May 10:00"),
        ("Sat 9 May 10:00", "2 business hours", "Mon 11 May 11:00"),
        ("Mon 11 May 09:00", "24 business hours", "Wed 13 May 17:00"),
    ],
)
def test_t30_a_week_in_may(handed_over: str, allowance: str, expected: str) -> None:
    assert due(handed_over, allowance, office()) == expected


def test_t30_a_holiday_on_the_day_itself() -> None:
    assert due("Mon 11 May 10:00", "4 business hours", office(closed=["2026-05-11"])) == "Tue 12 May 13:00"


@pytest.mark.parametrize(
    ("midnight", "expected"),
    [("Sun 29 Mar 00:00", "Sun 29 Mar 05:00"), ("Sun 25 Oct 00:00", "Sun 25 Oct 03:00")],
)
def test_t33_hours_are_real_hours_when_the_clocks_change(midnight: str, expected: str) -> None:
    always = office("mon-sun 00:00-24:00", where="Europe/Madrid")
    assert due(midnight, "4 business hours", always) == expected


@pytest.mark.parametrize(
    ("handed_over", "allowance", "expected"),
    [
        ("Fri 12 Jun 10:00", "3 rolled days", "Mon 15 Jun 10:00"),
        ("Thu 11 Jun 10:00", "2 rolled days", "Mon 15 Jun 09:00"),
    ],
)
def test_t34_rolled_days_count_the_weekend_and_then_wait_for_the_door(
    handed_over: str, allowance: str, expected: str
) -> None:
    assert due(handed_over, allowance, office()) == expected


@pytest.mark.parametrize(
    ("handed_over", "expected"),
    [
        ("Fri 12 Jun 19:00", "Mon 15 Jun 18:00"),
        ("Sat 13 Jun 11:00", "Mon 15 Jun 18:00"),
        ("Mon 15 Jun 10:00", "Tue 16 Jun 18:00"),
    ],
)
def test_t35_one_business_day_ends_when_the_next_working_day_closes(handed_over: str, expected: str) -> None:
    assert due(handed_over, "1 business day", office(K2)) == expected


def test_t35_short_days_close_early() -> None:
    short = office("mon-wed 09:00-17:00, thu 09:00-12:00, fri 09:00-15:00")
    assert due("Wed 10 Jun 16:00", "1 business day", short) == "Thu 11 Jun 12:00"
    assert due("Wed 10 Jun 16:00", "2 business days", short) == "Fri 12 Jun 15:00"


def test_clock_hours_run_through_night_and_weekend() -> None:
    assert due("Fri 12 Jun 16:30", "48 clock hours", office()) == "Sun 14 Jun 16:30"
