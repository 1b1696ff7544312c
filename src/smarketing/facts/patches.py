"""Rows told a few columns at a time: patches fold into the stored row, the same whatever order they come in.

A patch is a row of a fact table of which only the columns named in SET are said; a column named there and null is
emptied. It holds from AT on. For each column the latest AT wins; at one instant a value wins over none and the greater
value over the lesser, so arrival decides nothing. How old each column of a stored row is stands in its marks (see
facts.patch_marks).

A row is complete when all required columns are said. Patches of a record that nobody has told of yet wait: fold them
again when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from smarketing.facts.patch_marks import MARKS, Ages, ages_of, mark_of, said_columns
from smarketing.facts.schema import Table
from smarketing.terms.instants import micros

ROW, AT, SET = "_row", "_at", "_set"
PATCH = {ROW: pl.Int64(), AT: pl.Datetime("us", "UTC"), SET: pl.String()}

Key = tuple[str, ...]
TICK = timedelta(microseconds=1)


def patch_schema(table: Table) -> dict[str, pl.DataType]:
    return {**table.schema, **PATCH}


def marks_schema(table: Table) -> dict[str, pl.DataType]:
    return {**{name: table.schema[name] for name in table.key}, MARKS: pl.String()}


@dataclass(frozen=True, slots=True)
class Folded:
    """`rows` are whole rows that differ from the stored ones, ready to be upserted; `marks` has each whole key met.

    `waiting` are the keys of records nobody has told of, with the ROW of each patch that waits for them and the
    columns that are lacking.

    Columns  marks: the table's key, and MARKS to be stored beside the row; null where there is nothing to store
    """

    rows: pl.DataFrame
    marks: pl.DataFrame
    waiting: Mapping[Key, Waiting]


@dataclass(frozen=True, slots=True)
class Waiting:
    rows: tuple[int, ...]
    lacking: tuple[str, ...]


def fold(table: Table, patches: pl.DataFrame, stored: pl.DataFrame, marks: pl.DataFrame) -> Folded:
    """The stored rows with the patches folded in, one by one; many are sooner folded by facts.many_patches.

    Takes    patches  the table's columns and PATCH; the names in SET have spaces between them
             stored   the stored rows of the patches' keys, as many as there are
             marks    what is stored beside them
    """
    before = {_key(table, row): row for row in stored.select(table.names).iter_rows(named=True)}
    kept = {tuple(row[:-1]): row[-1] for row in marks.select(*table.key, MARKS).iter_rows()}
    by_key: dict[Key, list[dict[str, Any]]] = {}
    for patch in patches.iter_rows(named=True):
        by_key.setdefault(_key(table, patch), []).append(patch)
    rows: list[dict[str, Any]] = []
    new_marks: list[tuple[str | None, ...]] = []
    waiting: dict[Key, Waiting] = {}
    for key, told in by_key.items():
        old = before.get(key)
        row, ages = _folded(table, old, kept.get(key), told)
        lacking = tuple(column.name for column in table.columns if column.required and row.get(column.name) is None)
        if lacking:
            waiting[key] = Waiting(tuple(sorted({patch[ROW] for patch in told})), lacking)
            continue
        new_marks.append((*key, mark_of(table, row, ages, is_kept=kept.get(key) is not None)))
        if old is None or _content(table, row) != _content(table, old):
            rows.append(_learnt_later(row, old))
    return Folded(
        pl.DataFrame(rows, schema=table.schema, orient="row"),
        pl.DataFrame(new_marks, schema=marks_schema(table), orient="row"),
        waiting,
    )


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
    table: Table, old: Mapping[str, Any] | None, mark: str | None, patches: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], Ages]:
    row: dict[str, Any] = dict.fromkeys(table.names) if old is None else dict(old)
    ages, can_be_said = ages_of(table, old, mark), said_columns(table)
    for patch in patches:
        at = micros(patch[AT])
        for name in patch[SET].split():
            rank = (at, *_rank(patch[name]))
            if name in can_be_said and (name not in ages or rank > (ages[name], *_rank(row[name]))):
                row[name], ages[name] = patch[name], at
        row.update({name: patch[name] for name in table.key})
        row["seen_at"] = _latest(row["seen_at"], patch["seen_at"])
        if "updated_at" in row:
            row["updated_at"] = _latest(row["updated_at"], patch["updated_at"])
    return row, ages


def _rank(value: Any) -> tuple[bool, Any]:
    """Nothing is less than something."""
    return (value is not None, value if value is not None else 0)


def _latest(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)
