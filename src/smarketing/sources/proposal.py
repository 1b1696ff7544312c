"""A proposed profile, what a person says in place of the guess, and a file as the guess sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from smarketing.sources.files.rows import Note, RowFile

FILL_IN = "FILL IN"
FEW_VALUES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """What one column of one file becomes; nothing when nobody knows."""

    file: str
    header: str
    becomes: str
    example: str


@dataclass(slots=True)
class Proposal:
    """The text of a profile, a line for each column, and what should be looked at first."""

    text: str = ""
    lines: list[Line] = field(default_factory=list)
    doubts: list[Note] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        from dataclasses import asdict

        from smarketing.terms.faults import ENGLISH

        return {
            "columns": [asdict(line) for line in self.lines],
            "doubts": [doubt.told(ENGLISH) for doubt in self.doubts],
        }


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a person says of one file: the fact table it fills, and the header of each fact column.

    `meanings` holds for fact columns the value in the file → the value in the facts.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says in place of the guess; files by their title, empty texts leave it to the guess."""

    files: Mapping[str, FileChoice] = field(default_factory=dict)
    currency: str = ""
    decimal: str = ""
    formats: tuple[str, ...] = ()
    source: str = ""


@dataclass(slots=True)
class Seen:
    """A file with a sample of its cells, and what was found out about it."""

    file: RowFile
    cells: pl.DataFrame
    typed: dict[str, pl.Series]
    is_named: bool = False  # by its sheet: the workbook has others
    is_first: bool = True  # the sheet that the file is called after
    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)  # fact column → header
    formats: list[str] = field(default_factory=list)
    decimals: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        said = f"{self.file.path.stem} {self.file.sheet}" if self.is_named else self.file.path.stem
        stem = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "_", stem).strip("_") or "file"

    def values(self, header: str) -> list[str]:
        return self.cells[header].drop_nulls().value_counts(sort=True)[header].to_list()[:FEW_VALUES]
