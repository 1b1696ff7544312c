"""The compiled calendars of a range of years, and the questions they answer for whole columns.

The position of an instant is the open time of its calendar since the tables' origin. Elapsed time is the
difference of two positions; a due instant is the earliest one that reaches a position. Instants, positions and
lengths are int64 microseconds; NEVER stands for an instant that has not come and stays NEVER.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER
from smarketing.engine.ladder import Ladder
from smarketing.engine.pauses import Pauses, union
from smarketing.engine.segments import check_opens, segments, year_start
from smarketing.facts.local_clock import local_clock
from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.instants import instant_at
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, LATEST_YEAR

Instants = NDArray[np.int64]
Lengths = NDArray[np.int64]
Calendars = NDArray[np.integer[Any]] | int

BLOCK = 1 << 16  # rows at a time, so that the temporaries stay in the cache


@lru_cache(maxsize=64)
def tables(calendars: tuple[Calendar, ...], first_year: int, until_year: int) -> Tables:
    for calendar in calendars:
        check_opens(calendar)
    return Tables(calendars, first_year, until_year)


class Tables:
    """The compiled calendars of a range of years; made by `business_time.compile_tables`, never changed.

    Takes    calendar   position in `calendars`, one for all rows or one per row
             instants   one per row, microseconds UTC, NEVER allowed
    Returns  one number per row
    Raises   FactsError for an instant outside `[start, end)`
             TermsError for a due instant after 2199
    """

    def __init__(self, calendars: tuple[Calendar, ...], first_year: int, until_year: int) -> None:
        self.calendars = calendars
        self.always = len(calendars)
        self.start, self.end = year_start(first_year), year_start(until_year)
        self._years = first_year, until_year
        compiled = [segments(calendar, first_year, until_year) for calendar in calendars]
        whole = np.array([self.start], np.int64), np.array([self.end], np.int64)
        opened = [*((each.starts, each.ends) for each in compiled), whole]
        # Every row begins with an empty segment at the origin, so that each instant has a segment before it.
        opens = [np.append(self.start, starts) for starts, _ in opened]
        closes = [np.append(self.start, ends) for _, ends in opened]
        before = [np.cumsum(shut - begun) - (shut - begun) for begun, shut in zip(opens, closes, strict=True)]
        self._by_instant = Ladder(opens, self.start, self.end)
        self._opens, self._closes = np.concatenate(opens), np.concatenate(closes)
        self._lag = np.concatenate(before) - self._opens  # position − instant, while open
        self._totals = np.array([(ends - starts).sum() for starts, ends in opened], np.int64)
        self._by_position = Ladder([np.append(-1, row[1:]) for row in before], -1, int(self._totals.max()) + 1)
        self._working_days = [(each.day_starts, each.closings) for each in compiled]

    # Positions

    def position(self, calendar: Calendars, at: Instants) -> Lengths:
        """Open time from the tables' origin until each instant."""
        return _in_blocks(self._position, calendar, at)

    def moment(self, calendar: Calendars, position: Lengths) -> Instants:
        """The earliest instant that reaches each position: time used up exactly at closing is used up then."""
        return _in_blocks(self._moment, calendar, position)

    # Lengths and due instants

    def elapsed(self, calendar: Calendars, start: Instants, stop: Instants) -> Lengths:
        """Open time in `[start, stop)`: 0 for a stop that comes first, NEVER for one that has not come."""
        return _in_blocks(self._elapsed, calendar, start, stop)

    def due(self, calendar: Calendars, start: Instants, amount_us: Lengths | int) -> Instants:
        """The earliest instant from `start` on by which `amount_us` of open time has passed."""
        return _in_blocks(self._due, calendar, start, amount_us)

    def elapsed_paused(self, calendar: Calendars, start: Instants, stop: Instants, pauses: Pauses) -> Lengths:
        """As `elapsed`, less the open time that the union of the row's pauses covers."""
        row, of_row = pauses.row, _each(calendar, start)[pauses.row]
        begun, ended = (np.clip(edge, start[row], stop[row]) for edge in (pauses.starts, pauses.ends))
        paused = union(row, self.position(of_row, begun), self.position(of_row, ended)).totals(len(start))
        passed = self.elapsed(calendar, start, stop)
        return np.where(passed == NEVER, NEVER, passed - paused)

    def due_paused(self, calendar: Calendars, start: Instants, amount_us: Lengths | int, pauses: Pauses) -> Instants:
        """As `due`, but open time inside a pause does not count; NEVER when an endless pause comes first."""
        row, of_row, amount = pauses.row, _each(calendar, start)[pauses.row], _each(amount_us, start)
        begun, ended = (self.position(of_row, np.maximum(edge, start[row])) for edge in (pauses.starts, pauses.ends))
        origin = self.position(calendar, start)
        stops = union(row, begun, ended)
        delays = stops.take(stops.starts - origin[stops.row] - stops.totals_before() < amount[stops.row])
        is_endless = np.zeros(len(start), np.bool_)
        is_endless[delays.row[delays.ends == NEVER]] = True
        extra = delays.take(delays.ends != NEVER).totals(len(start))
        reached = self.moment(calendar, np.where(is_endless, NEVER, _later(origin, amount + extra)))
        return np.where(amount > 0, reached, start)

    def reminder(self, calendar: Calendars, start: Instants, due: Instants, offset_us: Lengths | int) -> Instants:
        """The latest instant in `[start, due]` with `offset_us` of open time left until `due`, else `start`.

        It lies in open time, never at night, unless the clock itself started at night with less than that to run.
        """
        return _in_blocks(self._reaching(due)._reminder, calendar, due, start, offset_us)

    # Days

    def business_day_end(self, calendar: Calendars, start: Instants, n_days: Lengths | int) -> Instants:
        """The closing of the N-th working day after the local day of `start`."""
        return _in_blocks(self._business_day_end, calendar, start, n_days)

    def rolled_days(self, calendar: Calendars, start: Instants, n_days: Lengths | int) -> Instants:
        """The same local time `n_days` calendar days later, then on to the next open instant."""
        each, days = _each(calendar, start), _each(n_days, start)
        rolled = np.full(start.shape, NEVER, np.int64)
        for one in np.unique(each):
            mine = np.flatnonzero((each == one) & (start != NEVER))
            clock = local_clock("UTC" if one == self.always else self.calendars[one].zone)
            rolled[mine] = clock.reached(clock.reading(start[mine]) + days[mine] * DAY_US)
        return self._reaching(rolled).next_open(calendar, rolled)

    # Segments

    def next_open(self, calendar: Calendars, at: Instants) -> Instants:
        """The earliest open instant at or after each instant. The instant of closing is not open."""
        return _in_blocks(self._next_open, calendar, at)

    def segments(self, calendar: int, start: int, stop: int) -> tuple[Instants, Instants]:
        """The open segments inside `[start, stop)`, cut to it: their starts and ends."""
        self._check_covers(np.array([start, max(start, stop - 1)], np.int64))
        row = slice(self._by_instant.first[calendar] + 1, self._by_instant.first[calendar + 1])
        starts, ends = np.maximum(self._opens[row], start), np.minimum(self._closes[row], stop)
        return starts[starts < ends], ends[starts < ends]

    # Kernels: one block of rows, NEVER set aside

    def _position(self, calendar: Calendars, at: Instants) -> Lengths:
        if at.max() >= self.end or at.min() < self.start:
            return self._live(self._position, calendar, at)
        found = self._by_instant.find(calendar, at)
        position: Lengths = np.minimum(at, self._closes.take(found))
        position += self._lag.take(found)
        return position

    def _moment(self, calendar: Calendars, position: Lengths) -> Instants:
        if position.max() > self._totals.min():
            is_beyond = position > self._totals.take(calendar)
            if is_beyond.any():
                return self._beyond(Tables._moment, calendar, is_beyond, position)
        lag: Lengths = self._lag.take(self._by_position.find(calendar, position - 1))
        return np.subtract(position, lag, out=lag)

    def _elapsed(self, calendar: Calendars, start: Instants, stop: Instants) -> Lengths:
        passed = np.maximum(self._position(calendar, stop) - self._position(calendar, start), 0)
        has_come = max(start.max(), stop.max()) < NEVER
        return passed if has_come else np.where((start == NEVER) | (stop == NEVER), NEVER, passed)

    def _due(self, calendar: Calendars, start: Instants, amount_us: Lengths | int) -> Instants:
        reached = self._moment(calendar, _later(self._position(calendar, start), amount_us))
        return reached if np.min(amount_us) > 0 else np.where(np.asarray(amount_us) > 0, reached, start)

    def _reminder(self, calendar: Calendars, due: Instants, start: Instants, offset_us: Lengths | int) -> Instants:
        if due.max() >= self.end or due.min() < self.start:
            return self._live(self._reminder, calendar, due, start, offset_us)
        aim = self._position(calendar, due) - offset_us
        latest = np.maximum(aim, 0)
        latest -= self._lag.take(self._by_position.find(calendar, latest))  # at closing: the next opening
        latest = np.where(aim < 0, start, np.maximum(np.minimum(latest, due), start))
        return latest if np.min(offset_us) > 0 else np.where(np.asarray(offset_us) > 0, latest, due)

    def _next_open(self, calendar: Calendars, at: Instants) -> Instants:
        if at.max() >= self.end or at.min() < self.start:
            return self._live(self._next_open, calendar, at)
        found = self._by_instant.find(calendar, at)
        following = np.where(at < self._closes.take(found), at, self._by_instant.next_key.take(found))
        if following.max() == NEVER:
            return self._beyond(Tables._next_open, calendar, following == NEVER, at)
        return following

    def _business_day_end(self, calendar: Calendars, start: Instants, n_days: Lengths | int) -> Instants:
        if start.max() >= self.end or start.min() < self.start:
            return self._live(self._business_day_end, calendar, start, n_days)
        ladder, closings = self._days
        ending = ladder.find(calendar, start) + n_days
        is_beyond = ending >= ladder.first[1:][calendar]
        if is_beyond.any():
            return self._beyond(Tables._business_day_end, calendar, is_beyond, start, n_days)
        return closings.take(ending)

    @cached_property
    def _days(self) -> tuple[Ladder, Instants]:
        """A ladder of the beginnings of working days, and their closings."""
        midnights = np.arange(self.start, self.end, DAY_US, dtype=np.int64)
        rows = [*self._working_days, (midnights, midnights + DAY_US)]
        ladder = Ladder([np.append(self.start - 1, begins) for begins, _ in rows], self.start, self.end)
        return ladder, np.concatenate([np.append(self.start, closings) for _, closings in rows])

    # What the tables do not cover

    def _live(self, kernel: Callable[..., Lengths], calendar: Calendars, at: Instants, *more: Any) -> Lengths:
        """The kernel on the rows whose instant has come; NEVER for the others."""
        rows = np.flatnonzero(at != NEVER)
        self._check_covers(at[rows])
        answer = np.full(at.shape, NEVER, np.int64)
        if len(rows):
            answer[rows] = kernel(*(rows_of(column, rows) for column in (calendar, at, *more)))
        return answer

    def _beyond(
        self, kernel: Callable[..., Lengths], calendar: Calendars, is_beyond: NDArray[np.bool_], *columns: Any
    ) -> Lengths:
        """The kernel on tables that reach further, for the rows that need them."""
        answer = np.full(is_beyond.shape, NEVER, np.int64)
        far = np.flatnonzero(is_beyond & (columns[0] != NEVER))
        if len(far):
            answer[far] = kernel(self._longer(), *(rows_of(column, far) for column in (calendar, *columns)))
        near = np.flatnonzero(~is_beyond)
        if len(near):
            answer[near] = kernel(self, *(rows_of(column, near) for column in (calendar, *columns)))
        return answer

    def _longer(self) -> Tables:
        """The same calendars with the same origin, for at least twice as long."""
        first, until = self._years
        if until == LATEST_YEAR:
            raise TermsError(
                N_("A clock never ends: its calendar is not open for long enough before 2200."),
                hint=N_("Give the calendar hours, or the clock less time."),
            )
        return tables(self.calendars, first, min(until + max(until - first, 10), LATEST_YEAR))

    def _reaching(self, at: Instants) -> Tables:
        """These tables, or longer ones, that cover every instant."""
        latest = int(at.max(initial=self.start, where=at != NEVER))
        return self if latest < self.end else self._longer()._reaching(at)

    def _check_covers(self, at: Instants) -> None:
        outside = at[(at < self.start) | (at >= self.end)]
        if len(outside):
            first, until = self._years
            raise FactsError(
                N_("The instant {at} lies outside the years {first}–{latest} that were asked for."),
                hint=N_("Ask for a range that holds every fact."),
                at=_shown(int(outside[0])),
                first=first,
                latest=until - 1,
            )


