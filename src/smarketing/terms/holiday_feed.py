"""The closed days of an iCal feed: all-day events with their exclusive ends, repetitions, exceptions and moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from smarketing.terms.faults import Mistake, shown
from smarketing.terms.language import N_
from smarketing.terms.recurrence import days_of, read_rule

FROM_ON, UNTIL_ON = (
    date(2000, 1, 1),
    date(2050, 12, 31),
)  # a rule without end is spelled out for these years, both included
LARGEST = 1 << 19  # bytes; a country's feed of ten years has a twentieth of it
MOST_EVENTS = 2_000
MOST_RULES = 400
MOST_DAYS = 4_000
READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
LONGEST = 366
ONE_DAY = timedelta(1)


def feed_days(content: bytes) -> tuple[date, ...]:
    """The days that a feed closes, in order; cancelled events close nothing.

    Raises Mistake when it is no calendar, holds an event that is not of whole days, or asks for too much work.
    """
    listed = _events(content)
    moved = {(str(event.get("UID", "")), _day(event, "RECURRENCE-ID")) for event in listed if "RECURRENCE-ID" in event}
    events = [event for event in listed if str(event.get("STATUS", "")).upper() != "CANCELLED"]
    if sum("RRULE" in event for event in events) > MOST_RULES:
        raise _too_much()
    days: set[date] = set()
    for event in events:
        start, length = _stretch(event)
        uid = str(event.get("UID", ""))
        for begin in _begins(event, start):
            if "RECURRENCE-ID" in event or (uid, begin) not in moved:
                days.update(begin + timedelta(n) for n in range(length))
            if len(days) > MOST_DAYS:
                raise _too_much()
    return tuple(sorted(day for day in days if FROM_ON <= day <= UNTIL_ON))


def _too_much() -> Mistake:
    return Mistake(
        N_("The feed closes more days than a calendar has holidays."),
        N_("Keep only the holidays: at most {days} days, {rules} repeating events and half a megabyte."),
        days=MOST_DAYS,
        rules=MOST_RULES,
    )


def _events(content: bytes) -> list[Any]:
    from icalendar import Calendar

    if len(content) > LARGEST or content.upper().count(b"BEGIN:") > MOST_EVENTS:
        raise _too_much()
    try:
        feeds = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
        events = [event for feed in feeds for event in feed.walk("VEVENT")]
    except Exception:  # a torn feed reaches every corner of the parser: whatever it raises, the feed is not readable
        raise Mistake(N_("The feed is not an iCal calendar."), N_("Export it again as .ics.")) from None
    if not events or not any(feed.name == "VCALENDAR" for feed in feeds):
        raise Mistake(N_("The feed has no events."), N_("Export it again as .ics."))
    for event in events:
        if any(str(name).upper() in READ for name, _ in event.errors):
            what = N_('The event "{name}" of the feed cannot be read.')
            raise Mistake(what, N_("Correct it in the calendar that the feed comes from."), name=_name(event))
    return events


def _begins(event: Any, start: date) -> Iterator[date]:
    """The first day of each occurrence."""
    begins = {start, *_listed(event, "RDATE")}
    for rule in _as_list(event.get("RRULE")):
        text = rule.to_ical().decode().replace("\\", "")
        begins.update(days_of(read_rule(text), start, UNTIL_ON))
    yield from sorted(begins - set(_listed(event, "EXDATE")))


def _stretch(event: Any) -> tuple[date, int]:
    """The first day of an event and its length in days.

    Raises Mistake when it begins or ends within a day.
    """
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    length = getattr(event.get("DURATION"), "dt", None)
    if start is None or not _is_whole(start) or (end is not None and not _is_whole(end)):
        raise _partial(event)
    if end is None and isinstance(length, timedelta):
        n_days, rest = divmod(length, ONE_DAY)
        if rest:
            raise _partial(event)
    else:
        n_days = (_on(end) - _on(start)).days if end is not None else 1
    if not 0 <= n_days <= LONGEST or _on(start).year < 1900:
        raise Mistake(
            N_('The event "{name}" of the feed lasts {n} days from {start}.'),
            N_("Correct it in the calendar that the feed comes from."),
            name=_name(event),
            n=n_days,
            start=_on(start),
        )
    return _on(start), max(n_days, 1)


def _partial(event: Any) -> Mistake:
    return Mistake(
        N_('The event "{name}" of the feed does not last whole days.'),
        N_("Take it out of the feed; write shorter hours under exceptions."),
        name=_name(event),
    )


def _moment(event: Any, key: str) -> date | None:
    value = event.get(key)
    moment = getattr(value, "dt", None)
    if value is not None and not isinstance(moment, date):
        raise _partial(event)
    return moment


def _day(event: Any, key: str) -> date | None:
    moment = _moment(event, key)
    return None if moment is None else _on(moment)


def _is_whole(moment: date) -> bool:
    return not isinstance(moment, datetime) or moment.time() == time(0)


def _on(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _listed(event: Any, key: str) -> Iterable[date]:
    for listing in _as_list(event.get(key)):
        for entry in getattr(listing, "dts", ()):
            if isinstance(entry.dt, date):
                yield _on(entry.dt)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _name(event: Any) -> str:
    return shown(str(event.get("SUMMARY", "") or event.get("UID", "")))
