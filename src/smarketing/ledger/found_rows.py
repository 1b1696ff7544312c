"""Few rows of the facts as the database keeps them, with only the columns that clocks are judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.facts.schema import DType, Table
from smarketing.ledger.values import to_database

Row = tuple[Any, ...]
NOT_CAST = (DType.MONEY, DType.DAY)  # what a database keeps of them takes more than a cast
READ = {
    "owner": ("src", "owner_id", "kind", "name", "team", "calendar"),
    "lead": (
        *("src", "lead_id", "created_at", "owner_id", "assigned_at", "person_key", "channel", "source_raw", "score"),
        *("grade", "reason", "is_test", "duplicate_of", "converted_at", "merged_into", "deleted_at"),
    ),
    "touch": (
        *("src", "touch_id", "lead_id", "deal_id", "person_key", "owner_id", "kind", "direction", "occurred_at"),
        *("logged_at", "duration_s", "outcome", "automated", "deleted_at"),
    ),
    "stage_change": (
        *("src", "change_id", "entity", "entity_id", "field", "from_value", "to_value", "to_raw", "reason"),
        *("changed_at", "origin"),
    ),
    "deal": (
        *("src", "deal_id", "lead_id", "person_key", "owner_id", "status", "amount", "currency", "created_at"),
        *("closed_at", "merged_into", "deleted_at"),
    ),
    "deal_lead": ("src", "deal_id", "lead_id", "role", "is_primary"),
    "identity": ("src", "from_id", "to_id", "reason"),
}


@cache
def judged_table(name: str) -> Table:
    """A table with only the columns that clocks are judged by."""
    table = table_named(name)
    return replace(table, columns=tuple(column for column in table.columns if column.name in READ[name]))


@dataclass(frozen=True)
class Found:
    """Rows of a `judged_table`; a column is a list."""

    name: str
    rows: Sequence[Row] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> list[Any]:
        place = places(self.name)[column]
        return [row[place] for row in self.rows]

    def told(self, *columns: str) -> Iterator[Row]:
        """Some columns, two or more, row by row."""
        return map(itemgetter(*(places(self.name)[column] for column in columns)), self.rows)

    def where(self, column: str, value: str) -> Found:
        place = places(self.name)[column]
        return Found(self.name, [row for row in self.rows if row[place] == value])


@cache
def places(name: str) -> dict[str, int]:
    return {column: place for place, column in enumerate(judged_table(name).names)}


@dataclass(frozen=True)
class MovedRows:
    """As ledger.moved.Moved: rows that are there no longer as they were, and rows that were not there like this."""

    gone: Found
    came: Found

    @classmethod
    def between(cls, left: Found, come: Found) -> MovedRows:
        was, now = set(left.rows), set(come.rows)
        gone = [row for row in left.rows if row not in now]
        return cls(Found(left.name, gone), Found(come.name, [row for row in come.rows if row not in was]))

    def __bool__(self) -> bool:
        return bool(self.gone.rows or self.came.rows)

    @cached_property
    def rows(self) -> Found:
        return Found(self.came.name, [*self.gone.rows, *self.came.rows])

    def by(self, *columns: str) -> Found:
        was, now = set(self.gone.told(*columns)), set(self.came.told(*columns))
        told = [*self.gone.told(*columns), *self.came.told(*columns)]
        differ = was ^ now
        return Found(self.came.name, [row for row, said in zip(self.rows.rows, told, strict=True) if said in differ])

    def where(self, column: str, value: str) -> MovedRows:
        return MovedRows(self.gone.where(column, value), self.came.where(column, value))


def found_in(name: str, rows: pl.DataFrame) -> Found:
    """Facts as the database would have them."""
    if rows.is_empty():
        return Found(name)
    table = judged_table(name)
    if any(column.dtype in NOT_CAST for column in table.columns):
        rows = to_database(rows[table.names], table)
    told = ((rows[column.name], column.dtype is DType.INSTANT) for column in table.columns)
    values = [(column.cast(pl.Int64) if is_instant else column).to_list() for column, is_instant in told]
    return Found(name, list(zip(*values, strict=True)))
