"""iCal feeds: whole days with exclusive ends, repetitions in bounded time, moves and cancellations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement_files import agreement, changed, faults

from smarketing.terms.faults import Mistake
from smarketing.terms.holiday_feed import feed_days
from smarketing.terms.recurrence import days_of, read_rule


def feed(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{body}END:VCALENDAR\n".encode()


def days(*events: str) -> list[str]:
    return [day.isoformat() for day in feed_days(feed(*events))]


def test_an_all_day_event_ends_before_its_end() -> None:
    assert days("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226") == ["2026-12-24", "2026-12-25"]


@pytest.mark.parametrize("end", ["", "DTEND;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261225", "DURATION:P1D"])
def test_a_single_day(end: str) -> None:
    assert days(f"DTSTART;VALUE=DATE:20261224\n{end}") == ["2026-12-24"]


def test_a_year_long_repetition_without_end_is_spelled_out() -> None:
    found = days("DTSTART;VALUE=DATE:20240106\nRRULE:FREQ=YEARLY")
    assert found[0] == "2024-01-06"
    assert found[-1] == "2050-01-06"
    assert len(found) == 27


def test_leap_day_comes_only_in_leap_years() -> None:
    assert days("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;UNTIL=20350101")[:3] == [
        "2024-02-29",
        "2028-02-29",
        "2032-02-29",
    ]


def test_thanksgiving() -> None:
    rule = "DTSTART;VALUE=DATE:20241128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3"
    assert days(rule) == ["2024-11-28", "2025-11-27", "2026-11-26"]


def test_an_occurrence_left_out_and_one_moved() -> None:
    found = days(
        "UID:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20270101",
        "UID:x\nRECURRENCE-ID;VALUE=DATE:20280101\nDTSTART;VALUE=DATE:20280103",
    )
    assert found == ["2026-01-01", "2028-01-03"]


def test_dates_added_to_an_event() -> None:
    assert days("DTSTART;VALUE=DATE:20260101\nRDATE;VALUE=DATE:20260301,20260401") == [
        "2026-01-01",
        "2026-03-01",
        "2026-04-01",
    ]


def test_a_cancelled_event_closes_nothing() -> None:
    assert days("DTSTART;VALUE=DATE:20260101\nSTATUS:CANCELLED") == []


def test_midnight_to_midnight_is_a_whole_day_in_whatever_zone() -> None:
    assert days("DTSTART;TZID=Nowhere/Known:20260501T000000\nDTEND;TZID=Nowhere/Known:20260502T000000") == [
        "2026-05-01"
    ]


def test_windows_zones_that_begin_in_1601_do_no_harm() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    zone += "END:STANDARD\nEND:VTIMEZONE\n"
    content = feed("DTSTART;VALUE=DATE:20260501").replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT", 1)
    assert feed_days(content) == (date(2026, 5, 1),)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "SUMMARY:Lunch\nDTSTART:20260501T120000Z\nDTEND:20260501T130000Z",
            '"Lunch" of the feed does not last whole days',
        ),
        ("DTSTART;VALUE=DATE:20260501\nDURATION:PT6H", "does not last whole days"),
        ("SUMMARY:nothing", "does not last whole days"),
        ("SUMMARY:Odd\nDTSTART;VALUE=DATE:2026ABCD", 'The event "Odd" of the feed cannot be read'),
        ("DTSTART;VALUE=DATE:16010101\nRRULE:FREQ=YEARLY", "lasts 1 days from 1601-01-01"),
        ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20360101", "lasts 3652 days"),
        ("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260101", "lasts -4 days"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY", "repeats in a way that no holiday does"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYEASTER=0", "repeats in a way that no holiday does"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=13", "cannot be read"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYDAY=ZZ", "cannot be read"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;UNTIL=soon", "cannot be read"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;INTERVAL=0", "cannot be read"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;BYDAY=4TH", "cannot be read"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYDAY=99MO", "cannot be read"),
        ("DTSTART;VALUE=DATE:20000101\nRRULE:FREQ=DAILY", "more days than a calendar has holidays"),
    ],
)
def test_events_that_are_no_holidays(event: str, expected: str) -> None:
    with pytest.raises(Mistake, match=expected):
        days(event)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"BEGIN:VEVENT\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 1_900,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 3_000 + b"END:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nX:" + b"x" * (1 << 20) + b"\nEND:VCALENDAR\n",
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(Mistake):
        feed_days(content)


def test_a_thousand_rules_are_refused_before_they_are_followed() -> None:
    with pytest.raises(Mistake, match="more days than"):
        days(*["DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"] * 500)


PARTS = ["INTERVAL=2", "INTERVAL=5", "COUNT=7", "UNTIL=20310630", "BYMONTH=2,11", "BYMONTHDAY=29,-1", "BYMONTHDAY=13"]
PARTS += ["BYDAY=MO,SU", "BYDAY=4TH", "BYDAY=-1FR", "BYDAY=2TU,-2WE", "BYSETPOS=1", "BYSETPOS=-2", "WKST=SU"]
RULES = st.builds(
    lambda every, parts: ";".join([f"FREQ={every}", *parts]),
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]),
    st.lists(
        st.sampled_from(PARTS),
        max_size=3,
        unique_by=lambda part: part.partition("=")[0],
    ),
)


@settings(deadline=None, max_examples=150)
@given(rule=RULES, start=st.dates(date(2016, 1, 1), date(2028, 12, 31)))
def test_rules_fall_where_a_general_expander_finds_them(rule: str, start: date) -> None:
    """Not compared: combinations that RFC 5545 forbids, and what only an expander without horizon would reach."""
    counts_weekdays = any(mark in rule for mark in ("4TH", "-1FR", "2TU"))
    is_forbidden = counts_weekdays and ("BYMONTHDAY" in rule or "WEEKLY" in rule or "DAILY" in rule)
    is_forbidden |= "BYSETPOS" in rule and not any(mark in rule for mark in ("BYMONTH=", "BYMONTHDAY", "BYDAY"))
    if is_forbidden or ("WEEKLY" in rule and "BYMONTHDAY" in rule) or ("UNTIL" in rule and "COUNT" in rule):
        return
    if "WEEKLY" in rule and "BYSETPOS" in rule:  # the expander counts positions of the first week from the start only
        start -= timedelta(days=(start.weekday() + ("WKST=SU" in rule)) % 7)
    horizon = date(2034, 12, 31)
    expander = rrulestr(rule, dtstart=datetime(start.year, start.month, start.day))
    expected = [at.date() for at in expander.between(datetime(2016, 1, 1), datetime(2034, 12, 31), inc=True)]
    assert list(days_of(read_rule(rule), start, horizon)) == expected


def test_a_rule_that_never_falls_ends() -> None:
    assert list(days_of(read_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), date(1900, 1, 1), date(2050, 12, 31))) == []


def with_feed(name: str) -> str:
    return changed("dates: [2026-12-24]", f"dates: [2026-12-24], ical: {name}")


def test_the_feed_beside_an_agreement_becomes_closed_dates(tmp_path: Path) -> None:
    (tmp_path / "ours.ics").write_bytes(feed("DTSTART;VALUE=DATE:20260804\nDTEND;VALUE=DATE:20260806"))
    dates = agreement(with_feed("ours.ics"), folder=tmp_path).calendars[0].holidays.dates
    assert dates == (date(2026, 8, 4), date(2026, 8, 5), date(2026, 12, 24))


@pytest.mark.parametrize("name", ["../ours.ics", "/etc/passwd", "a/../../ours.ics"])
def test_a_feed_elsewhere_is_not_read(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "agreements"
    folder.mkdir()
    (tmp_path / "ours.ics").write_bytes(feed("DTSTART;VALUE=DATE:20260804"))
    found = faults(with_feed(name), folder=folder)
    assert found == [f'29: "{name}" is not beside this file. Copy the feed into its folder.']


def test_a_text_without_a_folder_has_no_feeds() -> None:
    assert "is not beside this file" in faults(with_feed("ours.ics"))[0]


@pytest.mark.parametrize("name", ["none.ics", ".", "x" * 300])
def test_a_feed_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    assert "cannot be read" in faults(with_feed(name), folder=tmp_path)[0]


def test_a_torn_feed_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "ours.ics").write_bytes(b"BEGIN:VCALENDAR")
    assert faults(with_feed("ours.ics"), folder=tmp_path) == ["29: The feed has no events. Export it again as .ics."]


def test_a_week_off_every_summer() -> None:
    first = date(2026, 8, 10)
    found = feed_days(feed("DTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260817\nRRULE:FREQ=YEARLY;COUNT=2"))
    assert found[:7] == tuple(first + timedelta(n) for n in range(7))
    assert len(found) == 14
