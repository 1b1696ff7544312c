"""Which local days a calendar works on, and when a morning message is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from smarketing.engine.segments import segments
from smarketing.terms.calendar import Calendar
from smarketing.terms.instants import micros
from smarketing.terms.offsets import day_start
from smarketing.terms.period import ONE_DAY
from smarketing.terms.zones import zone

PUNCTUAL = timedelta(hours=1)  # later than that a message keeps to open hours
LONGEST_REST = 60  # days


def is_working_day(calendar: Calendar, on: date) -> bool:
    """Whether a window of this local date opens."""
    found = segments(calendar, on.year - 1, on.year + 2).day_starts
    return bool(np.isin(day_start(calendar.zone, on), found))


def working_day_before(calendar: Calendar, on: date) -> date:
    """The latest working day before `on`; the day before it where the calendar rests for very long."""
    earlier = (on - n * ONE_DAY for n in range(1, LONGEST_REST))
    return next((day for day in earlier if is_working_day(calendar, day)), on - ONE_DAY)


def morning(calendar: Calendar, zone_name: str, at: time, now: datetime) -> date | None:
    """The reader's local day whose morning message is due now; None where none is.

    It is due from `at` on where the reader is, on working days of the calendar: a time that the clock skips comes when
    it has sprung, one that it shows twice the first time. Found late, as after a breakdown, it waits for an open hour.
    """
    local = zone(zone_name)
    on = now.astimezone(local).date()
    due_at = datetime.combine(on, at, local).astimezone(UTC)
    if now < due_at or not is_working_day(calendar, on):
        return None
    return on if now < due_at + PUNCTUAL or is_open(calendar, now) else None


def is_open(calendar: Calendar, now: datetime) -> bool:
    year, at = now.year, micros(now)
    found = segments(calendar, year - 1, year + 2)
    place = int(np.searchsorted(found.starts, at, side="right")) - 1
    return place >= 0 and at < int(found.ends[place])