def _in_blocks(kernel: Callable[..., Lengths], *columns: Any) -> Lengths:
    """The kernel on 64k rows at a time. A column is an array, or one number for all rows."""
    n = len(columns[1])
    if n == 0:
        return np.empty(0, np.int64)
    if n <= 2 * BLOCK:
        return kernel(*columns)
    answer = np.empty(n, np.int64)
    for begin in range(0, n, BLOCK):
        rows = slice(begin, begin + BLOCK)
        answer[rows] = kernel(*(rows_of(column, rows) for column in columns))
    return answer


def rows_of(column: Any, rows: Any) -> Any:
    """Some rows of a column; a number stands for every row."""
    return column[rows] if isinstance(column, np.ndarray) and column.ndim else column


def _each(value: Any, like: Instants) -> NDArray[Any]:
    return np.broadcast_to(np.asarray(value), like.shape)


def _later(position: Lengths, amount_us: Lengths | int) -> Lengths:
    """The position after that much more open time; NEVER stays NEVER."""
    moved: Lengths = position + amount_us
    return moved if position.max(initial=0) < NEVER else np.where(position == NEVER, NEVER, moved)


def _shown(at: int) -> str:
    try:
        return instant_at(at).isoformat()
    except OverflowError:
        return f"{at} µs"
