"""Questions to a clock in the words of people: "Fri 12 Jun 16:30" plus "1 business hour" is "Mon 15 Jun 09:30"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from tests.builders import EPOCH, a_calendar, instant

from smarketing.engine.business_time import Pauses, compile_tables, due_at, unit_code
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar, Holidays
from smarketing.terms.offsets import US
from smarketing.terms.zones import zone

K1, K2, K3 = "mon-fri 09:00-17:00", "mon-fri 08:00-18:00", "mon-fri 08:00-12:00 13:30-18:00"
YEAR = 2026


def office(hours: str = K1, *, closed: Sequence[str] = (), where: str = "UTC") -> Calendar:
    return a_calendar(hours=hours, zone=where, holidays=Holidays(dates=tuple(map(date.fromisoformat, closed))))


def at(words: str, where: str = "UTC") -> int:
    return instant(words, where, YEAR)


def said(moment: int, where: str = "UTC") -> str:
    """An instant as it is read on the wall: "Mon 15 Jun 09:30"; with the year where it is another one."""
    local = (EPOCH + timedelta(microseconds=int(moment))).astimezone(zone(where))
    return local.strftime("%a %-d %b %H:%M") if local.year == YEAR else local.strftime("%a %-d %b %Y %H:%M")


def due(start: str, allowance: str, calendar: Calendar, *, paused: Sequence[tuple[str, str]] = ()) -> str:
    """When a clock that starts then must have stopped."""
    return said(_due(start, allowance, calendar, paused), calendar.zone)


def warned(start: str, allowance: str, calendar: Calendar, *, before: timedelta) -> str:
    """When the reminder comes that leaves so much business time."""
    begin, end = at(start, calendar.zone), _due(start, allowance, calendar)
    tables = compile_tables([calendar], begin, end + 1)
    left = before // timedelta(microseconds=1)
    return said(tables.reminder(0, _column(begin), _column(end), left)[0], calendar.zone)


def minutes(start: str, stop: str, calendar: Calendar) -> float:
    """Business minutes between two moments."""
    begin, end = at(start, calendar.zone), at(stop, calendar.zone)
    passed = compile_tables([calendar], begin, end + 1).elapsed(0, _column(begin), _column(end))
    return int(passed[0]) / (60 * US)


def _due(start: str, words: str, calendar: Calendar, paused: Sequence[tuple[str, str]] = ()) -> int:
    begin, allowance = at(start, calendar.zone), Allowance.model_validate(words)
    pauses = [(at(a, calendar.zone), at(b, calendar.zone)) for a, b in paused]
    tables = compile_tables([calendar], begin, max([begin, *(end for _, end in pauses)]) + 1)
    table = Pauses.of([pauses]) if pauses else None
    return int(due_at(tables, 0, _column(begin), unit_code(allowance), allowance.amount, table)[0])


def _column(number: int) -> np.ndarray:
    return np.array([number], np.int64)
