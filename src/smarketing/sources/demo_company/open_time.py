"""The open hours of an office as one line of business time, so that a rep's habits can be drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from smarketing.sources.demo_company.story import Instants, microseconds
from smarketing.terms.calendar import Calendar
from smarketing.terms.holiday_dates import closed_dates
from smarketing.terms.zones import zone


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Open stretches `[starts, ends)` in UTC microseconds and the open time before each of them."""

    starts: Instants
    ends: Instants
    before: Instants

    def position(self, at: Instants) -> Instants:
        """Open microseconds from the origin to `at`."""
        row = np.clip(np.searchsorted(self.starts, at, side="right") - 1, 0, None)
        return np.asarray(self.before[row] + np.clip(at, self.starts[row], self.ends[row]) - self.starts[row])

    def moment(self, position: Instants) -> Instants:
        """The instant at which so much open time has passed; positions beyond the last stretch stay at its end."""
        row = np.clip(np.searchsorted(self.before, position, side="right") - 1, 0, None)
        return np.asarray(np.minimum(self.starts[row] + position - self.before[row], self.ends[row]))

    def later(self, at: Instants, open_us: Instants) -> Instants:
        """`at` plus so much open time."""
        return self.moment(self.position(at) + open_us)


def open_time(calendar: Calendar, first_on: date, until_on: date) -> OpenTime:
    """The stretches of `calendar` from `first_on` to half a year after `until_on`."""
    until_on += timedelta(days=180)
    closed = closed_dates(calendar, first_on, until_on)
    stretches = []
    for n in range((until_on - first_on).days):
        on = first_on + timedelta(days=n)
        if on not in closed:
            stretches += [_instants(on, w.opens, w.closes, calendar.zone) for w in calendar.week[on.weekday()]]
    starts, ends = np.array(stretches, np.int64).T
    before = np.concatenate([[0], np.cumsum(ends - starts)[:-1]])
    return OpenTime(starts, ends, before)


def _instants(on: date, opens: int, closes: int, zone_name: str) -> tuple[int, int]:
    midnight = datetime(on.year, on.month, on.day)
    local = (midnight + timedelta(minutes=minute) for minute in (opens, closes))
    start, end = (microseconds(at.replace(tzinfo=zone(zone_name)).astimezone(UTC)) for at in local)
    return start, end
