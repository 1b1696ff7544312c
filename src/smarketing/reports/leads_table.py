"""The lead export: one row for each lead and commitment, as CSV or XLSX, streamed, and nothing in it ever runs.

A spreadsheet takes a text that begins like a formula for one. CSV has no way to say "text", so such a text gets an
apostrophe in front; XLSX has one and keeps the text as it is. Numbers are numbers in both, negative ones too.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from smarketing.terms.errors import UserError
from smarketing.terms.language import N_, Words
from smarketing.terms.zones import zone as zone_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MOST_ROWS = 1_048_576  # of a sheet, its head included
MOST_LETTERS = 32_767  # of a cell
CHUNK = 64 * 1024
HOUR_S = 3600
CODES = {
    "text": "@",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "day": "yyyy-mm-dd",
    "hours": "#,##0.00",
    "h:mm": "[h]:mm",
    "ratio": "0.0%",
    "money": "#,##0.00",
    "number": "#,##0.##",
    "whole": "#,##0",
}
EARLIEST = datetime(1900, 3, 1)  # before it spreadsheets count a day that never was
UNSEEN = r"\s\"'`\x00-\x1f\u200b-\u200f\u2028-\u202e\u2060\ufeff"
FORMULA = re.compile(rf"(?:^|[\n\r;,\t|])[{UNSEEN}]*[=+\-@＝＋－＠﹢﹣﹦﹫−]|^[{UNSEEN}]*[\t\r\n]")


class Kind(StrEnum):
    """What a column holds, and what a row must give for it; None is an empty cell.

    TEXT      text, ids too        NUMBER   int, float or Decimal      MONEY  the same; the unit is its currency
    RATIO     0.95                 DAY      a local date               FLAG   yes or no
    INSTANT   an aware datetime: two columns, UTC and the zone of the export
    DURATION  seconds: two columns, hours with decimals and h:mm
    """

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    RATIO = "ratio"
    DAY = "day"
    FLAG = "flag"
    INSTANT = "instant"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing of each row: the key that rows know it by, its heading in the reader's language, kind and unit."""

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    unit: str = ""


Row = Mapping[str, Any]


def leads_csv(columns: Sequence[Column], rows: Iterable[Row], *, zone: str, words: Words) -> Iterator[bytes]:
    """The file in pieces of some 64 KB: UTF-8 with a mark for spreadsheets, commas, every text in quotes."""
    local, text = zone_of(zone), io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow([harmless(heading) for heading in headings(columns, zone, words)])
    yes_no = {True: words("yes"), False: words("no")}
    write = [(column.key, _in_csv(column, local, yes_no)) for column in columns]
    for row in rows:
        writer.writerow([cell for key, cells in write for cell in cells(row.get(key))])
        if text.tell() >= CHUNK:
            yield _taken(text)
    yield _taken(text)


def leads_xlsx(
    columns: Sequence[Column], rows: Iterable[Row], file: BinaryIO, *, zone: str, words: Words, title: str
) -> int:
    """Writes the workbook to `file` and answers how many rows it holds; a row is forgotten once it is written.

    Raises UserError, before anything is written to `file`, when there are more rows than a sheet can hold
    """
    import xlsxwriter  # type: ignore[import-untyped]

    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False, "strings_to_formulas": False}
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet(_sheet_name(title))
        try:
            n_rows = _fill(sheet, _formats(book), columns, rows, zone, words)
        except BaseException:
            sheet.row_data_fh.close()  # what was streamed so far goes with its folder, and `file` stays as it was
            book.fileclosed = True
            raise
        book.close()
    return n_rows


def _formats(book: Workbook) -> dict[str, Format]:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "quote_prefix": True}
    looks = {name: {"num_format": code} for name, code in CODES.items()}
    looks["text"]["quote_prefix"] = True  # type: ignore[assignment]
    return {name: book.add_format(look) for name, look in (looks | {"head": head}).items()}


def _fill(
    sheet: Worksheet,
    formats: dict[str, Format],
    columns: Sequence[Column],
    rows: Iterable[Row],
    zone: str,
    words: Words,
) -> int:
    names = headings(columns, zone, words)
    for position, name in enumerate(names):
        sheet.set_column(position, position, min(max(len(name) + 2, 12), 30))
        sheet.write_string(0, position, printable(name), formats["head"])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    local, yes_no = zone_of(zone), {True: words("yes"), False: words("no")}
    n_rows = 0
    for row in rows:
        n_rows += 1
        if n_rows >= MOST_ROWS:
            raise UserError(
                N_("A sheet holds {most} rows, and there are more leads than that."),
                hint=N_("Export them as CSV, or choose a shorter period or fewer teams."),
                most=words.number(MOST_ROWS - 1),
            )
        position = 0
        for column in columns:
            position += _write(sheet, n_rows, position, column.kind, row.get(column.key), local, yes_no, formats)
    sheet.autofilter(0, 0, n_rows, len(names) - 1)
    return n_rows


