"""A source is silent after twice its usual gap, counted in the hours in which it usually sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smarketing.ledger.silence import silence_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
OFFICE = [
    MONDAY + day * DAY + hour * HOUR for day in range(26) if (day % 7) < 5 for hour in range(9, 18)
]  # until Friday the 30th, 17:00


def test_nights_and_weekends_are_no_silence_of_a_source_that_keeps_office_hours() -> None:
    monday = MONDAY + 28 * DAY
    assert not silence_of(OFFICE, monday + 8 * HOUR).is_silent
    assert not silence_of(OFFICE, monday + 9 * HOUR + timedelta(minutes=59)).is_silent
    assert silence_of(OFFICE, monday + 11 * HOUR).is_silent


def test_a_source_that_sends_around_the_clock_is_silent_after_two_hours() -> None:
    always = [MONDAY + hour * HOUR for hour in range(24 * 14)]
    latest = always[-1]
    assert not silence_of(always, latest + HOUR + timedelta(minutes=59)).is_silent
    found = silence_of(always, latest + 2 * HOUR)
    assert (found.usual_gap_s, found.quiet_s, found.is_silent) == (3600, 7200, True)


def test_little_is_known_of_a_new_source_unless_somebody_says_it() -> None:
    hours = [MONDAY, MONDAY + HOUR]
    assert silence_of(hours, MONDAY + 9 * DAY).usual_gap_s is None
    assert not silence_of([], MONDAY).is_silent
    assert silence_of(hours, MONDAY + 7 * DAY + 4 * HOUR, usual_gap_s=3600).is_silent
