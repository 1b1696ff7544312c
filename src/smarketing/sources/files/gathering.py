"""Rows gathered into chunks: blank ones counted, headers that come again left out, unreadable ones set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from smarketing.sources.files.rows import CHUNK_CHARACTERS, CHUNK_ROWS, MAX_CELL, Rows, Torn, header_names

NOT_CALCULATED = "#NOT CALCULATED!"
BETWEEN = "\x1e"
KEPT_OF_A_TORN_ROW = 100_000
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MARKS = re.compile(r"[\ud800-\udfff]")


def is_text(line: str) -> bool:
    """Whether nothing in it is a control character or a byte that could not be decoded."""
    return not _UNWANTED.search(line)


def printable(text: str) -> str:
    return _UNWANTED.sub("�", text)


def torn(row: int, text: str, reason: str, cells: Sequence[str | None] = ()) -> Torn:
    """A row set aside, as it may be written down again: without what no file may hold."""
    kept = printable(text[:KEPT_OF_A_TORN_ROW])
    return Torn(row, kept, reason, tuple(printable(cell or "") for cell in cells))


class Gathering:
    """A chunk in the making. `add` takes cells as wide as the header, each with whether it is stored as a number."""

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.headers = headers
        self.cells: list[list[str | None]] = []
        self.typed: list[Sequence[bool]] = []
        self.numbers: list[int] = []
        self.torn: list[Torn] = []
        self.n_blank = self.n_repeated_headers = self.n_characters = 0

    @property
    def is_full(self) -> bool:
        n_rows = len(self.numbers) + len(self.torn)
        return n_rows >= CHUNK_ROWS or self.n_characters >= CHUNK_CHARACTERS

    @property
    def is_empty(self) -> bool:
        return not (self.numbers or self.torn or self.n_blank or self.n_repeated_headers)

    def add(self, number: int, cells: Sequence[str | None], typed: Sequence[bool] = ()) -> None:
        text = BETWEEN.join([cell or "" for cell in cells])
        self.n_characters += len(text) + 8 * len(cells)
        if _UNWANTED.search(text.replace(BETWEEN, "") if text.count(BETWEEN) == len(cells) - 1 else text):
            reason = "bad_bytes" if _MARKS.search(text) else "control_character"
            self.set_aside(number, text, reason, cells)
        elif len(text) > MAX_CELL and any(cell and len(cell) > MAX_CELL for cell in cells):
            self.set_aside(number, text, "cell_too_long")
        elif not text.replace(NOT_CALCULATED, "").strip(BETWEEN + " \t\r\n"):
            self.n_blank += 1
        elif self._is_header(cells):
            self.n_repeated_headers += 1
        else:
            # Without the space around them; null where nothing is left.
            self.cells.append([cell.strip() or None if cell else None for cell in cells])
            self.typed.append(typed)
            self.numbers.append(number)

    def set_aside(self, number: int, text: str, reason: str, cells: Sequence[str | None] = ()) -> None:
        self.torn.append(torn(number, text.replace(BETWEEN, " | "), reason, cells))

    def _is_header(self, cells: Sequence[str | None]) -> bool:
        first = (cells[0] or "").strip()
        return first == self.headers[0] and header_names([cell or "" for cell in cells]) == self.headers

    def rows(self, share: float) -> Rows:
        columns = zip(*self.cells, strict=True) if self.cells else iter([()] * len(self.headers))
        frame = pl.DataFrame(
            [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(self.headers, columns, strict=True)]
        )
        flags = zip(*self.typed, strict=True) if any(self.typed) else ()
        typed = {
            name: pl.Series(name, column, dtype=pl.Boolean)
            for name, column in zip(self.headers, flags, strict=False)
            if any(column)
        }
        numbers = pl.Series(self.numbers, dtype=pl.Int64)
        return Rows(frame, numbers, typed, tuple(self.torn), self.n_blank, self.n_repeated_headers, share)
