"""Zones come from the pinned package, by their exact name, and their offsets equal the standard library's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from smarketing.terms.errors import TermsError
from smarketing.terms.offsets import ERA_END, ERA_START, US, day_start, offsets
from smarketing.terms.tzif import YearlyRule
from smarketing.terms.zones import check_zone, tzdb_version, zone, zone_names

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def library_offset(name: str, at: int) -> int:
    offset = (EPOCH + timedelta(microseconds=at)).astimezone(zone(name)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def test_the_database_says_its_release() -> None:
    assert tzdb_version()[:4].isdigit()
    assert len(zone_names()) > 500


def test_a_zone_does_not_depend_on_the_machine() -> None:
    """Vancouver keeps summer time from 2026 on in the pinned release; older system files do not know that."""
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC).astimezone(zone("America/Vancouver"))
    assert noon.utcoffset() == timedelta(hours=-7)


@pytest.mark.parametrize("name", ["US/Pacific", "Asia/Calcutta", "UTC", "Etc/GMT+5"])
def test_old_spellings_are_names_too(name: str) -> None:
    check_zone(name)


@pytest.mark.parametrize(
    "name", ["europe/madrid", "Europe/Madird", "GMT+5", "CST", "../../etc/passwd", "/etc/passwd", "", "Factory", "é"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(TermsError, match="is not a time zone"):
        check_zone(name)


def test_a_long_name_is_not_repeated_in_full() -> None:
    with pytest.raises(TermsError) as refused:
        check_zone("Europe/" + "x" * 10_000)
    assert len(str(refused.value)) < 300


def test_a_slip_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(TermsError) as refused:
        check_zone("europe/madrid")
    assert "Europe/Madrid" in refused.value.hint


@pytest.mark.parametrize("name", sorted(zone_names())[::7])
def test_offsets_equal_the_standard_library_around_every_change(name: str) -> None:
    found = offsets(name)
    changes = [change + step for change in found.starts[1:-1:11] for step in (-1, 0, 1)]
    drawn = Random(name).sample(range(ERA_START, ERA_END, 1009 * US), 20)
    assert all(found.at(at) == library_offset(name, at) for at in [*changes, *drawn])


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2040, ["2040-03-25T01:00", "2040-10-28T01:00"]),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2040, ["2040-03-25T01:00", "2040-10-28T01:00"]),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 2040, ["2040-03-31T16:00", "2040-10-06T16:00"]),
        ("<+03>-3", 2040, []),
    ],
)
def test_a_rule_repeats_every_year(rule: str, year: int, expected: list[str]) -> None:
    changes = [EPOCH + timedelta(seconds=at) for at, _ in YearlyRule.read(rule).changes(year)]
    assert [f"{at:%Y-%m-%dT%H:%M}" for at in changes] == expected


def test_an_unknown_rule_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="unknown form"):
        YearlyRule.read("CET-1CEST,J60,J300")


def test_a_skipped_day_has_no_length() -> None:
    assert day_start("Pacific/Apia", date(2011, 12, 30)) == day_start("Pacific/Apia", date(2011, 12, 31))
