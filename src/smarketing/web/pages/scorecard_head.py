"""The top of a scorecard: which agreement, which period, as of when, and the ways to another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from smarketing.reports.spoken import day_words, instant_words, span_title
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain, Period, period_of
from smarketing.terms.zones import zone
from smarketing.web.pages.scorecard_query import Query

UNITS = {Grain.WEEK: N_("Week"), Grain.MONTH: N_("Month"), Grain.QUARTER: N_("Quarter"), Grain.YEAR: N_("Year")}


@dataclass(frozen=True, slots=True)
class Way:
    """A link with its name; `is_here` is where the reader is."""

    name: str
    href: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    agreement: str
    agreement_href: str
    version: str
    standing: str
    share_passed: float
    as_of: str
    age: str
    refresh_href: str
    earlier: Way
    later: Way
    today: Way
    units: tuple[Way, ...]
    others: tuple[Way, ...]
    path: str
    on: str
    unit: str
    zone: str
    week_href: str = ""


def head_of(
    query: Query,
    versions: tuple[Agreement, ...],
    *,
    at: datetime,
    now: datetime,
    words: Words,
    agreement_href: str,
    others: tuple[Way, ...] = (),
    week_href: str = "",
) -> Head:
    """What stands above the numbers, whether they are there or still being counted."""
    agreement = judging(versions, query.period)
    today = now.astimezone(zone(agreement.zone)).date()
    period, as_of_on = query.period, at.astimezone(zone(agreement.zone)).date()
    earlier, later = period.previous(), period.next()
    here = period_of(period.grain, today, week_starts_on=agreement.week_starts_on)
    return Head(
        title=span_title(period, words),
        agreement=agreement.title,
        agreement_href=agreement_href,
        version=words(
            "version {n}, in force since {day}", n=agreement.version, day=day_words(agreement.in_force.from_on, words)
        ),
        standing=_standing(period, as_of_on, words),
        share_passed=_passed(period, as_of_on) / period.n_days,
        as_of=instant_words(at, agreement.zone, words),
        age=age_words(at, now, words),
        refresh_href=query.href(at=None),
        earlier=Way(span_title(earlier, words), query.href(period=earlier.label, at=None)),
        later=Way(span_title(later, words), query.href(period=later.label, at=None)),
        today=Way(span_title(here, words), query.href(period=here.label, at=None), is_here=today in period),
        units=_units(query, agreement, today if today in period else period.latest_on, words),
        others=others,
        path=query.path,
        on=(today if today in period else period.from_on).isoformat(),
        unit=period.grain.value,
        zone=agreement.zone,
        week_href=week_href,
    )


def judging(versions: tuple[Agreement, ...], period: Period) -> Agreement:
    """The latest version that begins before the period ends; the first one for a period before all of them."""
    begun = [version for version in versions if version.in_force.from_on < period.until_on]
    return begun[-1] if begun else versions[0]


def _units(query: Query, agreement: Agreement, on: date, words: Words) -> tuple[Way, ...]:
    spans = {unit: period_of(unit, on, week_starts_on=agreement.week_starts_on) for unit in UNITS}
    is_one = ".." not in query.period.label
    return tuple(
        Way(words(name), query.href(period=spans[unit].label, at=None), is_one and unit is query.period.grain)
        for unit, name in UNITS.items()
    )


def _standing(period: Period, today: date, words: Words) -> str:
    facts = {"n": words.number(_passed(period, today)), "m": words.number(period.n_days)}
    if today >= period.until_on:
        return words("Closed: all {m} days have passed", **facts)
    if today < period.from_on:
        return words("It begins on {day}", day=words.day(period.from_on))
    return words("Day {n} of {m}", **facts)


def _passed(period: Period, today: date) -> int:
    """Days of the period that have begun."""
    return max(0, min((today - period.from_on).days + 1, period.n_days))


def age_words(at: datetime, now: datetime, words: Words) -> str:
    """`just now`, `3 min ago`: how old the numbers are."""
    age = now - at
    if age < timedelta(minutes=1):
        return words("just now")
    if age < timedelta(hours=1):
        return words("{n} min ago", n=words.number(floor(age.total_seconds() / 60)))
    if age < timedelta(days=2):
        return words("{n} h ago", n=words.number(floor(age.total_seconds() / 3600)))
    return words.plural("{n} day ago", "{n} days ago", age.days)
