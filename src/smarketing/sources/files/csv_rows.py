"""Comma, semicolon, tab or bar separated text as rows; a torn quote costs its own row and no other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from smarketing.sources.files.encoding import text_encoding
from smarketing.sources.files.gathering import BETWEEN, Gathering, is_text, torn
from smarketing.sources.files.lines import Block, blocks
from smarketing.sources.files.plain_lines import Easy
from smarketing.sources.files.rows import MAX_CELL, MAX_COLUMNS, RowFile, Rows, Torn, header_names
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

DELIMITERS = (",", ";", "\t", "|")
MAX_LINES_OF_A_ROW = 500
MAX_CHARACTERS_OF_A_ROW = 1 << 20

Record = tuple[int, list[str]]


def open_csv(path: Path, *, delimiter: str = "", encoding: str = "", header_row: int = 1) -> RowFile:
    """A delimited text file; what is not said is found out from its beginning.

    Raises UserError when the file is empty, is no text, or has more than MAX_COLUMNS columns.
    """
    encoding = encoding or text_encoding(path)
    beginning = _beginning(path, encoding)
    said = re.fullmatch(r"sep=(.)", beginning[0].strip("\ufeff")) if beginning else None
    if said:
        delimiter, header_row = delimiter or said[1], max(header_row, 2)
    delimiter = delimiter or _delimiter(beginning[header_row - 1 :])
    number, names = _header(path, _records(path, encoding, delimiter), header_row)
    if len(names) > MAX_COLUMNS:
        raise UserError(N_("The file has more than {n} columns."), where=path.name, n=MAX_COLUMNS)
    headers = header_names(names)
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    form = f"{encoding} {shown}"
    return RowFile(path, "csv", headers, lambda: _read(path, encoding, delimiter, number, headers), form=form)


def _header(path: Path, records: Iterator[Record | Torn], header_row: int) -> Record:
    for found in records:
        if isinstance(found, Torn):
            if found.row >= header_row:
                raise UserError(
                    N_("The header in line {line} cannot be read."),
                    where=path.name,
                    hint=N_("Its first row must name the columns; a quotation mark must close where it opens."),
                    line=found.row,
                )
        elif found[0] >= header_row and any(cell.strip("\ufeff \t\r") for cell in found[1]):
            if not is_text("".join(found[1])):
                raise UserError(
                    N_("The header holds bytes or characters that are no text."),
                    where=path.name,
                    hint=N_("Save the file as UTF-8, or name its encoding in the profile (encoding: cp1252)."),
                )
            return found
    raise UserError(N_("The file is empty."), where=path.name, hint=N_("Its first row must name the columns."))


def _beginning(path: Path, encoding: str) -> list[str]:
    return [line for block in islice(blocks(path, encoding), 1) for line in block.lines[:200]]


def _delimiter(lines: list[str]) -> str:
    """The separator under which the header has several cells and most lines have as many."""
    filled = [line for line in lines if line.strip()][:100]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(cells) for cells in _lenient(filled, delimiter)]
        if not widths or widths[0] < 2:
            continue
        score = sum(width == widths[0] for width in widths) / len(widths) + min(widths[0], 50) / 1_000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _lenient(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return [line.split(delimiter) for line in lines]


# ------------------------------------------------------------------------------------------------- lines → records


@dataclass(slots=True)
class _Open:
    """Lines of a row whose quotation mark is still open."""

    first: int = 0
    lines: list[str] = field(default_factory=list)
    n_characters: int = 0

    def add(self, number: int, line: str) -> None:
        if not self.lines:
            self.first = number
        self.lines.append(line)
        self.n_characters += len(line) + 1

    @property
    def is_too_long(self) -> bool:
        return len(self.lines) > MAX_LINES_OF_A_ROW or self.n_characters > MAX_CHARACTERS_OF_A_ROW


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Record | Torn]:
    """Every row with the number of its first line."""
    waiting = _Open()
    for block in blocks(path, encoding):
        yield from _records_of(block, waiting, delimiter, 0)
    yield from _left_over(waiting, delimiter, 0)


def _records_of(block: Block, waiting: _Open, delimiter: str, width: int) -> Iterator[Record | Torn]:
    """The rows that end in a block. With a `width`, rows over several lines must have it."""
    yield from block.torn
    for number, line in enumerate(block.lines, block.first):
        if line.startswith("\ufeff"):
            line = line.lstrip("\ufeff")
        yield from _with_line(waiting, number, line, delimiter, width)


def _left_over(waiting: _Open, delimiter: str, width: int) -> Iterator[Record | Torn]:
    while waiting.lines:
        yield from _first_line_alone(waiting, delimiter, width)


def _with_line(waiting: _Open, number: int, line: str, delimiter: str, width: int) -> Iterator[Record | Torn]:
    closes = line.count('"') % 2 == 1
    if not waiting.lines and not closes:
        yield _one_line(number, line, delimiter)
        return
    waiting.add(number, line)
    if len(waiting.lines) > 1 and closes:
        rows = _strict(waiting.lines, delimiter)
        if rows is not None and (not width or all(len(row) == width for row in rows)):
            numbers = [waiting.first] if len(rows) == 1 else range(waiting.first, waiting.first + len(rows))
            yield from zip(numbers, rows, strict=True)
            waiting.lines.clear()
            waiting.n_characters = 0
            return
        yield from _first_line_alone(waiting, delimiter, width)
    while waiting.is_too_long:
        yield from _first_line_alone(waiting, delimiter, width)


def _first_line_alone(waiting: _Open, delimiter: str, width: int) -> Iterator[Record | Torn]:
    """Give up on joining: judge the first line by itself and read the others afresh."""
    first, lines = waiting.first, waiting.lines[:]
    waiting.lines.clear()
    waiting.n_characters = 0
    yield _one_line(first, lines[0], delimiter)
    for number, line in enumerate(lines[1:], start=first + 1):
        yield from _with_line(waiting, number, line, delimiter, width)


def _one_line(number: int, line: str, delimiter: str) -> Record | Torn:
    if '"' not in line:
        cells = line.split(delimiter)
        if len(line) > MAX_CELL and max(map(len, cells)) > MAX_CELL:
            return torn(number, line, "cell_too_long")
        return number, cells
    if len(line) > MAX_CELL and '"' in line and max(map(len, line.split('"'))) > MAX_CELL:
        return torn(number, line, "cell_too_long")
    rows = _strict([line], delimiter)
    if rows is None or len(rows) != 1:
        return torn(number, line, "open_quote")
    return number, rows[0]


def _strict(lines: list[str], delimiter: str) -> list[list[str]] | None:
    """The rows of these lines if every quotation mark is where it belongs, else None."""
    try:
        return list(csv.reader([line + "\n" for line in lines], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


# ------------------------------------------------------------------------------------------------- records → chunks


def _read(path: Path, encoding: str, delimiter: str, header: int, headers: tuple[str, ...]) -> Iterator[Rows]:
    chunk, waiting, easy, share = Gathering(headers), _Open(), Easy(), 0.0
    for block in blocks(path, encoding):
        share = block.share
        if not waiting.lines and easy.takes(_after_header(block, header), delimiter, headers):
            if not chunk.is_empty:
                yield chunk.rows(share)
                chunk = Gathering(headers)
            yield from easy.full(share)
            continue
        yield from easy.rest(share)
        for record in _records_of(block, waiting, delimiter, len(headers)):
            _gather(chunk, record, header)
            if chunk.is_full:
                yield chunk.rows(share)
                chunk = Gathering(headers)
    for record in _left_over(waiting, delimiter, len(headers)):
        _gather(chunk, record, header)
    if easy.is_empty or not chunk.is_empty:
        yield from easy.rest(share)
        yield chunk.rows(1.0)
    else:
        yield from easy.rest(1.0)


def _after_header(block: Block, header: int) -> Block | None:
    """The block without the lines up to the header; None where they, or torn ones, need to be judged one by one."""
    n_before = max(header - block.first + 1, 0)
    if block.torn or n_before > len(block.lines) or any('"' in line for line in block.lines[:n_before]):
        return None
    return Block(block.first + n_before, block.lines[n_before:]) if n_before else block


def _gather(chunk: Gathering, found: Record | Torn, header: int) -> None:
    if isinstance(found, Torn):
        if found.row > header:
            chunk.torn.append(found)
    elif found[0] > header:
        _fit(chunk, *found)


def _fit(chunk: Gathering, number: int, cells: list[str]) -> None:
    """A row with empty cells to spare fits; a blank line is no row; the rest is torn."""
    width = len(chunk.headers)
    if len(cells) == width:
        chunk.add(number, cells)
    elif not any(cell.strip() for cell in cells):
        chunk.n_blank += 1
    elif len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        chunk.add(number, cells[:width])
    else:
        reason = "too_few_cells" if len(cells) < width else "too_many_cells"
        chunk.set_aside(number, BETWEEN.join(cells), reason)
