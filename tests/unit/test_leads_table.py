"""The lead export: nothing in it runs, numbers are numbers, ids are text, and it never holds all rows at once."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from smarketing.reports import leads_table
from smarketing.reports.leads_table import Column, Kind, harmless, headings, hours_minutes, leads_csv, leads_xlsx
from smarketing.terms.errors import UserError
from smarketing.terms.language import words

EN = words("en")
COLUMNS = (
    Column("lead_id", "Lead"),
    Column("name", "Name"),
    Column("due_at", "Due", Kind.INSTANT),
    Column("elapsed_s", "Elapsed", Kind.DURATION),
    Column("left_s", "Left", Kind.DURATION),
    Column("amount", "Amount", Kind.MONEY, "EUR"),
    Column("n", "Touches", Kind.NUMBER),
    Column("share", "Share", Kind.RATIO),
    Column("on", "Period", Kind.DAY),
    Column("is_late", "Late", Kind.FLAG),
)
ROW: dict[str, Any] = {
    "lead_id": "00123456789012345678",
    "name": "Núria Pérez",
    "due_at": datetime(2026, 10, 25, 0, 30, 5, tzinfo=UTC),
    "elapsed_s": 93_900,
    "left_s": -5400,
    "amount": Decimal("-1234.50"),
    "n": -3,
    "share": 0.825,
    "on": date(2026, 10, 1),
    "is_late": True,
}
CHARACTERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BEFORE = (
    "",
    " ",
    "   ",
    '"',
    "'",
    "\ufeff",
    '" ',
    "\n",
    "\r\n",
    "a\n",
    ";",
    "a;",
    "x,",
    "\u200b",
    "\x00",
    "\x1b",
    "\u00a0",
)
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x","y")',
    "SUM(A1:A9)",
    "A1",
    "2+5+cmd",
    "@x",
    "DDE()",
    "1e9",
    "",
)
HOSTILE = [
    before + sign + body
    for before in BEFORE
    for sign in CHARACTERS
    for body in BODIES
    if sign not in "\t\r" or before.isspace() or not before or body.startswith("@")  # a blank inside hides nothing
]


def csv_of(
    rows: list[dict[str, Any]], columns: tuple[Column, ...] = COLUMNS, zone: str = "Europe/Madrid"
) -> list[list[str]]:
    text = b"".join(leads_csv(columns, rows, zone=zone, words=EN)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def xlsx_of(rows: list[dict[str, Any]], columns: tuple[Column, ...] = COLUMNS, **options: Any) -> Any:
    file = io.BytesIO()
    assert leads_xlsx(columns, rows, file, zone="Europe/Madrid", words=EN, title="Leads") == len(rows)
    return openpyxl.load_workbook(file, **options).active


def test_csv_says_times_twice_and_lengths_twice() -> None:
    head, row = csv_of([ROW])
    told = dict(zip(head, row, strict=True))
    assert told["Due (UTC)"] == "2026-10-25T00:30:05Z"
    assert told["Due (Europe/Madrid)"] == "2026-10-25T02:30:05+02:00"
    assert told["Elapsed (hours)"] == "26.083333" and told["Elapsed (h:mm)"] == "26:05"
    assert told["Left (hours)"] == "-1.5" and told["Left (h:mm)"] == "-1:30"
    assert told["Amount (EUR)"] == "-1234.50" and told["Touches"] == "-3" and told["Share"] == "0.825"
    assert told["Lead"] == ROW["lead_id"] and told["Period"] == "2026-10-01" and told["Late"] == "yes"


def test_in_csv_texts_are_in_quotes_and_numbers_are_not() -> None:
    line = b"".join(leads_csv(COLUMNS, [ROW], zone="UTC", words=EN)).decode().splitlines()[1]
    assert line.startswith('"00123456789012345678","Núria Pérez",') and ",-1234.50,-3,0.825," in line


def test_xlsx_holds_numbers_dates_and_text() -> None:
    sheet = xlsx_of([ROW])
    told = {sheet.cell(1, n).value: sheet.cell(2, n) for n in range(1, sheet.max_column + 1)}
    assert told["Lead"].value == ROW["lead_id"] and told["Lead"].data_type == "s" and told["Lead"].number_format == "@"
    assert told["Due (UTC)"].value == "2026-10-25T00:30:05Z"
    assert told["Due (Europe/Madrid)"].value == datetime(2026, 10, 25, 2, 30, 5)
    assert told["Elapsed (hours)"].value == pytest.approx(93_900 / 3600)
    assert told["Elapsed (h:mm)"].number_format == "[h]:mm" and told["Left (h:mm)"].value == "-1:30"
    assert told["Amount (EUR)"].value == -1234.5 and told["Amount (EUR)"].data_type == "n"
    assert told["Touches"].value == -3 and told["Share"].number_format == "0.0%" and told["Late"].value == "yes"
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref and sheet.print_title_rows


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_thousand_hostile_texts_and_no_live_formula(kind: str) -> None:
    columns = (Column("a", "=HEAD()"), Column("b", "B", Kind.NUMBER))
    rows = [{"a": text, "b": -n} for n, text in enumerate(HOSTILE)]
    assert len(HOSTILE) >= 1_500
    if kind == "csv":
        told = csv_of(rows, columns)
        assert len(told) == len(rows) + 1
        assert all(first.startswith("'") for first, _ in told)
        assert [float(number) for _, number in told[1:]] == [-n for n in range(len(rows))]
    else:
        sheet = xlsx_of(rows, columns)
        for first, second in sheet.iter_rows():
            assert first.data_type in ("s", "n") and first.data_type != "f" and second.data_type != "f"
            assert first.value is None or (first.quotePrefix and first.data_type == "s")
        assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [-n for n in range(len(rows))]


@pytest.mark.parametrize("text", ["Ana", "O'Neil", "a-b", "1-2", "a@b.example", "x=1", "a + b", "50 %", "(34) 91", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_what_no_file_can_hold_is_left_out() -> None:
    row = {"lead_id": "a\x00b\ud800c\x07", "name": "x" * 40_000, "n": float("nan"), "share": float("inf")}
    head, told = csv_of([row])
    assert told[0] == "abc" and told[head.index("Touches")] == "" and told[head.index("Share")] == ""
    sheet = xlsx_of([row])
    assert sheet["A2"].value == "abc" and len(sheet["B2"].value) == 32_767


def test_days_before_spreadsheets_are_text() -> None:
    sheet = xlsx_of([{"on": date(1850, 1, 1), "due_at": datetime(1850, 1, 1, tzinfo=UTC)}])
    told = [cell.value for cell in sheet[2]]
    assert "1850-01-01" in told and any(str(value).startswith("1849-12-31 23") for value in told)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59, "0:00"), (60, "0:01"), (3599, "0:59"), (360_000, "100:00"), (-61, "-0:01")]
)
def test_hours_and_minutes(seconds: int, text: str) -> None:
    assert hours_minutes(seconds) == text


def test_headings_are_of_the_reader() -> None:
    assert headings((Column("a", "Plazo", Kind.INSTANT),), "UTC", words("es")) == ["Plazo (UTC)", "Plazo (UTC)"]


def many(n: int) -> Iterator[dict[str, Any]]:
    for number in range(n):
        yield {**ROW, "lead_id": f"L-{number}"}


def test_a_long_file_is_streamed() -> None:
    tracemalloc.start()
    n_bytes = n_pieces = 0
    for piece in leads_csv(COLUMNS, many(20_000), zone="Europe/Madrid", words=EN):
        n_bytes += len(piece)
        n_pieces += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_bytes > 2_000_000 and n_pieces > 25 and peak < 2_000_000


def test_more_rows_than_a_sheet_holds_are_refused_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(leads_table, "MOST_ROWS", 11)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = io.BytesIO()
    assert leads_xlsx(COLUMNS, many(10), io.BytesIO(), zone="UTC", words=EN, title="Leads") == 10
    with pytest.raises(UserError, match="A sheet holds 10 rows") as refused:
        leads_xlsx(COLUMNS, many(11), file, zone="UTC", words=EN, title="Leads")
    assert "CSV" in refused.value.hint and file.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ["", "a/b:c*[d]?", "'quoted'", "x" * 60])
def test_every_title_makes_a_sheet(title: str) -> None:
    file = io.BytesIO()
    leads_xlsx(COLUMNS, [ROW], file, zone="UTC", words=EN, title=title)
    assert 1 <= len(openpyxl.load_workbook(file).sheetnames[0]) <= 31
