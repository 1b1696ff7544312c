"""When a team works: weekly hours, holidays and exceptions on one zone's clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from smarketing.terms.term import Term

Minute = Annotated[int, Field(ge=0, le=1440, description="minutes after local midnight; 1440 is 24:00")]


class Window(Term):
    """One stretch of a local day, `[opens, closes)`; a closing at or before the opening lies on the next day."""

    opens: Minute
    closes: Minute


class Holidays(Term):
    """Closed days: those of a country (from the pinned `holidays` package), listed ones, and exceptions to both."""

    country: str | None = Field(None, description="ISO 3166 code: ES")
    region: str | None = Field(None, description="subdivision code: MD")
    dates: tuple[date, ...] = Field((), description="closed dates of our own, iCal feeds included")
    open_on: tuple[date, ...] = Field((), description="dates that are worked although the list closes them")


class DayHours(Term):
    """The hours of one date, instead of its weekly hours or its holiday; no windows means closed."""

    on: date
    windows: tuple[Window, ...]


class Calendar(Term):
    """Weekly hours read on the clock of `zone`: an instant is open iff that clock shows a time inside a window."""

    id: str
    name: str = ""
    zone: str = Field(description="IANA name: Europe/Madrid")
    week: tuple[tuple[Window, ...], ...] = Field(description="seven entries, Monday first")
    holidays: Holidays = Holidays()
    exceptions: tuple[DayHours, ...] = ()
