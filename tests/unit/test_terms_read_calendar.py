"""Calendars as people write them: days, windows, holidays and exceptions, and what is said when they do not work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.agreement_files import changed, fault, faults

from smarketing.terms.calendar import Calendar, DayHours, Window
from smarketing.terms.faults import Mistake, UnreadableTerms
from smarketing.terms.hours import days, week_words, windows
from smarketing.terms.read_yaml import read_calendar

OFFICE = """\
zone: Europe/Madrid
hours:
  mon-thu: 09:00-14:00, 15:00-18:30
  fri: [09:00-12:00, 12:30-15:00]
holidays: {country: ES, region: MD, dates: [2026-12-24, 2026-12-24], open_on: [2026-05-01]}
exceptions: {2026-12-31: 09:00-12:00, 2026-08-14: closed}
"""


def calendar(text: str, folder: Path) -> Calendar:
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    return read_calendar(folder / "office.yaml")


def refusal(text: str, folder: Path) -> list[str]:
    with pytest.raises(UnreadableTerms) as refused:
        calendar(text, folder)
    return [f"{fault.line}: {fault.what} {fault.hint}" for fault in refused.value.faults]


def test_a_file_may_be_one_calendar_called_as_the_file_is(tmp_path: Path) -> None:
    read = calendar(OFFICE, tmp_path)
    assert (read.id, read.zone) == ("office", "Europe/Madrid")
    assert read.week[0] == read.week[3] == (Window(opens=540, closes=840), Window(opens=900, closes=1110))
    assert read.week[4] == (Window(opens=540, closes=720), Window(opens=750, closes=900))
    assert read.week[5] == read.week[6] == ()
    assert read.holidays.dates == (date(2026, 12, 24),)
    assert read.exceptions == (
        DayHours(on=date(2026, 8, 14), windows=()),
        DayHours(on=date(2026, 12, 31), windows=(Window(opens=540, closes=720),)),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mon", (0,)),
        ("Monday", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat - mon", (5, 6, 0)),
        ("mon, wed-thu", (0, 2, 3)),
        ("sun", (6,)),
    ],
)
def test_days(written: str, meant: tuple[int, ...]) -> None:
    assert days(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("09:00-17:00", [(540, 1020)]),
        ("9:00-17:00", [(540, 1020)]),
        ("09:00 – 17:00", [(540, 1020)]),
        ("15:00-18:30, 09:00-14:00", [(540, 840), (900, 1110)]),
        ("00:00-24:00", [(0, 1440)]),
        ("22:00-06:00", [(1320, 360)]),
        ("18:00-24:00", [(1080, 1440)]),
        ("18:00-00:00", [(1080, 1440)]),
        ("09:00-12:00, 12:00-15:00", [(540, 720), (720, 900)]),
        ("closed", []),
        ("Closed", []),
    ],
)
def test_windows(written: str, meant: list[tuple[int, int]]) -> None:
    assert [(window.opens, window.closes) for window in windows(written)] == meant


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("09:00-25:00", "is not on the clock"),
        ("24:00-06:00", "is not on the clock"),
        ("09:60-17:00", "is not on the clock"),
        ("09:00-24:30", "is not on the clock"),
        ("09:00-09:00", "opens and closes at the same time"),
        ("00:00-00:00", "Write 00:00-24:00 for a whole day"),
        ("09:00-13:00, 12:00-18:00", "the windows 09:00-13:00 and 12:00-18:00 overlap"),
        ("22:00-06:00, 23:00-23:30", "overlap"),
        ("09:00:00-17:00:00", "no seconds"),
        ("9-17", 'Write "09:00-14:00, 15:00-18:30", or "closed".'),
        ("all day", "no stretch of hours"),
        ("", "no stretch of hours"),
        (", ".join(["09:00-10:00"] * 200), "One day has 200 windows."),
    ],
)
def test_hours_that_cannot_be(written: str, expected: str) -> None:
    with pytest.raises(Mistake, match=expected.replace("(", r"\(")):
        windows(written)


def test_an_unknown_day_with_its_nearest_neighbour() -> None:
    assert fault("      fri: 09:00-15:00", "      fryday: 09:00-15:00") == (
        '28: "fryday" is no day of the week. Did you mean "friday"?'
    )


def test_a_day_with_two_hours() -> None:
    assert (
        fault("      fri: 09:00-15:00", "      thu-fri: 09:00-15:00")
        == "28: thu has its hours twice. Keep one of them."
    )


def test_windows_lost_in_braces_are_found() -> None:
    """In braces a comma begins a new key, so the second window would silently vanish."""
    found = faults(changed("{2026-12-31: 09:00-12:00, 2026-08-14: closed}", "{2026-12-31: 09:00-12:00, 13:00-15:00}"))
    assert found[0].startswith('30: exceptions "13:00-15:00" is not a date.')


def test_a_calendar_that_is_never_open(tmp_path: Path) -> None:
    closed = "zone: UTC\nhours: {mon-sun: closed}\nexceptions: {2026-01-01: 09:00-12:00}\n"
    assert refusal(closed, tmp_path) == [
        "2: This calendar is never open, so no promise on it could be kept. "
        'Write the hours of at least one weekday: "mon-fri: 09:00-17:00".'
    ]


def test_a_night_that_reaches_into_the_next_morning(tmp_path: Path) -> None:
    night = "zone: UTC\nhours:\n  mon: 22:00-06:00\n  tue: 05:00-13:00\n"
    assert refusal(night, tmp_path) == [
        "2: 22:00-06:00 of mon reaches into 05:00-13:00 of the next day. Let one end where the other begins."
    ]


def test_a_night_that_ends_where_the_morning_begins(tmp_path: Path) -> None:
    assert calendar("zone: UTC\nhours:\n  sun: 22:00-06:00\n  mon: 06:00-13:00\n", tmp_path).week[6]


@pytest.mark.parametrize(
    "zone",
    ["Europe/Madird", "madrid", "CEST", "GMT+5", "../../etc/passwd", "US/Pacific-New", "x" * 10_000, "europe/madrid"],
)
def test_a_zone_that_is_not(zone: str, tmp_path: Path) -> None:
    found = refusal(OFFICE.replace("Europe/Madrid", zone), tmp_path)
    assert len(found) == 1
    assert found[0].startswith("1: ")
    assert "is not a time zone" in found[0]
    assert len(found[0]) < 300


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("country: ES, region: MD", "country: XX", 29),
        ("country: ES, region: MD", "country: ES, region: ZZ", 29),
        ("country: ES, region: MD", "region: MD", 29),
    ],
)
def test_holidays_that_nobody_knows(old: str, new: str, line: int) -> None:
    assert fault(old, new).startswith(f"{line}: ")


def test_a_date_both_closed_and_open() -> None:
    assert fault("dates: [2026-12-24]", "dates: [2026-12-24], open_on: [2026-12-24]") == (
        "29: 2026-12-24 is both closed and open. Keep it in one list."
    )


def test_a_calendar_without_hours() -> None:
    found = faults(changed("    hours:\n      mon-thu: 09:00-14:00, 15:00-18:30\n      fri: 09:00-15:00\n", ""))
    assert found == ['24: The key "hours" is missing. Add it: "hours: {mon-fri: 09:00-17:00}".']


def test_a_calendar_in_an_agreement_needs_an_id() -> None:
    found = faults(changed("  - id: office\n    zone", "  - zone"))
    assert found == ['24: The key "id" is missing. Add it: "id: office".']


def test_faults_of_one_calendar_come_together() -> None:
    text = changed("mon-thu: 09:00-14:00", "mon-thu: 09:00-16:00", changed("country: ES", "country: XX"))
    text = changed("    zone: Europe/Madrid\n    hours", "    zone: Europe/Madird\n    hours", text)
    assert [found.split(":")[0] for found in faults(text)] == ["25", "27", "29"]


def test_a_week_in_words_reads_back(tmp_path: Path) -> None:
    read = calendar(OFFICE, tmp_path)
    assert week_words(read.week) == {"mon-thu": "09:00-14:00, 15:00-18:30", "fri": "09:00-12:00, 12:30-15:00"}
