"""Cells become instants, or are refused one by one with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.facts.local_time import Fold, Gap, instants, local_to_utc
from smarketing.facts.schema import PRECISIONS
from smarketing.facts.time_formats import PRECISIONS as OURS
from smarketing.facts.time_reasons import SENTENCES, Reason, reason_sentence
from smarketing.terms.errors import TermsError, UserError
from smarketing.terms.language import words
from smarketing.terms.zones import zone, zone_names

MADRID = "Europe/Madrid"


def read(
    *cells: Any, where: str = MADRID, formats: Sequence[str] = (), gap: Gap = "reject", fold: Fold = "earlier"
) -> list[str]:
    """Each cell's instant, its reason, or "missing"."""
    parsed = instants(pl.Series("when", cells), zone=where, formats=formats, gap=gap, fold=fold)
    return [
        at.strftime("%Y-%m-%d %H:%M:%S") if at else reason or "missing"
        for at, reason in zip(parsed.at, parsed.reason, strict=True)
    ]


def test_one_bad_cell_never_touches_another() -> None:
    cells = ["2026-06-10 10:00", "tomorrow", None, "2026-02-30 10:00", "2026-03-29 02:30", "", "2026-06-11T10:00Z"]
    assert read(*cells) == [
        "2026-06-10 08:00:00",
        "unreadable",
        "missing",
        "impossible_date",
        "skipped",
        "missing",
        "2026-06-11 10:00:00",
    ]


def test_the_columns_of_the_answer() -> None:
    parsed = instants(pl.Series("when", ["2026-06-10", "2026-06-10 10:00", "2026-06-10 10:00:00.5", "x"]), zone=MADRID)
    assert parsed.at.dtype == pl.Datetime("us", "UTC")
    assert parsed.at.name == "when"
    assert parsed.precision.to_list() == ["day", "minute", "microsecond", None]
    assert parsed.reason.to_list() == [None, None, None, "unreadable"]
    assert parsed.is_folded.to_list() == [False] * 4
    assert set(OURS) == set(PRECISIONS)


@pytest.mark.parametrize(
    ("gap", "fold", "expected"),
    [
        ("reject", "earlier", ["skipped", "2026-10-25 00:30:00"]),
        ("gap_end", "later", ["2026-03-29 01:00:00", "2026-10-25 01:30:00"]),
        ("reject", "reject", ["skipped", "doubled"]),
    ],
)
def test_a_profile_may_choose_what_clock_changes_mean(gap: Gap, fold: Fold, expected: list[str]) -> None:
    assert read("2026-03-29 02:30", "2026-10-25 02:30", gap=gap, fold=fold) == expected


def test_a_doubled_time_is_marked_unless_its_offset_is_written() -> None:
    cells = pl.Series(["2026-10-25 02:30", "2026-10-25T02:30+01:00", "2026-10-25 03:30"])
    assert instants(cells, zone=MADRID).is_folded.to_list() == [True, False, False]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("46183.5", Reason.BARE_NUMBER),
        ("1781085600", Reason.BARE_NUMBER),
        ("03/04/2026", Reason.UNDECLARED_ORDER),
        ("13.04.2026 10:00", Reason.UNDECLARED_ORDER),
        ("2026-06-10 10:00 CST", Reason.ZONE_ABBREVIATION),
        ("2026-06-10 10:00 (EST)", Reason.ZONE_ABBREVIATION),
        ("2026-06-10T24:00", Reason.IMPOSSIBLE_TIME),
        ("2026-06-10T10:60", Reason.IMPOSSIBLE_TIME),
        ("2016-12-31T23:59:60Z", Reason.IMPOSSIBLE_TIME),
        ("2026-06-10T10:00+25:00", Reason.IMPOSSIBLE_OFFSET),
        ("2026-06-10T10:00+02:60", Reason.IMPOSSIBLE_OFFSET),
        ("0000-00-00", Reason.IMPOSSIBLE_DATE),
        ("2027-02-29", Reason.IMPOSSIBLE_DATE),
        ("1899-12-31", Reason.OUT_OF_RANGE),
        ("9999-12-31T23:59:59Z", Reason.OUT_OF_RANGE),
        ("２０２６-０６-１０", Reason.UNREADABLE),
        ("2026-06-10T10:00−05:00", Reason.UNREADABLE),
        ("x" * 100_000, Reason.UNREADABLE),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(cell: str, reason: Reason) -> None:
    assert read(cell) == [reason]


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        ("%d/%m/%Y", "3/4/2026", "2026-04-02 22:00:00"),
        ("%m/%d/%Y %I:%M %p", "03/04/2026 12:05 AM", "2026-03-03 23:05:00"),
        ("%d.%m.%y %H:%M:%S", "03.04.26 10:00:00", "2026-04-03 08:00:00"),
        ("%d-%b-%Y", "3-ABR-2026", "2026-04-02 22:00:00"),
        ("%A, %d %B %Y", "venerdì, 3 aprile 2026", "2026-04-02 22:00:00"),
        ("%b %e, %Y", "Apr  3, 2026", "2026-04-02 22:00:00"),
        ("%Y%m%d", "20260403", "2026-04-02 22:00:00"),
        ("%F %T%z", "2026-04-03 10:00:00-0300", "2026-04-03 13:00:00"),
        ("%d/%m/%Y %H:%M:%S.%f", "03/04/2026 10:00:00.25", "2026-04-03 08:00:00"),
        ("%D %R", "04/03/26 10:00", "2026-04-03 08:00:00"),
        ("100%% %F", "100% 2026-04-03", "2026-04-02 22:00:00"),
        ("epoch_s", "1781085600.5", "2026-06-10 10:00:00"),
        ("epoch_ms", "1781085600000", "2026-06-10 10:00:00"),
        ("epoch_s", "99999999999999", "out_of_range"),
        ("excel_1900", "46183,5", "2026-06-10 10:00:00"),
        ("excel_1904", "44721.5", "2026-06-10 10:00:00"),
        ("excel_1900", "60", "out_of_range"),
        ("%d/%m/%Y", "31/04/2026", "impossible_date"),
        ("%d/%m/%Y %I:%M %p", "03/04/2026 13:00 PM", "impossible_time"),
    ],
)
def test_declared_forms(form: str, cell: str, expected: str) -> None:
    assert read(cell, formats=[form]) == [expected]


