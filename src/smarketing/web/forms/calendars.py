"""A calendar as a form says it, turned into the YAML that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import UserError
from smarketing.terms.faults import Mistake
from smarketing.terms.holiday_feed import LARGEST, feed_days
from smarketing.terms.hours import DAYS, day_words
from smarketing.terms.language import Words

MOST_WINDOWS = 24


def calendar_text(posted: QueryDict, feed: UploadedFile[Any] | None, words: Words) -> str:
    """The text of the calendar that the form says; JSON, which is YAML, so that every value is checked by the reader.

    Raises UserError when the feed cannot be read
    """
    holidays: dict[str, Any] = {}
    if country := posted.get("country", ""):
        holidays["country"] = country
        if region := posted.get("region", ""):
            holidays["region"] = region
    dates = dict.fromkeys([*_lines(posted, "dates"), *_fed(posted, feed, words)])
    if dates:
        holidays["dates"] = sorted(dates)
    if worked := _lines(posted, "open_on"):
        holidays["open_on"] = worked
    told: dict[str, Any] = {"id": posted.get("id", "").strip(), "name": posted.get("name", "").strip()}
    told |= {"zone": posted.get("zone", ""), "hours": _week(posted)}
    told |= {"holidays": holidays} if holidays else {}
    exceptions = dict(_exception(line) for line in _lines(posted, "exceptions"))
    told |= {"exceptions": exceptions} if exceptions else {}
    return json.dumps(told, ensure_ascii=False, indent=0)


def form_of(calendar: Calendar) -> dict[str, Any]:
    """What the form shows of a calendar."""
    holidays = calendar.holidays
    return {
        "id": calendar.id,
        "name": calendar.name,
        "zone": calendar.zone,
        "week": tuple(tuple(_ends(hours) for hours in day_words(day).split(", ") if day) for day in calendar.week),
        "country": holidays.country or "",
        "region": holidays.region or "",
        "dates": "\n".join(day.isoformat() for day in holidays.dates),
        "open_on": "\n".join(day.isoformat() for day in holidays.open_on),
        "exceptions": "\n".join(f"{day.on.isoformat()}: {day_words(day.windows)}" for day in calendar.exceptions),
    }


def form_said(posted: QueryDict) -> dict[str, Any]:
    """The form as it was filled in, for showing it again."""
    names = ("id", "name", "zone", "country", "region", "dates", "open_on", "exceptions")
    return {name: posted.get(name, "") for name in names} | {"week": tuple(_windows(posted, day) for day in DAYS)}


def empty_form(zone: str) -> dict[str, Any]:
    """Monday to Friday from nine to five."""
    plain: Mapping[str, str] = dict.fromkeys(("id", "name", "country", "region", "dates", "open_on", "exceptions"), "")
    week = tuple((("09:00", "17:00"),) if day < 5 else () for day in range(7))
    return {**plain, "zone": zone, "week": week}


def _week(posted: QueryDict) -> dict[str, str]:
    """Weekday → its windows. With `copy` Monday's hours are those of every working day."""
    found = {day: _windows(posted, day) for day in DAYS}
    if posted.get("copy"):
        found |= dict.fromkeys(DAYS[:5] if posted["copy"] == "week" else DAYS, found["mon"])
    return {day: ", ".join("-".join(ends) for ends in windows) for day, windows in found.items() if windows}


def _windows(posted: QueryDict, day: str) -> tuple[tuple[str, str], ...]:
    opens, closes = posted.getlist(f"{day}-opens")[:MOST_WINDOWS], posted.getlist(f"{day}-closes")[:MOST_WINDOWS]
    pairs = zip(opens, closes, strict=False)
    return tuple((one.strip(), other.strip()) for one, other in pairs if one.strip() or other.strip())


def _ends(hours: str) -> tuple[str, str]:
    opens, _, closes = hours.partition("-")
    return opens, closes


def _lines(posted: QueryDict, name: str) -> list[str]:
    return [line.strip() for line in posted.get(name, "").splitlines() if line.strip()]


def _exception(line: str) -> tuple[str, str]:
    """`2026-12-24: 09:00-13:00`; a date alone is closed."""
    on, _, hours = line.partition(":")
    return on.strip(), hours.strip() or "closed"


def _fed(posted: QueryDict, feed: UploadedFile[Any] | None, words: Words) -> list[str]:
    """The closed days of an iCal file, or of its pasted text."""
    content = feed.read(LARGEST + 1) if feed else posted.get("ical", "").strip().encode()
    if not content:
        return []
    try:
        return [day.isoformat() for day in feed_days(content)]
    except Mistake as mistake:
        raise UserError(mistake.sentence(words), hint=mistake.advice(words)) from None
