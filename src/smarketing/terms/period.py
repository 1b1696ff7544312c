"""The stretches of time that numbers belong to: days, weeks, months, quarters and years of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import EARLIEST_YEAR, EPOCH_ORDINAL, LATEST_YEAR, day_start

ONE_DAY = timedelta(days=1)
WeekStart = Literal["monday", "sunday"]


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
FORMS: tuple[tuple[Grain, re.Pattern[str]], ...] = (
    (Grain.DAY, re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")),
    (Grain.WEEK, re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)")),
    (Grain.WEEK, re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)/P1W")),
    (Grain.QUARTER, re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")),
    (Grain.MONTH, re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)")),
    (Grain.YEAR, re.compile(r"(?P<year>\d{4})")),
)
HINT = N_(
    "Write 2024, 2024-Q2, 2024-05, 2024-W18, 2024-05-03, 2024-04-28/P1W or a range of two, like 2024-01..2024-03."
)


@dataclass(frozen=True, slots=True)
class Period:
    """The local dates `[from_on, until_on)`, cut into pieces of one `grain`; mostly one piece, a range has several.

    `label` is the text that `read_period` reads back: 2024-05, 2024-W18, 2024-Q2, 2024, 2024-05-03,
    2024-04-28/P1W (the week that starts on that Sunday), 2024-01..2024-03.
    """

    grain: Grain
    label: str
    from_on: date
    until_on: date

    @property
    def latest_on(self) -> date:
        """The last local date inside."""
        return self.until_on - ONE_DAY

    @property
    def n_days(self) -> int:
        return (self.until_on - self.from_on).days

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.from_on + timedelta(days=n) for n in range(self.n_days))

    @property
    def week_starts_on(self) -> WeekStart:
        """The day its weeks begin on; Monday for everything that is no week."""
        return "sunday" if self.grain is Grain.WEEK and self.from_on.isoweekday() == 7 else "monday"

    def bounds(self, zone: str) -> tuple[int, int]:
        """`[start, end)` in microseconds UTC on the clock of `zone`; equal for a date that the zone skipped."""
        return day_start(zone, self.from_on), day_start(zone, self.until_on)

    def pieces(self) -> tuple[Period, ...]:
        """The periods of its own grain it is made of."""
        return periods_between(self.grain, self.from_on, self.until_on, week_starts_on=self.week_starts_on)

    def next(self) -> Period:
        """The period of equally many pieces that follows."""
        return self._shifted(len(self.pieces()))

    def previous(self) -> Period:
        return self._shifted(-len(self.pieces()))

    def __contains__(self, on: date) -> bool:
        return self.from_on <= on < self.until_on

    def __str__(self) -> str:
        return self.label

    def _shifted(self, n: int) -> Period:
        pieces = self.pieces()
        first, last = (_step(piece, n) for piece in (pieces[0], pieces[-1]))
        return first if len(pieces) == 1 else _joined(first, last)


def read_period(text: str) -> Period:
    """The period of a label.

    Raises TermsError when the text is no period, or one outside the years 1900–2199.
    """
    words = text.strip().upper()
    if ".." in words:
        first, _, last = words.partition("..")
        return _joined(_read_piece(first, text), _read_piece(last, text))
    return _read_piece(words, text)


def period_of(grain: Grain, on: date, *, week_starts_on: WeekStart = "monday") -> Period:
    """The period of that grain which holds the local date `on`."""
    match grain:
        case Grain.DAY:
            return Period(grain, on.isoformat(), on, on + ONE_DAY)
        case Grain.WEEK if week_starts_on == "sunday":
            first = on - timedelta(days=on.isoweekday() % 7)
            return Period(grain, f"{first}/P1W", first, first + timedelta(days=7))
        case Grain.WEEK:
            year, week, weekday = on.isocalendar()
            first = on - timedelta(days=weekday - 1)
            return Period(grain, f"{year}-W{week:02}", first, first + timedelta(days=7))
        case Grain.QUARTER:
            quarter = (on.month + 2) // 3
            first = date(on.year, 3 * quarter - 2, 1)
            return Period(grain, f"{on.year}-Q{quarter}", first, _months_later(first, 3))
        case Grain.MONTH:
            first = on.replace(day=1)
            return Period(grain, f"{first:%Y-%m}", first, _months_later(first, 1))
        case Grain.YEAR:
            return Period(grain, str(on.year), date(on.year, 1, 1), date(on.year + 1, 1, 1))


def periods_between(
    grain: Grain, from_on: date, until_on: date, *, week_starts_on: WeekStart = "monday"
) -> tuple[Period, ...]:
    """Every period of that grain which shares a day with `[from_on, until_on)`, earliest first."""
    return tuple(_walk(grain, from_on, until_on, week_starts_on))


def _walk(grain: Grain, on: date, until_on: date, week_starts_on: WeekStart) -> Iterator[Period]:
    while on < until_on:
        period = period_of(grain, on, week_starts_on=week_starts_on)
        yield period
        on = period.until_on


def _read_piece(words: str, text: str) -> Period:
    for grain, pattern in FORMS:
        found = pattern.fullmatch(words.strip())
        if found:
            return _checked(grain, {name: int(number) for name, number in found.groupdict().items()}, text)
    raise TermsError(N_('"{text}" is not a period.'), hint=HINT, text=text)


def _checked(grain: Grain, parts: dict[str, int], text: str) -> Period:
    if not EARLIEST_YEAR <= parts["year"] < LATEST_YEAR:
        raise TermsError(N_('"{text}" is outside the years 1900–2199.'), hint=HINT, text=text)
    try:
        if "week" in parts:
            return period_of(grain, date.fromisocalendar(parts["year"], parts["week"], 1))
        month = parts.get("month", 3 * parts.get("quarter", 1) - 2)
        on = date(parts["year"], month, parts.get("day", 1))
    except ValueError:
        raise TermsError(N_('"{text}" does not exist in the calendar.'), hint=HINT, text=text) from None
    if grain is not Grain.WEEK:
        return period_of(grain, on)
    if on.isoweekday() not in (1, 7):
        raise TermsError(N_('"{text}" is no week: {on} is neither a Monday nor a Sunday.'), hint=HINT, text=text, on=on)
    return period_of(grain, on, week_starts_on="sunday" if on.isoweekday() == 7 else "monday")


def _joined(first: Period, last: Period) -> Period:
    if last.until_on <= first.from_on:
        raise TermsError(N_('"{text}" ends before it begins.'), hint=HINT, text=f"{first}..{last}")
    same = first.grain is last.grain and first.week_starts_on == last.week_starts_on
    return Period(first.grain if same else Grain.DAY, f"{first}..{last}", first.from_on, last.until_on)


def _step(period: Period, n: int) -> Period:
    """The period `n` pieces later."""
    if period.grain in MONTHS:
        on = _months_later(period.from_on, n * MONTHS[period.grain])
    else:
        on = period.from_on + timedelta(days=n * period.n_days)
    return period_of(period.grain, on, week_starts_on=period.week_starts_on)


def _months_later(first: date, n: int) -> date:
    months = first.year * 12 + first.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def day_number(on: date) -> int:
    """Days since 1970-01-01: the number that LocalDays and date columns use."""
    return on.toordinal() - EPOCH_ORDINAL
