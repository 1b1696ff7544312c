"""Local day numbers of instants, for whole columns: which day, week or month an event belongs to."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER
from smarketing.engine.ladder import Ladder
from smarketing.facts.local_clock import local_clock
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, day_start

NO_DAY = int(np.iinfo(np.int32).max)


class LocalDays:
    """The days of one zone for instants in `[start, end)` microseconds UTC.

    A day lasts from the first instant its clock shows that date until the first one that shows a later date, so the
    days part all time between them, as `terms.offsets.day_start` and `Period.bounds` do.
    """

    def __init__(self, zone: str, start: int, end: int) -> None:
        self.zone, self.start, self.end = zone, start, end
        clock = local_clock(zone)
        first, last = clock.stretch(np.array([start, max(start, end - 1)], np.int64))
        near = slice(first, last + 1)
        self._offset, self._floor = clock.offsets_us[near], clock.floor_days[near]
        self._ladder = Ladder([clock.starts[near]], start, max(end, start + 1))

    def day_of(self, at: NDArray[np.int64]) -> NDArray[np.int32]:
        """Days since 1970-01-01 on the local clock; NO_DAY for NEVER.

        Raises FactsError for an instant outside the range.
        """
        if not len(at):
            return np.empty(0, np.int32)
        earliest, latest = int(at.min()), int(at.max())
        if latest == NEVER:
            known, has_come = np.full(at.shape, NO_DAY, np.int32), np.flatnonzero(at != NEVER)
            known[has_come] = self.day_of(at.take(has_come))
            return known
        if earliest < self.start or latest >= self.end:
            raise FactsError(
                N_("An instant lies outside the range whose local days were asked for."),
                hint=N_("Ask for a range that holds every fact."),
            )
        first, last = self._ladder.find(0, np.array([earliest, latest]))
        stretch = first if first == last else self._ladder.find(0, at)  # seldom does the clock change in between
        days: NDArray[np.int64] = (at + self._offset[stretch]) // DAY_US
        np.maximum(days, self._floor[stretch], out=days)
        return days.astype(np.int32)

    def bounds(self, on: date) -> tuple[int, int]:
        """`[start, end)` of a local date in microseconds; equal when the zone skipped the date."""
        return day_start(self.zone, on), day_start(self.zone, date.fromordinal(on.toordinal() + 1))
