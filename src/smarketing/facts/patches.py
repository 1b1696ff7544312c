"""Rows told a few columns at a time: patches fold into the stored row, the same whatever order they come in.

A patch is a row of a fact table of which only the columns named in SET are said; a column named there and null is
emptied. It holds from AT on. For each column the latest AT wins; at one instant a value wins over none and the greater
value over the lesser, so arrival decides nothing. To know later how old each column of a stored row is, its marks are
kept beside it: column → microseconds of AT, and at WHOLE those of the row's `updated_at`. A row with another
`updated_at` was written whole since: its marks are void, and each of its values is as old as the row.

A row is complete when all required columns are said. Patches of a record that nobody has told of yet wait: fold them
again when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from smarketing.facts.schema import Table
from smarketing.terms.instants import micros

ROW, AT, SET = "_row", "_at", "_set"
WHOLE = ""
PATCH = {ROW: pl.Int64(), AT: pl.Datetime("us", "UTC"), SET: pl.List(pl.String())}

Key = tuple[str, ...]
Marks = dict[str, int]
TICK = timedelta(microseconds=1)
OLDEST = -(2**62)


def patch_schema(table: Table) -> dict[str, pl.DataType]:
    return {**table.schema, **PATCH}


@dataclass(frozen=True, slots=True)
class Folded:
    """`rows` are whole rows that differ from the stored ones, ready to be upserted; `marks` those of every key met.

    `waiting` are the keys of records nobody has told of, with the ROW of each patch that waits for them and the
    columns that are lacking.
    """

    rows: pl.DataFrame
    marks: Mapping[Key, Marks]
    waiting: Mapping[Key, Waiting]


@dataclass(frozen=True, slots=True)
class Waiting:
    rows: tuple[int, ...]
    lacking: tuple[str, ...]


def fold(table: Table, patches: pl.DataFrame, stored: pl.DataFrame, marks: Mapping[Key, Marks]) -> Folded:
    """The stored rows with the patches folded in.

    Takes    patches  the table's columns and PATCH
             stored   the stored rows of the patches' keys, as many as there are
             marks    what an earlier fold returned for these keys
    """
    before = {_key(table, row): row for row in stored.select(table.names).iter_rows(named=True)}
    by_key: dict[Key, list[dict[str, Any]]] = {}
    for patch in patches.iter_rows(named=True):
        by_key.setdefault(_key(table, patch), []).append(patch)
    rows: list[dict[str, Any]] = []
    new_marks: dict[Key, Marks] = {}
    waiting: dict[Key, Waiting] = {}
    for key, told in by_key.items():
        old = before.get(key)
        row, ages = _folded(table, old, marks.get(key, {}), told)
        lacking = tuple(column.name for column in table.columns if column.required and row.get(column.name) is None)
        if lacking:
            waiting[key] = Waiting(tuple(sorted({patch[ROW] for patch in told})), lacking)
            continue
        new_marks[key] = {**ages, WHOLE: _written(row)}
        if old is None or _content(table, row) != _content(table, old):
            rows.append(_learnt_later(row, old))
    return Folded(pl.DataFrame(rows, schema=table.schema, orient="row"), new_marks, waiting)


def _key(table: Table, row: Mapping[str, Any]) -> Key:
    return tuple(row[name] for name in table.key)


def _content(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in table.names if name != "seen_at")


def _learnt_later(row: dict[str, Any], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """The row as it must be to win over the stored one, though it may have been told in the same instant."""
    if old is not None and row["seen_at"] <= old["seen_at"]:
        return {**row, "seen_at": old["seen_at"] + TICK}
    return row


def _folded(
    table: Table, old: Mapping[str, Any] | None, marks: Marks, patches: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], Marks]:
    row: dict[str, Any] = dict.fromkeys(table.names) if old is None else dict(old)
    ages = _ages(old, marks)
    for patch in patches:
        at = micros(patch[AT])
        for name in patch[SET]:
            rank = (at, *_rank(patch[name]))
            if name not in ages or rank > (ages[name], *_rank(row[name])):
                row[name], ages[name] = patch[name], at
        row.update({name: patch[name] for name in table.key})
        row["seen_at"] = _latest(row["seen_at"], patch["seen_at"])
        if "updated_at" in row:
            row["updated_at"] = _latest(row["updated_at"], patch["updated_at"])
    return row, ages


def _ages(old: Mapping[str, Any] | None, marks: Marks) -> Marks:
    """How old each column of the stored row is; what it leaves empty was never said."""
    if old is None:
        return {}
    updated = _written(old)
    if marks and marks[WHOLE] == updated:
        return {name: at for name, at in marks.items() if name != WHOLE}
    return {name: updated for name, value in old.items() if value is not None}


def _written(row: Mapping[str, Any]) -> int:
    return micros(row["updated_at"]) if row.get("updated_at") else OLDEST


def _rank(value: Any) -> tuple[bool, Any]:
    """Nothing is less than something."""
    return (value is not None, value if value is not None else 0)


def _latest(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)
