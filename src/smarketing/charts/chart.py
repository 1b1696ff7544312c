"""What a chart is before anybody draws it: a Vega-Lite 6 spec with named data, its words and its table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Spec = dict[str, Any]
Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """The same numbers as text, already in the reader's language. The first column names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `spec` holds no data: each of its `{"name": …}` is a key of `records`.

    title     a few words above it
    desc      what is drawn and how to read it, for those who cannot see it
    sentence  what it says this time
    """

    id: str
    title: str
    desc: str
    sentence: str
    spec: Spec
    records: dict[str, Records]
    table: Table
    height: int = 250
    legend: tuple[tuple[str, str], ...] = field(default=())  # colour of the theme, meaning

    @property
    def is_empty(self) -> bool:
        return not any(self.records.values())
