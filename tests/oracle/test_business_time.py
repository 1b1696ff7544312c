"""The tables agree with the slow twin on any calendar, zone and instant, and obey the laws of business time.

SMARKETING_EXAMPLES sets how many calendars are tried (nightly runs: thousands).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle import business_time_twin as twin

from smarketing.engine.business_time import Pauses, Tables, compile_tables
from smarketing.engine.local import LocalDays
from smarketing.engine.one_lead import one_calendar
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.offsets import day_start, offsets
from smarketing.terms.zones import zone_names

S, H, D = 1_000_000, 3_600_000_000, 86_400_000_000
FROM, UNTIL = 0, 130 * 365 * D  # 1970 to 2099
EXAMPLES = int(os.environ.get("SMARKETING_EXAMPLES", "60"))

# Half and quarter hours, two-hour and negative saving time, skipped days, midnights that come twice or never,
# offsets with seconds, Ramadan: whatever has broken a calendar before.
ODD_ZONES = (
    *("Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu"),
    *("Pacific/Fakaofo", "Pacific/Apia", "America/Sao_Paulo", "Africa/Monrovia", "Europe/Dublin", "Asia/Gaza"),
    *("Antarctica/Troll", "Asia/Jerusalem", "Africa/Cairo", "America/Havana", "Atlantic/Azores", "Asia/Tehran"),
    *("Europe/Madrid", "America/New_York", "Pacific/Kwajalein", "America/Nuuk", "Asia/Pyongyang", "UTC"),
    *("America/Caracas", "Antarctica/Casey"),
)

agree: Callable[..., object] = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Setting(NamedTuple):
    """Two calendars in one table, and instants near a moment at which the second one's clock changes."""

    tables: Tables
    calendar: Calendar
    instants: list[int]


def windows() -> st.SearchStrategy[Window]:
    minute = st.integers(0, 1440)
    whole_day, small_hours = st.just(Window(opens=0, closes=1440)), st.integers(1, 240)
    return st.one_of(
        whole_day,
        st.builds(Window, opens=st.integers(0, 120), closes=small_hours),
        st.builds(Window, opens=minute, closes=minute),
    )


def days_windows(most: int) -> st.SearchStrategy[tuple[Window, ...]]:
    return st.lists(windows(), max_size=most).map(tuple)


