"""Closed dates: a country's, our own, and the ones worked all the same."""

from __future__ import annotations

from datetime import date

import pytest

from smarketing.terms.calendar import Calendar, Holidays
from smarketing.terms.errors import TermsError
from smarketing.terms.holiday_dates import closed_dates, named_dates


def closed(holidays: Holidays, first_on: date = date(2026, 1, 1), until_on: date = date(2027, 1, 1)) -> list[str]:
    calendar = Calendar(id="office", zone="Europe/Madrid", week=((),) * 7, holidays=holidays)
    return [on.isoformat() for on in sorted(closed_dates(calendar, first_on, until_on))]


def test_the_holidays_of_a_region() -> None:
    madrid = closed(Holidays(country="ES", region="MD"))
    assert {"2026-01-01", "2026-05-02", "2026-12-25"} <= set(madrid)
    assert "2026-05-02" not in closed(Holidays(country="ES", region="CT"))


def test_own_dates_are_added_and_worked_ones_taken_away() -> None:
    found = closed(Holidays(country="ES", dates=(date(2026, 8, 14),), open_on=(date(2026, 12, 8),)))
    assert "2026-08-14" in found
    assert "2026-12-08" not in found


def test_only_the_dates_asked_for() -> None:
    days = Holidays(dates=(date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1)))
    assert closed(days, date(2026, 1, 1), date(2026, 6, 1)) == ["2026-01-01"]


def test_holidays_have_names() -> None:
    calendar = Calendar(id="office", zone="UTC", week=((),) * 7, holidays=Holidays(country="IT"))
    assert named_dates(calendar, date(2026, 12, 25), date(2026, 12, 26))[date(2026, 12, 25)]


@pytest.mark.parametrize(
    "holidays", [Holidays(country="XX"), Holidays(country="es"), Holidays(country="ES", region="X")]
)
def test_an_unknown_country_or_region_is_refused(holidays: Holidays) -> None:
    with pytest.raises(TermsError, match="are not known"):
        closed(holidays)
