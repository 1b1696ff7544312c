"""A zone's wall clock for whole columns: from UTC to what the clock shows, and back."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from smarketing.terms.offsets import DAY_US, offsets

Micros = NDArray[np.int64]


class LocalClock:
    """One zone from 1900 to 2200. Local readings are microseconds since 1970 on that clock, as if it were UTC.

    `starts`, `ends` and `offsets_us` describe the stretches of constant offset, `floor_days` the latest local day
    shown before each: a clock put back over midnight does not go back to yesterday.
    """

    def __init__(self, zone: str) -> None:
        stretches = offsets(zone)
        self.zone = zone
        self.starts: Micros = np.array(stretches.starts[:-1], np.int64)
        self.ends: Micros = np.array(stretches.starts[1:], np.int64)
        self.offsets_us: Micros = np.array(stretches.offsets_us, np.int64)
        self._furthest: Micros = np.maximum.accumulate(self.ends + self.offsets_us)
        days = (self._furthest - 1) // DAY_US
        self.floor_days: Micros = np.concatenate([days[:1] - 10**6, days[:-1]])

    def stretch(self, at: Micros) -> NDArray[np.intp]:
        """Which stretch each UTC instant lies in."""
        return np.searchsorted(self.starts, at, "right") - 1

    def reading(self, at: Micros) -> Micros:
        """What the clock shows at each UTC instant."""
        return at + self.offsets_us[self.stretch(at)]

    def reached(self, local: Micros) -> Micros:
        """The earliest instant at which the clock shows `local` or later: for a skipped time, the end of the gap."""
        k = np.searchsorted(self._furthest, local, "right")
        reached: Micros = np.maximum(self.starts[k], local - self.offsets_us[k])
        return reached

    def latest(self, local: Micros) -> Micros:
        """The latest instant at which the clock shows `local`; the same as `reached` unless the time is doubled."""
        k = np.searchsorted(self._furthest, local, "right")
        found: Micros = np.maximum(self.starts[k], local - self.offsets_us[k])
        for later in (1, 2):
            j = np.minimum(k + later, len(self.starts) - 1)
            again = local - self.offsets_us[j]
            found = np.where((self.starts[j] <= again) & (again < self.ends[j]), np.maximum(again, found), found)
        return found

    def is_skipped(self, local: Micros) -> NDArray[np.bool_]:
        """Readings that the clock never shows."""
        k = np.searchsorted(self._furthest, local, "right")
        skipped: NDArray[np.bool_] = local - self.offsets_us[k] < self.starts[k]
        return skipped


@cache
def local_clock(zone: str) -> LocalClock:
    """The clock of a zone.

    Raises TermsError when the database has no such zone.
    """
    return LocalClock(zone)
