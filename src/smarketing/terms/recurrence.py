"""The days on which a yearly, monthly, weekly or daily iCal rule falls, found in bounded time.

Holiday feeds need a small part of RFC 5545. A general expander walks to the year 9999 when a rule never falls
(30 February), so a small feed could stop the program for hours; here every period between start and horizon is
looked at once.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from smarketing.terms.faults import Mistake, shown
from smarketing.terms.language import N_

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"}
NUMBERED = {"INTERVAL": (1, 9999), "COUNT": (1, 99_999)}
HINT = N_("A holiday repeats yearly, monthly, weekly or daily; list other dates one by one.")


@dataclass(frozen=True, slots=True)
class Rule:
    """`by_day` pairs the ordinal (0: every one) with the weekday, Monday 0."""

    every: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_position: tuple[int, ...] = ()
    week_starts_on: int = 0


def read_rule(text: str) -> Rule:
    """The rule of an RRULE's value: `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.

    Raises Mistake when it is torn or repeats in a way that no holiday does.
    """
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";") if part)
    unknown = set(parts) - KNOWN
    every = parts.get("FREQ", "")
    if unknown or every not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        raise Mistake(N_('The rule "{rule}" repeats in a way that no holiday does.'), HINT, rule=shown(text))
    try:
        rule = Rule(
            every=every,
            interval=_number(parts.get("INTERVAL", "1"), *NUMBERED["INTERVAL"]),
            count=_number(parts["COUNT"], *NUMBERED["COUNT"]) if "COUNT" in parts else None,
            until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
            by_month=_numbers(parts.get("BYMONTH", ""), 1, 12),
            by_month_day=_numbers(parts.get("BYMONTHDAY", ""), -31, 31),
            by_day=_by_day(parts.get("BYDAY", "")),
            by_position=_numbers(parts.get("BYSETPOS", ""), -366, 366),
            week_starts_on=WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError:
        raise Mistake(N_('The rule "{rule}" cannot be read.'), HINT, rule=shown(text)) from None
    counts_weekdays = any(ordinal for ordinal, _ in rule.by_day)
    if counts_weekdays and (rule.by_month_day or every in ("WEEKLY", "DAILY")):
        raise Mistake(N_('The rule "{rule}" cannot be read.'), HINT, rule=shown(text))
    return rule


def days_of(rule: Rule, start: date, horizon: date) -> Iterator[date]:
    """Every day of the rule from `start`, if the rule falls on it, up to `horizon`, which is included."""
    until = min(rule.until or horizon, horizon)
    remaining = rule.count if rule.count is not None else -1
    for candidates in _periods(rule, start, until):
        for day in _chosen(rule, candidates):
            if day > until or remaining == 0:
                return
            if day >= start:
                remaining -= 1
                yield day


def _periods(rule: Rule, start: date, until: date) -> Iterator[list[date]]:
    """The days that the rule allows in each period, one period after the other."""
    if rule.every == "YEARLY":
        for year in range(start.year, until.year + 1, rule.interval):
            yield _of_year(rule, start, year)
    elif rule.every == "MONTHLY":
        first = start.year * 12 + start.month - 1
        for month in range(first, until.year * 12 + until.month, rule.interval):
            yield _of_month(rule, start, month // 12, month % 12 + 1)
    else:
        yield from _short_periods(rule, start, until)


def _short_periods(rule: Rule, start: date, until: date) -> Iterator[list[date]]:
    length = 7 if rule.every == "WEEKLY" else 1
    first = start - timedelta((start.weekday() - rule.week_starts_on) % 7) if length == 7 else start
    weekdays = {weekday for _, weekday in rule.by_day} or ({start.weekday()} if length == 7 else set(range(7)))
    for begin in range(first.toordinal(), until.toordinal() + 1, length * rule.interval):
        days = [date.fromordinal(day) for day in range(begin, begin + length)]
        yield [day for day in days if day.weekday() in weekdays and _is_allowed(rule, day)]


def _is_allowed(rule: Rule, day: date) -> bool:
    """Whether the rule's months and days of the month let a day in."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    return not rule.by_month_day or day.day in rule.by_month_day or day.day - length - 1 in rule.by_month_day


def _of_month(rule: Rule, start: date, year: int, month: int) -> list[date]:
    if rule.by_month and month not in rule.by_month:
        return []
    days = [date(year, month, number + 1) for number in range(calendar.monthrange(year, month)[1])]
    if not rule.by_day and not rule.by_month_day:
        return [day for day in days if day.day == start.day]
    return [day for day in days if _is_allowed(rule, day) and _is_weekday(rule, day, days)]


def _of_year(rule: Rule, start: date, year: int) -> list[date]:
    if rule.by_day and not rule.by_month and not rule.by_month_day:
        first = date(year, 1, 1).toordinal()
        days = [date.fromordinal(first + number) for number in range(366 if calendar.isleap(year) else 365)]
        return [day for day in days if _is_weekday(rule, day, days)]
    months = rule.by_month or (range(1, 13) if rule.by_month_day else (start.month,))
    return [day for month in sorted(set(months)) for day in _of_month(rule, start, year, month)]


def _is_weekday(rule: Rule, day: date, among: list[date]) -> bool:
    """Whether a day is one of the rule's weekdays, counted from either end of `among`."""
    if not rule.by_day:
        return True
    position = (day - among[0]).days
    from_start, from_end = position // 7 + 1, -((len(among) - 1 - position) // 7 + 1)
    return any(day.weekday() == weekday and n in (0, from_start, from_end) for n, weekday in rule.by_day)


def _chosen(rule: Rule, candidates: list[date]) -> list[date]:
    if not rule.by_position:
        return candidates
    n = len(candidates)
    return sorted({candidates[p - 1 if p > 0 else p] for p in rule.by_position if 0 < abs(p) <= n})


def _number(text: str, least: int, most: int) -> int:
    number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,5}", text) else 0
    if not number or not least <= number <= most:
        raise ValueError(text)
    return number


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(_number(part, least, most) for part in text.split(",")) if text else ()


def _by_day(text: str) -> tuple[tuple[int, int], ...]:
    named = []
    for part in text.split(",") if text else ():
        found = BY_DAY.fullmatch(part)
        if not found or (found[1] and not 0 < abs(int(found[1])) <= 53):
            raise ValueError(part)
        named.append((int(found[1] or 0), WEEKDAYS.index(found[2])))
    return tuple(named)


def _until(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
