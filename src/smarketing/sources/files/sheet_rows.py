"""The rows of a workbook's sheets, streamed: memory grows with a chunk, never with what the sheet claims to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from smarketing.sources.files.archive import pieces
from smarketing.sources.files.gathering import NOT_CALCULATED, Gathering, is_text
from smarketing.sources.files.rows import MAX_CELL, RowFile, Rows, header_names
from smarketing.sources.files.workbook import DATE, GENERAL, LENGTH, Sheet, Workbook, unescaped
from smarketing.sources.files.xml_events import XmlStream
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384

Row = tuple[int, dict[int, tuple[str, bool]]]  # number, column → text and whether it is stored as a number


def open_workbook(path: Path, *, header_row: int = 1) -> list[RowFile]:
    """Every sheet that has a header, hidden ones too.

    Raises UserError when the file is no workbook, is damaged or dangerous, or no sheet has a header.
    """
    workbook = Workbook(path)
    files = [file for sheet in workbook.sheets if (file := _open_sheet(workbook, sheet, header_row))]
    if not files:
        hint = N_("The first row of a sheet names its columns.")
        raise UserError(N_("The workbook is empty."), where=path.name, hint=hint)
    return files


def _open_sheet(workbook: Workbook, sheet: Sheet, header_row: int) -> RowFile | None:
    for number, cells in _rows(_SheetStream(workbook), sheet):
        if number < header_row or not any(text.strip() for text, _ in cells.values()):
            continue
        positions = sorted(cells)
        headers = header_names([cells[position][0] for position in positions])
        if not is_text("".join(headers)):
            what, hint = N_("The header holds characters that are no text."), N_("Type its words again.")
            raise UserError(what, where=workbook.path.name, hint=hint)
        reading = _SheetReading(workbook, sheet, number, positions, headers)
        file = RowFile(workbook.path, "xlsx", headers, reading.read, sheet=sheet.name, is_hidden=sheet.is_hidden)
        if workbook.is_1904:
            file.note(N_("days are counted from 1904"))
        reading.file = file
        return file
    return None


class _SheetReading:
    def __init__(
        self, workbook: Workbook, sheet: Sheet, header: int, positions: list[int], headers: tuple[str, ...]
    ) -> None:
        self.workbook, self.sheet, self.header = workbook, sheet, header
        self.positions, self.headers = positions, headers
        self.file: RowFile | None = None

    def read(self) -> Iterator[Rows]:
        chunk = Gathering(self.headers)
        stream = _SheetStream(self.workbook)
        for number, cells in _rows(stream, self.sheet):
            if number > self.header:
                found = [cells.get(position, (None, False)) for position in self.positions]
                chunk.add(number, [text for text, _ in found], [is_number for _, is_number in found])
            if chunk.is_full:
                yield chunk.rows(stream.n_bytes / max(self.sheet.n_bytes, 1))
                chunk = Gathering(self.headers)
        if stream.n_merged and self.file:
            self.file.note(N_("{n} merged areas: only the first cell of each holds a value"), n=stream.n_merged)
        yield chunk.rows(1.0)


def _rows(stream: _SheetStream, sheet: Sheet) -> Iterator[Row]:
    for _ in stream.feed(pieces(stream.path, sheet.part)):
        if stream.ready:
            yield from stream.ready
            stream.ready.clear()


class _SheetStream(XmlStream):
    def __init__(self, workbook: Workbook) -> None:
        super().__init__(workbook.path)
        self.ready: list[Row] = []
        self.n_merged = 0
        self._strings, self._formats = workbook.strings, workbook.formats
        self._is_1904 = workbook.is_1904
        self._row, self._column = 0, -1
        self._cells: dict[int, tuple[str, bool]] = {}
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._n_characters = 0
        self._reads = self._has_formula = self._is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self._column = column_position(place) if place else self._column + 1
            if self._column >= MAX_SHEET_COLUMNS:
                raise self._refusal(N_("A cell lies beyond column {n}."), MAX_SHEET_COLUMNS)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._pieces, self._n_characters, self._has_formula = [], 0, False
        elif name in ("v", "t"):
            self._reads = not self._is_phonetic
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            said = attributes.get("r", "")
            self._row = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else self._row + 1
            if self._row > MAX_SHEET_ROWS:
                raise self._refusal(N_("A row lies beyond number {n}."), MAX_SHEET_ROWS)
            self._cells, self._column = {}, -1
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell":
            self.n_merged += 1

    def end(self, name: str) -> None:
        if name == "c":
            if self._pieces or self._has_formula:
                self._take_cell()
        elif name in ("v", "t"):
            self._reads = False
        elif name == "row":
            self.ready.append((self._row, self._cells))
        elif name == "rPh":
            self._is_phonetic = False

    def text(self, piece: str) -> None:
        if self._reads and self._n_characters <= MAX_CELL:
            self._pieces.append(piece)
            self._n_characters += len(piece)

    def _take_cell(self) -> None:
        raw = "".join(self._pieces)
        if not raw:
            if self._has_formula and self._kind != "str":
                self._cells[self._column] = (NOT_CALCULATED, False)
            return
        if self._kind == "s":
            position = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
            known = 0 <= position < len(self._strings)
            self._cells[self._column] = (self._strings[position] if known else "#REF!", False)
        elif self._kind == "n":
            style = int(self._style) if self._style.isdigit() and len(self._style) < 7 else 0
            kind = self._formats[style] if style < len(self._formats) else GENERAL
            self._cells[self._column] = number_text(raw, kind, self._is_1904)
        elif self._kind == "b":
            self._cells[self._column] = ("true" if raw == "1" else "false", False)
        else:
            self._cells[self._column] = (unescaped(raw), False)

    def _refusal(self, what: str, n: int) -> UserError:
        return UserError(what, where=self.path.name, hint=N_("No spreadsheet writes that; export it as CSV."), n=n)


def column_position(place: str) -> int:
    """0 for A1, 25 for Z9, 26 for AA1."""
    position = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        position = position * 26 + ord(letter) - 64
        if position > MAX_SHEET_COLUMNS:
            break
    return position - 1


def number_text(raw: str, kind: int, is_1904: bool) -> tuple[str, bool]:
    """A stored number as text, and whether it is still a number: dates become ISO, lengths hours:minutes:seconds."""
    try:
        value = float(raw)
    except ValueError:
        return raw, False
    if not -1e300 < value < 1e300:
        return raw, True
    if kind == LENGTH and value >= 0:
        return length_text(value), False
    if kind != GENERAL and 0 <= value < 2_958_466:
        return moment_text(value, kind, is_1904), False
    if value.is_integer():
        # An id that became a float is written out as the float it is: 5.805e+18 → 5805000000000000000.
        return str(int(value)), True
    return repr(value), True


def length_text(days: float) -> str:
    """`4.888` days → `117:18:43`; a fraction of a second is kept to the millisecond."""
    milliseconds = round(days * 86_400_000)
    seconds, rest = divmod(milliseconds, 1_000)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}" + (f".{rest:03}" if rest else "")


def moment_text(serial: float, kind: int, is_1904: bool) -> str:
    """The date or local time behind a serial day number. Day 60 of the 1900 system never was: 1900-02-29."""
    if is_1904:
        origin = datetime(1904, 1, 1)
    elif serial < 60:
        origin = datetime(1899, 12, 31)
    elif serial < 61:
        return "1900-02-29"
    else:
        origin = datetime(1899, 12, 30)
    try:
        at = origin + timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return str(serial)
    if kind == DATE and serial.is_integer():
        return at.date().isoformat()
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
