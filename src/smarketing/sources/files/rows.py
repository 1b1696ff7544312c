"""What every reader of files gives: stretches of text cells with the row numbers a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from smarketing.terms.language import Words

MAX_CELL = 131_072  # characters; no CRM writes more into a field
MAX_LINE = 4 << 20  # characters
MAX_COLUMNS = 20_000
CHUNK_ROWS = 50_000
CHUNK_CHARACTERS = 8 << 20


class Torn(NamedTuple):
    """A row that was set aside before its cells were read: where, its text, a key of rejection.REASONS, and its cells
    where it has as many as the header."""

    row: int
    text: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling about a file: a sentence of the catalogue and its values."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def told(self, words: Words) -> str:
        return words(self.message, **self.values)


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of a file.

    `cells` holds text only, null where a cell is empty; `numbers` are the row numbers. `typed` says for the
    columns that have any which cells the file itself stores as a number, so that no decimal comma is read into them.
    """

    cells: pl.DataFrame
    numbers: pl.Series
    typed: Mapping[str, pl.Series] = field(default_factory=dict)
    torn: tuple[Torn, ...] = ()
    n_blank: int = 0
    n_repeated_headers: int = 0
    share: float = 1.0  # of the file that has been read so far


@dataclass(slots=True)
class RowFile:
    """One table of one file: a CSV, a sheet of a workbook. `notes` fill while it is read; `first` where its first
    stretch was kept."""

    path: Path
    kind: str
    headers: tuple[str, ...]
    read: Callable[[], Iterator[Rows]]
    sheet: str = ""
    is_hidden: bool = False
    form: str = ""  # encoding and separator of a text file: utf-8 ;
    notes: list[Note] = field(default_factory=list)
    first: Callable[[], Rows | None] | None = None

    def note(self, message: str, **values: object) -> None:
        """Remember a sentence once, however often the file is read."""
        note = Note(message, values)
        if note not in self.notes:
            self.notes.append(note)

    @property
    def title(self) -> str:
        return f"{self.path.name} [{self.sheet}]" if self.sheet else self.path.name


def header_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names to call the columns by: trimmed, never empty, never twice the same, never a pattern of other names."""
    taken: set[str] = set()
    names = []
    for position, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\ufeff", "").split()) or f"column {position}"
        if plain == "*" or plain.startswith("^"):  # Polars would take it for an expression
            plain = f"column {position} {plain}"
        name, n = plain, 1
        while name in taken:
            n += 1
            name = f"{plain} ({n})"
        taken.add(name)
        names.append(name)
    return tuple(names)
