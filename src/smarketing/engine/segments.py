"""Compiles one calendar to the stretches of UTC time it is open; daylight saving is settled here and nowhere else.

An instant is open iff the clock of the calendar's zone then shows a time inside a window of the date it shows.
So a doubled hour inside a window counts twice and a missing one not at all, and no further rule is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from smarketing.facts.local_clock import LocalClock, local_clock
from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.errors import TermsError
from smarketing.terms.holiday_dates import closed_dates
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, EARLIEST_YEAR, EPOCH_ORDINAL, LATEST_YEAR, US
from smarketing.terms.period import day_number

Micros = NDArray[np.int64]
Days = NDArray[np.int64]

MINUTE_US = 60 * US
LONGEST_WINDOW_US = 2 * DAY_US
UNSURE_US = 4 * DAY_US  # a day this near the end of the range may have windows beyond it


@dataclass(frozen=True, slots=True)
class Segments:
    """A calendar between two years: open in every `[starts[i], ends[i])`, which neither touch nor overlap.

    One entry of `day_starts` and `closings` per working day: the instant its local date begins, and the end of the
    last open instant that belongs to a window of that date (on the next date for a night shift).
    """

    starts: Micros
    ends: Micros
    day_starts: Micros
    closings: Micros


def year_start(year: int) -> int:
    """Microseconds from 1970 to the beginning of a year, UTC."""
    return day_number(date(year, 1, 1)) * DAY_US


@lru_cache(maxsize=512)
def segments(calendar: Calendar, first_year: int, until_year: int) -> Segments:
    """The open time of a calendar in the UTC years `[first_year, until_year)`.

    Raises TermsError for an unknown zone or country.
    """
    start, end = year_start(first_year), year_start(until_year)
    clock = local_clock(calendar.zone)
    opens, closes, days = _local_windows(calendar, start // DAY_US - 3, end // DAY_US + 3)
    pieces = list(_pieces(clock, start, end, opens, closes, days))
    begins, stops, of_day = (np.concatenate(column) for column in zip(*pieces, strict=True))
    if not len(begins):
        return Segments(begins, stops, begins, stops)
    day_starts, closings = _working_days(clock, stops, of_day)
    is_whole = (day_starts >= start) & (closings < end - UNSURE_US)
    return Segments(*_merged(begins, stops), day_starts[is_whole], closings[is_whole])


def check_opens(calendar: Calendar) -> None:
    """Raises TermsError when the calendar never opens, so that no clock on it could ever end."""
    if any(calendar.week) or len(segments(calendar, EARLIEST_YEAR, LATEST_YEAR).starts):
        return
    raise TermsError(
        N_('The calendar "{calendar}" is never open.'),
        hint=N_("Give it hours on at least one day of the week, or a date with hours among its exceptions."),
        calendar=calendar.id,
    )


def _local_windows(calendar: Calendar, first_day: int, until_day: int) -> tuple[Micros, Micros, Days]:
    """Opening, closing and day number of every window on the local clock, sorted by opening."""
    days = np.arange(max(first_day, _day(EARLIEST_YEAR)), min(until_day, _day(LATEST_YEAR)), dtype=np.int64)
    special = {day_number(hours.on): hours.windows for hours in calendar.exceptions}
    first_on, until_on = _date(days[0]), _date(days[-1] + 1)
    closed = {day_number(on) for on in closed_dates(calendar, first_on, until_on)} if any(calendar.week) else set()
    weekly = days[~np.isin(days, [*closed, *special])]
    rows = [
        _on_days(weekly[(weekly + 3) % 7 == weekday], window)
        for weekday, windows in enumerate(calendar.week)
        for window in windows
    ]
    rows += [
        _on_days(np.array([day], np.int64), window)
        for day, windows in special.items()
        if days[0] <= day <= days[-1]
        for window in windows
    ]
    if not rows:
        rows = [_on_days(days[:0], Window(opens=0, closes=0))]
    opens, closes, of_day = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.argsort(opens, kind="stable")
    return opens[order], closes[order], of_day[order]


def _on_days(days: Days, window: Window) -> tuple[Micros, Micros, Days]:
    closes = window.closes if window.closes > window.opens else window.closes + 1440
    return days * DAY_US + window.opens * MINUTE_US, days * DAY_US + closes * MINUTE_US, days


def _pieces(
    clock: LocalClock, start: int, end: int, opens: Micros, closes: Micros, days: Days
) -> Iterator[tuple[Micros, Micros, Days]]:
    """The windows cut by each stretch of constant offset, moved to UTC."""
    first, last = clock.stretch(np.array([start, end - 1]))
    for k in range(first, last + 1):
        offset = clock.offsets_us[k]
        low, high = max(clock.starts[k], start) + offset, min(clock.ends[k], end) + offset
        near = slice(*np.searchsorted(opens, [low - LONGEST_WINDOW_US, high]))
        begins, stops = np.maximum(opens[near], low), np.minimum(closes[near], high)
        is_open = begins < stops
        yield begins[is_open] - offset, stops[is_open] - offset, days[near][is_open]


def _merged(begins: Micros, stops: Micros) -> tuple[Micros, Micros]:
    """The union of intervals, as ascending intervals that do not touch."""
    order = np.argsort(begins, kind="stable")
    begins, reach = begins[order], np.maximum.accumulate(stops[order])
    is_first = np.append(True, begins[1:] > reach[:-1])
    return begins[is_first], reach[np.append(is_first[1:], True)]


def _working_days(clock: LocalClock, stops: Micros, of_day: Days) -> tuple[Micros, Micros]:
    order = np.argsort(of_day, kind="stable")
    days, first = np.unique(of_day[order], return_index=True)
    return clock.reached(days * DAY_US), np.maximum.reduceat(stops[order], first)


def _day(year: int) -> int:
    return day_number(date(year, 1, 1))


def _date(day: np.int64) -> date:
    return date.fromordinal(int(day) + EPOCH_ORDINAL)
