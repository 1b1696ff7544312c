"""Business time of a single lead in plain Python: two binary searches instead of waking the column machinery."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from smarketing.engine.segments import check_opens, segments, year_start
from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.instants import instant_at
from smarketing.terms.marked import N_
from smarketing.terms.offsets import EARLIEST_YEAR, LATEST_YEAR


class OneCalendar:
    """One calendar between two years; the same answers as `Tables`, one at a time.

    Instants and lengths are whole microseconds.
    Raises   FactsError for an instant outside the years, TermsError for a due instant after 2199
    """

    __slots__ = ("_before", "_ends", "_starts", "calendar", "end", "start", "years")

    def __init__(self, calendar: Calendar, first_year: int, until_year: int) -> None:
        opened = segments(calendar, first_year, until_year)
        self.calendar = calendar
        self.years = first_year, until_year
        self.start, self.end = year_start(first_year), year_start(until_year)
        self._starts: list[int] = [self.start, *opened.starts.tolist()]
        self._ends: list[int] = [self.start, *opened.ends.tolist()]
        self._before: list[int] = [0]
        for start, end in zip(self._starts, self._ends, strict=True):
            self._before.append(self._before[-1] + end - start)

    def position(self, at: int) -> int:
        """Open time from the beginning of the first year until `at`."""
        if not self.start <= at < self.end:
            raise FactsError(
                N_("An instant lies outside the years {first}–{latest} that were asked for."),
                hint=N_("Ask for a range that holds every fact."),
                first=self.years[0],
                latest=self.years[1] - 1,
            )
        k = bisect_right(self._starts, at) - 1
        end = self._ends[k]
        return self._before[k] + (at if at < end else end) - self._starts[k]

    def elapsed(self, start: int, stop: int) -> int:
        """Open time in `[start, stop)`; 0 for a stop that comes first."""
        return self.position(stop) - self.position(start) if stop > start else 0

    def due(self, start: int, amount_us: int) -> int:
        """The earliest instant from `start` on by which `amount_us` of open time has passed."""
        if amount_us <= 0:
            return start
        target = self.position(start) + amount_us
        k = bisect_left(self._before, target) - 1
        if k == len(self._starts):
            return self._longer().due(start, amount_us)
        return self._starts[k] + target - self._before[k]

    def _longer(self) -> OneCalendar:
        first, until = self.years
        if until == LATEST_YEAR:
            raise TermsError(
                N_("A clock never ends: its calendar is not open for long enough before 2200."),
                hint=N_("Give the calendar hours, or the clock less time."),
            )
        return _between(self.calendar, first, min(2 * until - first, LATEST_YEAR))


def one_calendar(calendar: Calendar, start: int, end: int) -> OneCalendar:
    """The calendar around the instants `[start, end]`, kept for the next lead.

    Raises TermsError for a calendar that never opens, FactsError for instants outside the years 1900–2199.
    """
    try:
        first, last = (instant_at(at).year for at in (start, end))
    except OverflowError:
        first, last = 0, 0
    if not EARLIEST_YEAR <= first <= last < LATEST_YEAR:
        raise FactsError(
            N_("Some instants lie outside the years 1900–2199."),
            hint=N_("Look for dates like 0001-01-01 or 9999-12-31 in the export."),
        )
    return _between(calendar, max(first - 1, EARLIEST_YEAR), min(last + 3, LATEST_YEAR))


@lru_cache(maxsize=256)
def _between(calendar: Calendar, first_year: int, until_year: int) -> OneCalendar:
    check_opens(calendar)
    return OneCalendar(calendar, first_year, until_year)
