"""The slow twin of business time: one instant at a time, straight from the definition.

An instant is open iff the local clock then shows a time inside a window of the date it shows. The twin walks from
one change of anything to the next and adds up; it knows no table, no running total and no list of transitions.
Instants are microseconds UTC, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.zones import zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAIVE = datetime(1970, 1, 1)
ONE_US = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 1440 * MINUTE
Pauses = list[tuple[int, int]]


def reading(name: str, at: int) -> int:
    """What the clock of a zone shows, in microseconds since 1970 on that clock."""
    local = (EPOCH + at * ONE_US).astimezone(zone(name))
    return (local.replace(tzinfo=None) - NAIVE) // ONE_US


def windows(calendar: Calendar, on: date) -> tuple[Window, ...]:
    """The windows of a date: its exception, else none on a holiday, else those of its weekday."""
    for hours in calendar.exceptions:
        if hours.on == on:
            return hours.windows
    holidays = calendar.holidays
    closed = on in holidays.dates and on not in holidays.open_on
    return () if closed else calendar.week[on.weekday()]


def stretches(calendar: Calendar, shown: int) -> list[tuple[int, int, int]]:
    """(opens, closes, day) on the local clock of every window that could matter to a reading."""
    today = shown // DAY
    found = []
    for day in (today - 2, today - 1, today, today + 1):
        for window in windows(calendar, date(1970, 1, 1) + timedelta(days=day)):
            closes = window.closes if window.closes > window.opens else window.closes + 1440
            found.append((day * DAY + window.opens * MINUTE, day * DAY + closes * MINUTE, day))
    return found


def days_open(calendar: Calendar, at: int) -> list[int]:
    """The days whose windows are open at an instant; none when it is closed."""
    shown = reading(calendar.zone, at)
    return [day for opens, closes, day in stretches(calendar, shown) if opens <= shown < closes]


def walk(calendar: Calendar, start: int, stop: int) -> Iterator[tuple[int, int, list[int]]]:
    """Consecutive pieces of `[start, stop)` in which nothing changes: (begin, end, days that are open)."""
    while start < stop:
        shown = reading(calendar.zone, start)
        edges = [edge for opens, closes, _ in stretches(calendar, shown) for edge in (opens, closes) if edge > shown]
        until = min(start + min([*edges, (shown // DAY + 1) * DAY]) - shown, stop)
        until = shift_within(calendar.zone, start, until)
        yield start, until, days_open(calendar, start)
        start = until


def shift_within(name: str, start: int, stop: int) -> int:
    """The first instant after `start` at which the clock is put forward or back, at most `stop`."""
    shift = reading(name, start) - start
    low = start
    while low < stop:
        high = min(low + 15 * MINUTE, stop)
        if reading(name, high) - high != shift:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if reading(name, middle) - middle == shift else (low, middle)
            return high
        low = high
    return stop


def running(calendar: Calendar, start: int, stop: int, pauses: Pauses) -> Iterator[tuple[int, int]]:
    """The open pieces of `[start, stop)` outside every pause."""
    edges = sorted({edge for pause in pauses for edge in pause if start < edge < stop} | {start, stop})
    for low, high in pairwise(edges):
        if not any(begin <= low < end for begin, end in pauses):
            yield from ((begin, end) for begin, end, days in walk(calendar, low, high) if days)


def elapsed(calendar: Calendar, start: int, stop: int, pauses: Pauses | None = None) -> int:
    return sum(end - begin for begin, end in running(calendar, start, stop, pauses or []))


def due(calendar: Calendar, start: int, amount: int, pauses: Pauses | None = None, horizon: int = 400) -> int:
    """The earliest instant by which `amount` has run, looked for on `horizon` days."""
    if amount <= 0:
        return start
    for begin, end in running(calendar, start, start + horizon * DAY, pauses or []):
        if end - begin >= amount:
            return begin + amount
        amount -= end - begin
    raise LookupError("not due within the horizon")


def next_open(calendar: Calendar, at: int, horizon: int = 400) -> int:
    return next(begin for begin, _ in running(calendar, at, at + horizon * DAY, []))


def reminder(calendar: Calendar, start: int, due_at: int, offset: int) -> int:
    """The latest instant of `[start, due_at]` with `offset` of open time left: walks the pieces backwards."""
    if offset <= 0:
        return due_at
    for begin, end, days in reversed(list(walk(calendar, start, due_at))):
        length = end - begin if days else 0
        if length >= offset:
            return end - offset
        offset -= length
    return start


def local_day(name: str, at: int) -> int:
    """The latest date shown so far: a clock put back over midnight does not go back to yesterday."""
    return max(reading(name, at - back * 30_000_000) for back in range(6 * 120)) // DAY


def business_day_end(calendar: Calendar, start: int, n: int, horizon: int = 400) -> int:
    """The end of the last open piece of the N-th date, after the local date of `start`, that opens at all."""
    today = local_day(calendar.zone, start)
    closings: dict[int, int] = {}
    for _, end, days in walk(calendar, start, start + horizon * DAY):
        for day in days:
            if day > today:
                closings[day] = end
        if len(closings) > n + 3:
            break
    return closings[sorted(closings)[n - 1]]


def rolled_days(calendar: Calendar, start: int, n: int) -> int:
    """The same reading N days later, or the first one after it, then the next open instant."""
    aim = reading(calendar.zone, start) + n * DAY
    at = start + n * DAY - 30 * 60 * MINUTE
    while reading(calendar.zone, at) < aim:
        step = DAY
        while step > 1 and reading(calendar.zone, at + step) >= aim:
            step //= 2
        at += step
    return next_open(calendar, at)
