"""A calendar as people write it: hours by weekday, holidays of a country, a list or a feed, and exceptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pydantic import Field

from smarketing.terms import hours as hour_words
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import Mistake, shown
from smarketing.terms.holiday_dates import check_country
from smarketing.terms.holiday_feed import feed_days
from smarketing.terms.language import N_
from smarketing.terms.term import Term
from smarketing.terms.yaml_nodes import Node
from smarketing.terms.yaml_shape import UNREAD, Place, Shape
from smarketing.terms.zones import check_zone

T = TypeVar("T")
P = ParamSpec("P")
Hours = str | tuple[str, ...]


class HolidaysForm(Term):
    """Closed days, as written."""

    country: str | None = Field(None, description="ISO 3166 code whose public holidays close: ES, IT, US")
    region: str | None = Field(None, description="subdivision of that country: MD")
    dates: tuple[date, ...] = Field((), description="closed dates of our own")
    open_on: tuple[date, ...] = Field((), description="dates that are worked although the list closes them")
    ical: str | None = Field(None, description="an .ics file beside this one; its all-day events close")


class CalendarForm(Term):
    """When a team works, as written."""

    id: str = Field(
        "", description="the name that commitments and parties use; the file's own name in a file of its own"
    )
    name: str = Field("", description="the name that people read")
    zone: str = Field(description="IANA name of the clock that the hours are read on: Europe/Madrid")
    hours: dict[str, Hours] = Field(
        description='days and their windows: "mon-thu: 09:00-14:00, 15:00-18:30"; days left out are closed'
    )
    holidays: HolidaysForm = Field(HolidaysForm(), description="closed days")
    exceptions: dict[date, Hours] = Field(
        {}, description='hours of one date instead of its own: "2026-12-31: 09:00-12:00"'
    )


class CalendarReader:
    """Reads calendars of one file; `folder` is where feeds are looked for, None where there can be none."""

    def __init__(self, folder: Path | None, name: str = "") -> None:
        self.folder = folder
        self.name = name

    def __call__(self, shape: Shape, node: Node, path: Place) -> Any:
        n_faults = len(shape.reading.faults)
        shape.places.setdefault(path, node.line)
        form = shape.rest(CalendarForm, node, path)
        if form is None:
            return UNREAD
        week = self._week(form, shape, path)
        calendar = {
            "id": form.id or self.name,
            "name": form.name,
            "zone": form.zone,
            "week": week,
            "holidays": self._holidays(form.holidays, shape, (*path, "holidays")),
            "exceptions": self._exceptions(form, shape, (*path, "exceptions")),
        }
        if not calendar["id"]:
            shape.fault((*path, "id"), N_('The key "{key}" is missing.'), N_('Add it: "id: office".'), key="id")
        tried(shape, (*path, "zone"), check_zone, form.zone)
        if len(shape.reading.faults) > n_faults:
            return UNREAD
        return Calendar.model_validate(calendar)

    def _week(self, form: CalendarForm, shape: Shape, path: Place) -> tuple[tuple[Window, ...], ...]:
        n_faults = len(shape.reading.faults)
        week: list[tuple[Window, ...] | None] = [None] * 7
        for written, text in form.hours.items():
            place = (*path, "hours", written)
            windows = tried(shape, place, hour_words.windows, joined(text))
            for day in tried(shape, place, hour_words.days, written) or ():
                if week[day] is not None:
                    name = hour_words.DAYS[day]
                    shape.fault(place, N_("{day} has its hours twice."), N_("Keep one of them."), day=name)
                week[day] = windows or ()
        filled = tuple(day or () for day in week)
        if len(shape.reading.faults) == n_faults and not any(filled) and not shape.is_refused((*path, "hours")):
            shape.fault(
                (*path, "hours"),
                N_("This calendar is never open, so no promise on it could be kept."),
                N_('Write the hours of at least one weekday: "mon-fri: 09:00-17:00".'),
            )
        self._check_nights(filled, shape, (*path, "hours"))
        return filled

    def _check_nights(self, week: tuple[tuple[Window, ...], ...], shape: Shape, path: Place) -> None:
        overlap = hour_words.overlap_in(week)
        if overlap:
            day, one, other = overlap
            shape.fault(
                path,
                N_("{one} of {day} reaches into {other} of the next day."),
                N_("Let one end where the other begins."),
                day=hour_words.DAYS[day],
                one=hour_words.window_words(one),
                other=hour_words.window_words(other),
            )

    def _exceptions(self, form: CalendarForm, shape: Shape, path: Place) -> tuple[DayHours, ...]:
        found = []
        for on, text in sorted(form.exceptions.items()):
            windows = tried(shape, (*path, on.isoformat()), hour_words.windows, joined(text))
            if windows is not None:
                found.append(DayHours(on=on, windows=windows))
        return tuple(found)

    def _holidays(self, form: HolidaysForm, shape: Shape, path: Place) -> Holidays:
        if form.region and not form.country:
            shape.fault((*path, "region"), N_("region has no country."), N_('Add "country:" with its ISO 3166 code.'))
        if form.country:
            tried(shape, (*path, "country"), check_country, form.country, form.region)
        for on in form.open_on:
            if on in form.dates:
                shape.fault((*path, "open_on"), N_("{on} is both closed and open."), N_("Keep it in one list."), on=on)
        fed = tried(shape, (*path, "ical"), self._feed, form.ical) if form.ical else None
        return Holidays(
            country=form.country,
            region=form.region,
            dates=tuple(sorted({*form.dates, *(fed or ())})),
            open_on=tuple(sorted(set(form.open_on))),
        )

    def _feed(self, name: str) -> tuple[date, ...]:
        """The days of the feed called `name`, which must lie in the folder of the file or below."""
        folder = self.folder.resolve() if self.folder else None
        path = (folder / name).resolve() if folder else None
        if path is None or folder is None or not path.is_relative_to(folder):
            raise Mistake(
                N_('"{name}" is not beside this file.'), N_("Copy the feed into its folder."), name=shown(name)
            )
        try:
            content = path.read_bytes()
        except (OSError, ValueError):  # absent, a folder, not readable, or a name that no system allows
            what = N_('The feed "{name}" cannot be read.')
            raise Mistake(what, N_("Copy it into the folder of this file."), name=shown(name)) from None
        return feed_days(content)


def joined(hours: Hours) -> str:
    return hours if isinstance(hours, str) else ", ".join(hours)


def tried(shape: Shape, path: Place, ask: Callable[P, T], *what: P.args, **named: P.kwargs) -> T | None:
    """What `ask` answers; None, and a fault at `path`, when it refuses."""
    try:
        return ask(*what, **named)
    except Mistake as mistake:
        shape.fault(path, mistake.sentence(shape.reading.words), mistake.advice(shape.reading.words))
    except TermsError as error:
        shape.fault(path, *error.sentences, **error.values)
    return None
