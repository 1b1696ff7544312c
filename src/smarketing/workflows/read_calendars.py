"""Calendars of this installation, read; and a year of one, day by day, as people look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from smarketing.records.models import OwnCalendar
from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.holiday_dates import named_dates
from smarketing.terms.hours import day_words, end_of
from smarketing.terms.language import N_, Words
from smarketing.terms.read_yaml import read_calendar_text
from smarketing.terms.zones import zone

OPEN, HALF, CLOSED, HOLIDAY = "open", "half", "closed", "holiday"
NOON = time(12)


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    slug: str
    name: str
    text: str
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: `state` open, half (fewer hours than its weekday has), closed or holiday; `told` says it in words."""

    on: date
    state: str
    told: str
    is_shifted: bool  # the clock changes in the night before or on it


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """Weeks of seven cells, Monday first; None where the day belongs to another month."""

    name: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    n_open: int


@dataclass(frozen=True, slots=True)
class CalendarYear:
    year: int
    months: tuple[MonthGrid, ...]
    weekdays: tuple[str, ...]
    n_open: int
    n_half: int
    n_holidays: int
    hours_s: int
    shifts: tuple[str, ...]  # what happens to the clock, in sentences
    holidays: tuple[tuple[str, str], ...]  # day and name of each holiday that closes a working day


def own_calendars() -> tuple[KeptCalendar, ...]:
    """Those in use, by name; one whose text no longer reads is left out here and said on its own page."""
    found = []
    for row in OwnCalendar.objects.filter(retired_at=None).order_by("name"):
        try:
            found.append(KeptCalendar(row.slug, row.name, row.text, read_calendar_text(row.text, name=row.slug)))
        except UserError:
            continue
    return tuple(found)


def calendar_year(calendar: Calendar, year: int, words: Words = ENGLISH) -> CalendarYear:
    """Every day of a year under a calendar."""
    first, until = date(year, 1, 1), date(year + 1, 1, 1)
    named = named_dates(calendar, first, until)
    clock = zone(calendar.zone)
    cells = [_cell(calendar, first + timedelta(n), named, clock, words) for n in range((until - first).days)]
    spent = sum(_seconds(calendar, cell.on, named, clock) for cell in cells)
    months = tuple(_month(year, month, cells, words) for month in range(1, 13))
    closing = [
        (words.day(on), name or words(N_("own closed day"))) for on, name in named.items() if _weekly(calendar, on)
    ]
    return CalendarYear(
        year=year,
        months=months,
        weekdays=_weekdays(words.language),
        n_open=sum(cell.state in (OPEN, HALF) for cell in cells),
        n_half=sum(cell.state == HALF for cell in cells),
        n_holidays=len(closing),
        hours_s=spent,
        shifts=tuple(cell.told for cell in cells if cell.is_shifted),
        holidays=tuple(closing),
    )


def windows_of(calendar: Calendar, on: date, named: Mapping[date, str]) -> tuple[Window, ...]:
    """The hours of one date: an exception has the last word, then holidays, then the week."""
    exception = next((day.windows for day in calendar.exceptions if day.on == on), None)
    if exception is not None:
        return exception
    return () if on in named else _weekly(calendar, on)


def _weekly(calendar: Calendar, on: date) -> tuple[Window, ...]:
    return calendar.week[on.weekday()]


def _cell(calendar: Calendar, on: date, named: Mapping[date, str], clock: ZoneInfo, words: Words) -> DayCell:
    windows, weekly = windows_of(calendar, on, named), _weekly(calendar, on)
    shift = _shift(on, clock)
    told = f"{words.day(on)}: {day_words(windows) if windows else words(N_('closed'))}"
    if on in named and not windows:
        told += f", {named[on] or words(N_('own closed day'))}"
    if shift:
        moved = words.duration(abs(shift))
        told += ". " + (
            words(N_("The clock goes forward by {length}."), length=moved)
            if shift > 0
            else words(N_("The clock goes back by {length}."), length=moved)
        )
    if not windows:
        state = HOLIDAY if on in named or weekly else CLOSED
    else:
        state = HALF if 0 < _length(windows) < _length(weekly) else OPEN
    return DayCell(on, state, told, bool(shift))


def _length(windows: tuple[Window, ...]) -> int:
    return sum(end_of(window) - window.opens for window in windows)


def _shift(on: date, clock: ZoneInfo) -> int:
    """Seconds by which the clock is moved on this day: +3600 in spring, −3600 in autumn, most days none."""
    after, before = _offset(on + timedelta(1), clock), _offset(on, clock)
    return round((after - before).total_seconds())


def _offset(on: date, clock: ZoneInfo) -> timedelta:
    return datetime.combine(on, time(0), clock).utcoffset() or timedelta(0)


def _seconds(calendar: Calendar, on: date, named: Mapping[date, str], clock: ZoneInfo) -> int:
    """Open seconds of the windows that begin on this day, as they really pass."""
    return round(
        sum(
            (_instant(on, end_of(window), clock) - _instant(on, window.opens, clock)).total_seconds()
            for window in windows_of(calendar, on, named)
        )
    )


def _instant(on: date, minute: int, clock: ZoneInfo) -> datetime:
    days, rest = divmod(minute, 1440)
    local = datetime.combine(on + timedelta(days), time(rest // 60, rest % 60), clock)
    return local.astimezone(ZoneInfo("UTC"))


def _month(year: int, month: int, cells: list[DayCell], words: Words) -> MonthGrid:
    own = [cell for cell in cells if cell.on.month == month]
    padded: list[DayCell | None] = [None] * own[0].on.weekday() + list(own)
    padded += [None] * (-len(padded) % 7)
    weeks = tuple(tuple(padded[at : at + 7]) for at in range(0, len(padded), 7))
    n_open = sum(cell.state in (OPEN, HALF) for cell in own)
    return MonthGrid(words.month(date(year, month, 1)), weeks, n_open)


@cache
def _weekdays(language: str) -> tuple[str, ...]:
    from babel.dates import get_day_names

    names = get_day_names("short", locale=language)
    return tuple(str(names[day]) for day in range(7))


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the countries whose public holidays are known, by name."""
    import holidays
    from babel import Locale

    names = Locale.parse(language).territories
    known = holidays.list_supported_countries(include_aliases=False)
    return tuple(sorted(((code, str(names.get(code, code))) for code in known), key=lambda each: each[1]))


@cache
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the parts of a country that have holidays of their own."""
    import holidays

    codes = holidays.list_supported_countries(include_aliases=False).get(country, [])
    if not codes:
        return ()
    aliases = holidays.country_holidays(country).get_subdivision_aliases()
    return tuple((code, next(iter(aliases.get(code, [])), code)) for code in codes)
