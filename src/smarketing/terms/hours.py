"""Working hours as people write them: `mon-thu: 09:00-14:00, 15:00-18:30`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from smarketing.terms.calendar import Window
from smarketing.terms.faults import Mistake, nearest, shown
from smarketing.terms.language import N_

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"
MIDNIGHT = 1440
MOST_WINDOWS = 24
WINDOW = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")
WITH_SECONDS = re.compile(r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}")
DAYS_HINT = N_('Write mon, tue, wed, thu, fri, sat, sun or a range: "mon-fri".')
WINDOW_HINT = N_('Write "09:00-14:00, 15:00-18:30", or "closed".')


def days(text: str) -> tuple[int, ...]:
    """The weekdays, Monday 0, of `mon`, `mon-fri` or `mon, wed-thu`.

    Raises Mistake for anything else.
    """
    named: list[int] = []
    for part in text.split(","):
        first, _, final = part.partition("-")
        start = _day(first, text)
        end = _day(final, text) if final else start
        named += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return tuple(named)


def _day(name: str, text: str) -> int:
    word = name.strip().lower()
    for position, full in enumerate(DAY_NAMES):
        if word in (DAYS[position], full):
            return position
    meant = nearest(word, [*DAYS, *DAY_NAMES])
    hint = N_('Did you mean "{meant}"?') if meant else DAYS_HINT
    raise Mistake(N_('"{value}" is no day of the week.'), hint, value=shown(text), meant=meant)


def windows(text: str) -> tuple[Window, ...]:
    """The windows of one day, in the order of their opening; `closed` has none.

    Raises Mistake for anything that is not a list of hours, or that overlaps.
    """
    if text.strip().lower() == CLOSED:
        return ()
    parts = text.split(",")
    if len(parts) > MOST_WINDOWS:
        raise Mistake(
            N_("One day has {n} windows."), N_("Join them: at most {most} a day."), n=len(parts), most=MOST_WINDOWS
        )
    found = tuple(sorted((_window(part.strip()) for part in parts), key=lambda window: window.opens))
    check_apart(found, text)
    return found


def _window(text: str) -> Window:
    found = WINDOW.fullmatch(text)
    if not found:
        hint = N_("Hours have minutes and no seconds: 09:30.") if WITH_SECONDS.search(text) else WINDOW_HINT
        raise Mistake(N_('"{value}" is no stretch of hours.'), hint, value=shown(text))
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if opens >= MIDNIGHT or closes > MIDNIGHT or from_minute > 59 or to_minute > 59:
        raise Mistake(
            N_('"{value}" is not on the clock.'),
            N_("A day runs from 00:00 to 24:00; a window past midnight ends on the next day: 22:00-06:00."),
            value=shown(text),
        )
    if opens == closes:
        raise Mistake(
            N_('"{value}" opens and closes at the same time.'),
            N_("Write 00:00-24:00 for a whole day, or closed."),
            value=shown(text),
        )
    return Window(opens=opens, closes=closes or MIDNIGHT)


def check_apart(day: Sequence[Window], text: str) -> None:
    """Raises Mistake when two windows of one day overlap; touching ones are fine."""
    for one, other in pairwise(day):
        if other.opens < end_of(one):
            raise Mistake(
                N_('In "{value}" the windows {one} and {other} overlap.'),
                N_("Join them, or move one."),
                value=shown(text),
                one=window_words(one),
                other=window_words(other),
            )


def end_of(window: Window) -> int:
    """Minutes after the midnight on which the window's day begins; above 1440 when it ends on the next day."""
    return window.closes if window.closes > window.opens else window.closes + MIDNIGHT


def overlap_in(week: Sequence[Sequence[Window]]) -> tuple[int, Window, Window] | None:
    """The first weekday with a window that reaches into the next day's, and the two windows."""
    for position, day in enumerate(week):
        tomorrow = week[(position + 1) % 7]
        if day and tomorrow and end_of(day[-1]) - MIDNIGHT > tomorrow[0].opens:
            return position, day[-1], tomorrow[0]
    return None


def window_words(window: Window) -> str:
    return f"{_time(window.opens)}-{_time(window.closes)}"


def day_words(day: Sequence[Window]) -> str:
    """What `windows` reads back: `09:00-14:00, 15:00-18:30` or `closed`."""
    return ", ".join(window_words(window) for window in day) or CLOSED


def week_words(week: Sequence[Sequence[Window]]) -> dict[str, str]:
    """The open days of a week, neighbours with equal hours as one range: `{"mon-thu": "09:00-17:00"}`."""
    ranges = {}
    for hours, group in groupby(range(7), key=lambda day: day_words(week[day])):
        named = list(group)
        if hours != CLOSED:
            ranges[DAYS[named[0]] + (f"-{DAYS[named[-1]]}" if len(named) > 1 else "")] = hours
    return ranges


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
