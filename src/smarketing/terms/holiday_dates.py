"""Which dates a calendar is closed on beyond its week: a country's public holidays and its own list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_


def closed_dates(calendar: Calendar, first_on: date, until_on: date) -> frozenset[date]:
    """The holidays of a calendar in `[first_on, until_on)`; a DayHours of the same date still has the last word.

    Raises TermsError for a country or region that the `holidays` package does not know.
    """
    return frozenset(named_dates(calendar, first_on, until_on))


def named_dates(calendar: Calendar, first_on: date, until_on: date) -> dict[date, str]:
    """The same dates with their names; dates of the calendar's own list have an empty one."""
    terms = calendar.holidays
    named = dict.fromkeys(terms.dates, "")
    if terms.country:
        for year in range(first_on.year, until_on.year + 1):
            named.update(public_holidays(terms.country, terms.region, year))
    worked = frozenset(terms.open_on)
    return {on: name for on, name in sorted(named.items()) if first_on <= on < until_on and on not in worked}


@cache
def public_holidays(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of one year, days in lieu included, with their local names."""
    check_country(country, region)
    import holidays

    return dict(holidays.country_holidays(country, subdiv=region, years=year))


@cache
def check_country(country: str, region: str | None) -> None:
    """Raises TermsError unless the `holidays` package knows the country and its region."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        raise TermsError(
            N_('The holidays of the country "{country}" are not known.'),
            hint=N_("Write its ISO 3166 code in capitals, like ES or IT, or list the dates."),
            country=country,
        )
    if region is not None and region not in known[country]:
        some = ", ".join(sorted(known[country])[:12])
        raise TermsError(
            N_('The holidays of the region "{region}" of {country} are not known.'),
            hint=N_("Known regions: {some}.") if some else N_("This country has none; leave the region out."),
            region=region,
            country=country,
            some=some,
        )