def headings(columns: Sequence[Column], zone: str, words: Words) -> list[str]:
    """The head of the file: an instant and a length of time have two columns."""
    names: list[str] = []
    for column in columns:
        if column.kind is Kind.INSTANT:
            names += [f"{column.heading} (UTC)", f"{column.heading} ({zone})"]
        elif column.kind is Kind.DURATION:
            names += [f"{column.heading} ({words('hours')})", f"{column.heading} (h:mm)"]
        else:
            names.append(f"{column.heading} ({column.unit})" if column.unit else column.heading)
    return names


def harmless(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet could take it or a part of it for a formula."""
    plain = printable(text)
    return f"'{plain}" if FORMULA.search(plain) or FORMULA.search(text) else plain


def printable(text: str) -> str:
    """The text without halves of characters and control characters other than tabs and new lines."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def hours_minutes(seconds: float) -> str:
    """`26:05`; what is left of a minute is dropped."""
    sign, minutes = ("-" if seconds <= -60 else ""), int(abs(seconds) // 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


def _in_csv(column: Column, local: Any, yes_no: Mapping[bool, str]) -> Callable[[Any], tuple[object, ...]]:
    """What turns one value into its cells."""

    def instant(value: datetime | None) -> tuple[object, ...]:
        return ("", "") if value is None else (rfc3339(value), value.astimezone(local).isoformat())

    def duration(value: float | None) -> tuple[object, ...]:
        if _number(value) is None:
            return "", ""
        return round(float(value or 0) / HOUR_S, 6), hours_minutes(float(value or 0))

    def number(value: Any) -> tuple[object, ...]:
        known = _number(value)
        return ("" if known is None else known,)

    def text(value: object) -> tuple[object, ...]:
        return ("" if value is None else harmless(str(value)),)

    def day(value: date | None) -> tuple[object, ...]:
        return ("" if value is None else value.isoformat(),)

    def flag(value: bool | None) -> tuple[object, ...]:
        return ("" if value is None else yes_no[bool(value)],)

    known: dict[Kind, Callable[[Any], tuple[object, ...]]] = {
        Kind.INSTANT: instant,
        Kind.DURATION: duration,
        Kind.DAY: day,
        Kind.FLAG: flag,
        Kind.TEXT: text,
    }
    return known.get(column.kind, number)


def _number(value: Any) -> int | float | Decimal | None:
    """A number that a file can hold; infinity and what is no number are empty cells."""
    if value is None or (isinstance(value, Decimal) and not value.is_finite()):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    known: int | float | Decimal = value
    return known


def _write(
    sheet: Worksheet,
    row: int,
    at: int,
    kind: Kind,
    value: Any,
    local: Any,
    yes_no: Mapping[bool, str],
    formats: Mapping[str, Format],
) -> int:
    """Writes one value and answers how many columns it took."""
    width = 2 if kind in (Kind.INSTANT, Kind.DURATION) else 1
    if value is None:
        return width
    if kind is Kind.INSTANT:
        naive = value.astimezone(local).replace(tzinfo=None)
        sheet.write_string(row, at, rfc3339(value), formats["text"])
        if naive >= EARLIEST:
            sheet.write_datetime(row, at + 1, naive, formats["instant"])
        else:
            sheet.write_string(row, at + 1, naive.isoformat(" "), formats["text"])
    elif kind is Kind.DAY and datetime(value.year, value.month, value.day) >= EARLIEST:
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), formats["day"])
    elif kind in (Kind.TEXT, Kind.DAY, Kind.FLAG):
        text = yes_no[bool(value)] if kind is Kind.FLAG else str(value)
        sheet.write_string(row, at, printable(text)[:MOST_LETTERS], formats["text"])
    elif _number(value) is not None:
        _write_number(sheet, row, at, kind, value, formats)
    return width


def _write_number(sheet: Worksheet, row: int, at: int, kind: Kind, value: Any, formats: Mapping[str, Format]) -> None:
    if kind is Kind.DURATION:
        sheet.write_number(row, at, float(value) / HOUR_S, formats["hours"])
        if value >= 0:
            sheet.write_number(row, at + 1, float(value) / timedelta(days=1).total_seconds(), formats["h:mm"])
        else:  # a sheet cannot show a negative time
            sheet.write_string(row, at + 1, hours_minutes(float(value)), formats["text"])
        return
    look = {Kind.RATIO: "ratio", Kind.MONEY: "money"}.get(kind) or ("whole" if value == int(value) else "number")
    sheet.write_number(row, at, float(value), formats[look])


def _sheet_name(title: str) -> str:
    """A name that a sheet may have: 31 letters, none of []:*?/\\ and no apostrophe at its ends."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", printable(title)).strip().strip("'")[:31].strip("' ")
    return plain or "1"


def _taken(text: io.StringIO) -> bytes:
    """What has been written so far, which is then forgotten."""
    found = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return found
