"""Calendars as a list, one with its year, and the form that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarketing.records.access import Actor, can
from smarketing.records.models import OwnCalendar
from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import UserError
from smarketing.terms.hours import week_words
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import read_calendar_text
from smarketing.terms.write_yaml import calendar_yaml
from smarketing.terms.zones import zone_names
from smarketing.workflows.read_calendars import CalendarYear, calendar_year, countries, regions

DAYS = (
    ("mon", N_("Monday")),
    ("tue", N_("Tuesday")),
    ("wed", N_("Wednesday")),
    ("thu", N_("Thursday")),
    ("fri", N_("Friday")),
    ("sat", N_("Saturday")),
    ("sun", N_("Sunday")),
)

Windows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    slug: str
    name: str
    zone: str
    hours: str
    holidays: str
    updated_at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    slug: str
    name: str
    zone: str
    hours: tuple[tuple[str, str], ...]
    holidays: str
    text: str
    year: CalendarYear | None
    problem: str
    may_change: bool
    may_retire: bool


@dataclass(frozen=True, slots=True)
class DayForm:
    key: str
    name: str
    windows: Windows


@dataclass(frozen=True, slots=True)
class CalendarFormPage:
    slug: str
    said: Mapping[str, Any]
    days: tuple[DayForm, ...]
    zones: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    text: str
    faults: tuple[str, ...]
    year: CalendarYear | None
    shown_year: int


def calendar_rows(words: Words) -> tuple[CalendarRow, ...]:
    return tuple(_row(row, words) for row in OwnCalendar.objects.filter(retired_at=None).order_by("name"))


def calendar_page(found: OwnCalendar, *, year: int, actor: Actor, words: Words) -> CalendarPage:
    calendar, problem = _read(found, words)
    return CalendarPage(
        slug=found.slug,
        name=found.name,
        zone=calendar.zone if calendar else "",
        hours=tuple(_hours(calendar, words)) if calendar else (),
        holidays=_holidays(calendar, words) if calendar else "",
        text=found.text,
        year=calendar_year(calendar, year, words) if calendar else None,
        problem=problem,
        may_change=can(actor, "calendar", "update"),
        may_retire=can(actor, "calendar", "delete"),
    )


def calendar_form_page(
    found: OwnCalendar | None,
    said: Mapping[str, Any],
    text: str,
    faults: tuple[str, ...],
    *,
    year: int,
    words: Words,
    add: str = "",
) -> CalendarFormPage:
    """The form.

    Takes    add  the day that gets one more empty row
    """
    calendar = None
    if text and not faults:
        calendar = read_calendar_text(text, name=str(said["id"]), words=words)
    week = zip(DAYS, said["week"], strict=True)
    return CalendarFormPage(
        slug=found.slug if found else "",
        said=said,
        days=tuple(DayForm(key, words(name), _rows(key, tuple(windows), add)) for (key, name), windows in week),
        zones=tuple(sorted(zone_names())),
        countries=countries(words.language),
        regions=regions(str(said["country"])) if said["country"] else (),
        text=calendar_yaml(calendar) if calendar else text,
        faults=faults,
        year=calendar_year(calendar, year, words) if calendar else None,
        shown_year=year,
    )


def _rows(day: str, windows: Windows, add: str) -> Windows:
    """The windows of a day, and an empty row where it is closed or one more was asked for."""
    return (*windows, ("", "")) if not windows or day == add else windows


def _read(found: OwnCalendar, words: Words) -> tuple[Calendar | None, str]:
    try:
        return read_calendar_text(found.text, name=found.slug, words=words), ""
    except UserError as error:
        error.translate(words)
        return None, str(error)


def _row(found: OwnCalendar, words: Words) -> CalendarRow:
    calendar, problem = _read(found, words)
    hours = "; ".join(f"{day} {told}" for day, told in _hours(calendar, words)) if calendar else ""
    return CalendarRow(
        slug=found.slug,
        name=found.name,
        zone=calendar.zone if calendar else "",
        hours=hours,
        holidays=_holidays(calendar, words) if calendar else "",
        updated_at=found.updated_at,
        problem=problem,
    )


def _hours(calendar: Calendar, words: Words) -> list[tuple[str, str]]:
    """`Monday–Thursday`, `09:00-14:00, 15:00-18:30`."""
    names = {key: words(name) for key, name in DAYS}
    found = []
    for days, told in week_words(calendar.week).items():
        first, _, final = days.partition("-")
        found.append((f"{names[first]}–{names[final]}" if final else names[first], told))
    return found


def _holidays(calendar: Calendar, words: Words) -> str:
    terms = calendar.holidays
    parts = []
    if terms.country:
        country = dict(countries(words.language)).get(terms.country, terms.country)
        region = dict(regions(terms.country)).get(terms.region, terms.region) if terms.region else ""
        parts.append(f"{country}, {region}" if region else country)
    if terms.dates:
        parts.append(words.plural("{n} own closed day", "{n} own closed days", len(terms.dates)))
    return ", ".join(parts) or words("none")
