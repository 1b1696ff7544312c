"""Peers that walk: business time of one lead as ticket systems compute it, second by second or day by day.

Both are ours, written the way the field writes it: one shift on some weekdays, a set of holidays. The first keeps
to naive local time as its models do, the second minds the zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shifts:
    """The same shift on some weekdays."""

    opens: time
    closes: time
    weekdays: frozenset[int]
    holidays: frozenset[date]

    def is_open(self, at: datetime) -> bool:
        return (
            at.weekday() in self.weekdays and at.date() not in self.holidays and self.opens <= at.time() < self.closes
        )


class SecondBySecond:
    """Asks of every second whether it is working time."""

    def __init__(self, shifts: Shifts) -> None:
        self.shifts = shifts

    def elapsed(self, start: datetime, stop: datetime) -> float:
        seconds, at = 0, start
        while at < stop:
            seconds += self.shifts.is_open(at)
            at += SECOND
        return seconds

    def due(self, start: datetime, seconds: int) -> datetime:
        at = start
        while seconds:
            seconds -= self.shifts.is_open(at)
            at += SECOND
        return at


class DayByDay:
    """Adds up the overlap with each day's shift, which the zone places in UTC."""

    def __init__(self, shifts: Shifts, zone: ZoneInfo) -> None:
        self.shifts, self.zone = shifts, zone

    def elapsed(self, start: datetime, stop: datetime) -> float:
        begin, end = self._utc(start), self._utc(stop)
        seconds, day = 0.0, start.date()
        while day <= stop.date():
            if self._is_worked(day):
                overlap = min(end, self._at(day, self.shifts.closes)) - max(begin, self._at(day, self.shifts.opens))
                seconds += max(overlap.total_seconds(), 0)
            day += DAY
        return seconds

    def due(self, start: datetime, seconds: float) -> datetime:
        begin, day = self._utc(start), start.date()
        while True:
            if self._is_worked(day):
                opened = max(begin, self._at(day, self.shifts.opens))
                left = (self._at(day, self.shifts.closes) - opened).total_seconds()
                if left >= seconds:
                    return (opened + timedelta(seconds=seconds)).astimezone(self.zone).replace(tzinfo=None)
                seconds -= max(left, 0)
            day += DAY

    def _is_worked(self, day: date) -> bool:
        return day.weekday() in self.shifts.weekdays and day not in self.shifts.holidays

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC)