def test_two_forms_in_one_column() -> None:
    forms = ["%d/%m/%Y", "%d/%m/%Y %H:%M"]
    assert read("03/04/2026", "03/04/2026 10:00", "2026-04-03", formats=forms) == [
        "2026-04-02 22:00:00",
        "2026-04-03 08:00:00",
        "2026-04-02 22:00:00",
    ]


def test_two_forms_that_disagree_refuse_the_cell_and_no_other() -> None:
    found = read("03/04/2026", "04/04/2026", "23/04/2026", "04/23/2026", formats=["%d/%m/%Y", "%m/%d/%Y"])
    assert found == ["ambiguous", "2026-04-03 22:00:00", "2026-04-22 22:00:00", "2026-04-22 22:00:00"]


@pytest.mark.parametrize("form", ["%d/%m", "%H:%M", "yesterday", "%Y-%m-%q", "%Y-%m-%d %I:%M", "%Y-%Y-%m-%d", ""])
def test_a_form_that_does_not_say_when_is_refused(form: str) -> None:
    with pytest.raises(UserError, match="does not say when"):
        read("2026-06-10", formats=[form])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pl.Series([datetime(2026, 6, 10, 10)]), "2026-06-10 08:00:00"),
        (pl.Series([datetime(2026, 6, 10, 10)], dtype=pl.Datetime("ns")), "2026-06-10 08:00:00"),
        (pl.Series([datetime(2026, 6, 10, 10, tzinfo=UTC)], dtype=pl.Datetime("ms", "UTC")), "2026-06-10 10:00:00"),
        (pl.Series([date(2026, 6, 10)]), "2026-06-09 22:00:00"),
        (pl.Series([46183.5]), "2026-06-10 10:00:00"),
        (pl.Series([46183]), "2026-06-09 22:00:00"),
        (pl.Series([Decimal("46183.5")]), "2026-06-10 10:00:00"),
        (pl.Series([None], dtype=pl.Null), "missing"),
        (pl.Series([None], dtype=pl.Date), "missing"),
        (pl.Series([float("nan")]), "missing"),
    ],
)
def test_typed_columns(column: pl.Series, expected: str) -> None:
    parsed = instants(column, zone=MADRID, formats=["excel_1900"])
    at = parsed.at[0]
    assert (at.strftime("%Y-%m-%d %H:%M:%S") if at else "missing") == expected


def test_a_column_of_something_else_is_refused() -> None:
    with pytest.raises(UserError, match="not times"):
        instants(pl.Series([True]), zone=MADRID)
    with pytest.raises(TermsError):
        instants(pl.Series(["2026-06-10"]), zone="Mars/Olympus")


def test_an_empty_column() -> None:
    parsed = instants(pl.Series([], dtype=pl.String), zone=MADRID, formats=["%d/%m/%Y"])
    assert len(parsed.at) == len(parsed.reason) == len(parsed.is_folded) == len(parsed.precision) == 0


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    assert reason_sentence(reason, words("en")) == SENTENCES[reason]


@given(st.sampled_from(sorted(zone_names())), st.datetimes(datetime(1905, 1, 1), datetime(2195, 1, 1)))
def test_a_reading_means_what_the_standard_library_says(name: str, shown: datetime) -> None:
    moment = shown.replace(microsecond=0)
    candidates = {
        at.astimezone(UTC)
        for fold in (0, 1)
        if (at := moment.replace(tzinfo=zone(name), fold=fold))
        .astimezone(UTC)
        .astimezone(zone(name))
        .replace(tzinfo=None)
        == moment
    }
    meant = local_to_utc(name, (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1))
    found = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at) for at in meant.candidates]
    assert meant.status == {0: "gap", 1: "ok", 2: "ambiguous"}[len(candidates)]
    assert meant.status == "gap" or found == sorted(candidates)
    imported = instants(pl.Series([moment.isoformat()]), zone=name).at.to_list()
    assert imported == ([None] if meant.status == "gap" else found[:1])


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[0-9/:.TZ+ -]{0,25}", fullmatch=True), max_size=20))
def test_no_text_is_ever_a_traceback(cells: list[str]) -> None:
    parsed = instants(pl.Series(cells, dtype=pl.String), zone=MADRID, formats=["%d/%m/%Y %H:%M", "epoch_s"])
    assert all(at is None or reason is None for at, reason in zip(parsed.at, parsed.reason, strict=True))
