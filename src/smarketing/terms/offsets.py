"""How far a zone's clock stands from UTC, as stretches of constant offset from 1900 to 2200."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache

from smarketing.terms.tzif import changes_of
from smarketing.terms.zones import zone_bytes

US = 1_000_000
DAY_US = 86_400 * US
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200  # half-open: nothing before 1900, nothing from 2200 on
ERA_START = (date(EARLIEST_YEAR, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY_US
ERA_END = (date(LATEST_YEAR, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY_US
MARGIN = 400 * DAY_US


@dataclass(frozen=True, slots=True)
class Offsets:
    """Stretch k lasts from `starts[k]` until `starts[k + 1]`; the clock there reads UTC + `offsets_us[k]`.

    Neighbouring stretches differ. The first begins before ERA_START; `starts` has one more entry, after ERA_END.
    """

    starts: tuple[int, ...]
    offsets_us: tuple[int, ...]

    def at(self, at: int) -> int:
        """Microseconds to add to the UTC instant `at` to read the local clock."""
        return self.offsets_us[bisect_right(self.starts, at) - 1]

    def candidates(self, local: int) -> tuple[int, ...]:
        """Every instant, earliest first, at which the clock reads `local` (microseconds since 1970 on that clock)."""
        return tuple(local - offset for start, end, offset in self._around(local) if start <= local - offset < end)

    def reached(self, local: int) -> int:
        """The earliest instant at which the clock reads `local` or later: for a skipped time, the end of the gap."""
        return next(max(start, local - offset) for start, end, offset in self._around(local) if local - offset < end)

    def _around(self, local: int) -> list[tuple[int, int, int]]:
        """(start, end, offset) of the stretches that could read `local`: offsets are less than two days."""
        first = bisect_right(self.starts, local - 2 * DAY_US) - 1
        until = min(bisect_right(self.starts, local + 2 * DAY_US), len(self.offsets_us))
        return [(self.starts[k], self.starts[k + 1], self.offsets_us[k]) for k in range(first, until)]


@cache
def offsets(name: str) -> Offsets:
    """The offsets of a zone.

    Raises TermsError when the database has no such zone.
    """
    offset_s, changes = changes_of(zone_bytes(name), LATEST_YEAR + 2)
    starts, lengths = [ERA_START - MARGIN], [offset_s * US]
    for at_s, offset_s in changes:
        at = at_s * US
        if at <= starts[0]:
            lengths[0] = offset_s * US
        elif at < ERA_END + MARGIN and offset_s * US != lengths[-1]:
            starts.append(at)
            lengths.append(offset_s * US)
    return Offsets((*starts, ERA_END + MARGIN), tuple(lengths))


def day_start(name: str, on: date) -> int:
    """The instant, in microseconds, at which the local date `on` begins.

    A date that the zone skipped begins where the next one does: its length is 0. A clock put back over midnight
    does not begin its day again.
    """
    return offsets(name).reached((on.toordinal() - EPOCH_ORDINAL) * DAY_US)