@st.composite
def calendars(draw: st.DrawFn, zone: str, near: int) -> Calendar:
    days = st.integers(-5, 9).map(lambda n: date(1970, 1, 1) + timedelta(days=near // D + n))
    week = [draw(days_windows(2)) for _ in range(7)]
    week[2] = week[2] or (Window(opens=60, closes=180),)
    exceptions = draw(st.dictionaries(days, days_windows(2), max_size=2))
    return Calendar(
        id="drawn",
        zone=zone,
        week=tuple(week),
        holidays=Holidays(
            dates=tuple(draw(st.lists(days, max_size=2))), open_on=tuple(draw(st.lists(days, max_size=1)))
        ),
        exceptions=tuple(DayHours(on=on, windows=hours) for on, hours in exceptions.items()),
    )


@st.composite
def moments(draw: st.DrawFn, zone: str) -> int:
    """An instant at which the zone's clock changes, or any other one."""
    changes = [at for at in offsets(zone).starts if FROM < at < UNTIL]
    anywhere = st.integers(FROM, UNTIL)
    return draw(st.one_of(st.sampled_from(changes), anywhere) if changes else anywhere)


@st.composite
def settings_of(draw: st.DrawFn, n: int = 3) -> Setting:
    zone = draw(st.one_of(st.sampled_from(ODD_ZONES), st.sampled_from(sorted(zone_names()))))
    near = draw(moments(zone))
    calendar = draw(calendars(zone, near))
    other = draw(calendars(draw(st.sampled_from(ODD_ZONES)), near))
    away = st.one_of(st.integers(-3 * H, 3 * H), st.integers(-12, 36).map(lambda n: n * H), st.integers(-D, 4 * D))
    instants = sorted(near + draw(away) for _ in range(n))
    return Setting(compile_tables([other, calendar], near - 10 * D, near + 10 * D), calendar, instants)


def column(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


@agree
@given(settings_of(2), st.floats(0, 1))
def test_elapsed_and_due(setting: Setting, share: float) -> None:
    tables, calendar, (start, stop) = setting
    elapsed = twin.elapsed(calendar, start, stop)
    alone = one_calendar(calendar, start, stop)
    assert tables.elapsed(1, column(start), column(stop))[0] == alone.elapsed(start, stop) == elapsed
    amount = int(share * twin.elapsed(calendar, start, start + 8 * D))
    due = twin.due(calendar, start, amount)
    assert tables.due(column(1), column(start), amount)[0] == alone.due(start, amount) == due


@agree
@given(settings_of(6), st.floats(0, 1))
def test_pauses(setting: Setting, share: float) -> None:
    tables, calendar, (a, start, c, d, stop, f) = setting
    pauses = [(c, stop), (a, d), (f, c), (d, f)]
    table = Pauses.of([pauses])
    elapsed = twin.elapsed(calendar, start, stop, pauses)
    assert tables.elapsed_paused(1, column(start), column(stop), table)[0] == elapsed
    amount = int(share * twin.elapsed(calendar, start, start + 14 * D, pauses))
    assert tables.due_paused(1, column(start), amount, table)[0] == twin.due(calendar, start, amount, pauses)


@agree
@given(settings_of(1), st.floats(0, 1), st.floats(0, 1))
def test_reminders_and_openings(setting: Setting, share: float, left: float) -> None:
    tables, calendar, (start,) = setting
    amount = int(share * twin.elapsed(calendar, start, start + 8 * D))
    due, offset = twin.due(calendar, start, amount), int(left * amount)
    assert tables.reminder(1, column(start), column(due), offset)[0] == twin.reminder(calendar, start, due, offset)
    assert tables.next_open(1, column(start))[0] == twin.next_open(calendar, start)


@agree
@given(settings_of(1), st.integers(1, 4))
def test_days(setting: Setting, n: int) -> None:
    tables, calendar, (start,) = setting
    assert tables.business_day_end(1, column(start), n)[0] == twin.business_day_end(calendar, start, n)
    assert tables.rolled_days(1, column(start), n)[0] == twin.rolled_days(calendar, start, n)
    days = LocalDays(calendar.zone, start - D, start + D)
    assert days.day_of(column(start))[0] == twin.local_day(calendar.zone, start)


@agree
@given(settings_of(3))
def test_time_adds_up_and_never_runs_backwards(setting: Setting) -> None:
    tables, _, (a, b, c) = setting
    parts = tables.elapsed(1, column(a, b, a), column(b, c, c))
    assert parts[0] + parts[1] == parts[2]
    assert 0 <= parts[2] <= c - a
    assert np.all(np.diff(tables.position(1, column(a, b, c))) >= 0)


@agree
@given(settings_of(1), st.integers(1, 60 * H))
def test_a_due_instant_is_the_first_that_uses_up_the_allowance(setting: Setting, amount: int) -> None:
    tables, _, (start,) = setting
    due = tables.due(1, column(start), amount)
    longer = compile_tables(tables.calendars, start, int(due[0]) + 1)
    assert longer.elapsed(1, column(start), due)[0] == amount
    assert longer.elapsed(1, column(start), due - 1)[0] == amount - 1


@agree
@given(settings_of(2))
def test_segments_are_the_elapsed_time(setting: Setting) -> None:
    tables, calendar, (start, stop) = setting
    starts, ends = tables.segments(1, start, stop)
    pieces = [(begin, end) for begin, end in twin.running(calendar, start, stop, [])]
    assert (ends - starts).sum() == sum(end - begin for begin, end in pieces)
    assert all(
        any(begin <= low and high <= end for begin, end in zip(starts, ends, strict=True)) for low, high in pieces
    )
    assert np.all(starts[1:] > ends[:-1])


@agree
@given(st.sampled_from(sorted(zone_names())), st.data())
def test_local_days_part_all_time_between_them(zone: str, data: st.DataObject) -> None:
    at = data.draw(moments(zone)) + data.draw(st.integers(-2 * D, 2 * D))
    day = int(LocalDays(zone, at, at + 1).day_of(column(at))[0])
    on = date(1970, 1, 1) + timedelta(days=day)
    assert day_start(zone, on) <= at < day_start(zone, on + timedelta(days=1))


@agree
@given(settings_of(4), st.permutations(range(8)))
def test_rows_know_nothing_of_each_other(setting: Setting, order: list[int]) -> None:
    tables, _, instants = setting
    start, which = column(*instants, *instants), np.array([0, 1, 2, 0, 1, 2, 0, 1], np.int8)
    whole = tables.due(which, start, 5 * H)
    alone = [tables.due(int(one), column(int(at)), 5 * H)[0] for one, at in zip(which, start, strict=True)]
    assert np.array_equal(whole, alone)
    assert np.array_equal(tables.due(which[order], start[order], 5 * H), whole[order])
