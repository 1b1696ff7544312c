"""The morning of a reader: once on each working day, at the local time, also where the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.builders import a_calendar

from smarketing.alerts.working_days import is_open, is_working_day, morning, working_day_before
from smarketing.terms.calendar import Holidays

MADRID = a_calendar(zone="Europe/Madrid", holidays=Holidays(dates=(date(2026, 3, 30),)))
ALWAYS = a_calendar(hours="mon-sun 00:00-24:00", zone="Europe/Madrid")
HALF_PAST_EIGHT, HALF_PAST_TWO = time(8, 30), time(2, 30)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ("2026-03-27 07:29:59", None),  # Friday in winter
        ("2026-03-27 07:30:00", "2026-03-27"),
        ("2026-03-28 07:30:00", None),  # Saturday
        ("2026-03-30 06:30:00", None),  # a holiday
        ("2026-03-31 06:29:59", None),
        ("2026-03-31 06:30:00", "2026-03-31"),  # summer time since Sunday
    ],
)
def test_due_at_half_past_eight_where_the_reader_is(now: str, on: str | None) -> None:
    found = morning(MADRID, "Europe/Madrid", HALF_PAST_EIGHT, utc(now))
    assert found == (date.fromisoformat(on) if on else None)


def test_a_reader_elsewhere_has_their_own_morning() -> None:
    assert morning(MADRID, "America/New_York", HALF_PAST_EIGHT, utc("2026-03-27 12:29")) is None
    assert morning(MADRID, "America/New_York", HALF_PAST_EIGHT, utc("2026-03-27 12:30")) == date(2026, 3, 27)


def test_found_late_it_waits_for_an_open_hour_of_the_same_day() -> None:
    assert morning(MADRID, "Europe/Madrid", HALF_PAST_EIGHT, utc("2026-03-27 12:00")) == date(2026, 3, 27)
    assert morning(MADRID, "Europe/Madrid", HALF_PAST_EIGHT, utc("2026-03-27 20:00")) is None


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_d19_e20_half_past_two_comes_once_in_a_night_that_lacks_or_doubles_it(day: str) -> None:
    """D-19, E-20: asked every minute of the day, the message is due from one instant on and of one day only."""
    start = utc(f"{day} 00:00") - timedelta(hours=2)
    asked = [start + timedelta(minutes=n) for n in range(26 * 60)]
    found = [(now, on) for now in asked if (on := morning(ALWAYS, "Europe/Madrid", HALF_PAST_TWO, now))]
    of_day = [now for now, on in found if on == date.fromisoformat(day)]
    first = {"2026-03-29": "01:30", "2026-10-25": "00:30"}[day]  # 03:30 CEST; the first 02:30, CEST
    assert of_day[0] == utc(f"{day} {first}")
    assert of_day == [
        now for now in asked if now >= of_day[0] and now < utc(f"{day} 22:00" if "03" in day else f"{day} 23:00")
    ]


def test_the_working_day_before() -> None:
    assert working_day_before(MADRID, date(2026, 3, 31)) == date(2026, 3, 27)
    assert working_day_before(MADRID, date(2026, 3, 27)) == date(2026, 3, 26)
    assert not is_working_day(MADRID, date(2026, 3, 30))
    assert is_open(MADRID, utc("2026-03-27 08:00"))
    assert not is_open(MADRID, utc("2026-03-27 07:59"))


def test_a_calendar_that_rests_for_months_still_has_a_day_before() -> None:
    closed = a_calendar(
        hours="mon 09:00-10:00",
        holidays=Holidays(dates=tuple(date(2026, 1, 5) + timedelta(days=7 * n) for n in range(10))),
    )
    assert working_day_before(closed, date(2026, 3, 15)) == date(2026, 3, 14)
