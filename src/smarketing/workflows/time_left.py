"""How much open time each running clock has left, until when it runs, and when it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from smarketing.engine.business_time import Tables, compile_tables
from smarketing.ledger.models import OpenClock
from smarketing.terms.agreement import Agreement
from smarketing.terms.calendar import Calendar
from smarketing.terms.instants import EPOCH, instant_at, micros

TICK = timedelta(microseconds=1)
REACH = timedelta(days=400)  # on both sides of now: every open clock's due instant lies in it
AHEAD_US = timedelta(days=60) // TICK

Terms = Mapping[str, Sequence[Agreement]]


@dataclass(frozen=True, slots=True)
class Left:
    """`seconds` of open time until the clock is due, less than nothing when it is overdue; None while it pauses.

    Open time passes until `closes_at`, or not at all before `opens_at`; both None where it is always open.
    """

    seconds: float | None
    closes_at: datetime | None
    opens_at: datetime | None


class TimeLeft:
    """The calendars of all agreements at one instant."""

    def __init__(self, terms: Terms, now: datetime) -> None:
        self.now = micros(now)
        self._places: dict[tuple[str, int, str], int] = {}
        calendars: dict[Calendar, int] = {}
        for slug, versions in terms.items():
            for version in versions:
                for calendar in version.calendars:
                    place = calendars.setdefault(calendar, len(calendars))
                    self._places[slug, version.version, calendar.id] = place
        self.tables: Tables = compile_tables(tuple(calendars), micros(now - REACH), micros(now + REACH))
        self._hours: dict[int, tuple[datetime | None, datetime | None]] = {}

    def of(self, clocks: Sequence[OpenClock]) -> list[Left]:
        """One for each clock."""
        places = np.array([self.place(clock) for clock in clocks], np.intp)
        due = np.array([micros(clock.due_at or EPOCH) for clock in clocks], np.int64)
        at = np.full(len(clocks), self.now, np.int64)
        position = self.tables.position
        left = (position(places, due) - position(places, at)) / 1e6 if clocks else np.empty(0)
        return [
            Left(float(seconds) if clock.due_at else None, *self._hours_of(int(place)))
            for clock, seconds, place in zip(clocks, left, places, strict=True)
        ]

    def until(self, place: int, seconds: int) -> datetime:
        """The instant at which so much open time has passed from now on."""
        due = self.tables.due(place, np.array([self.now], np.int64), seconds * 1_000_000)
        return instant_at(int(due[0]))

    def place(self, clock: OpenClock) -> int:
        """The number of a clock's calendar in the tables."""
        if clock.calendar is None:
            return self.tables.always
        return self._places.get((clock.agreement, clock.version, clock.calendar), self.tables.always)

    def _hours_of(self, place: int) -> tuple[datetime | None, datetime | None]:
        if place not in self._hours:
            self._hours[place] = self._told_hours(place)
        return self._hours[place]

    def _told_hours(self, place: int) -> tuple[datetime | None, datetime | None]:
        if place == self.tables.always:
            return None, None
        starts, ends = self.tables.segments(place, self.now, self.now + AHEAD_US)
        if not len(starts):
            return None, None
        is_open = int(starts[0]) <= self.now < int(ends[0])
        return (instant_at(int(ends[0])), None) if is_open else (None, instant_at(int(starts[0])))
