"""How old each column of a row is that was told a few columns at a time: a text to keep beside the row.

It is an object of columns and microseconds. REST is the age of all values that are not named, WHOLE is that of the
row: its `updated_at`, or `changed_at` of a step. A row of another age was written whole since: its marks are void, and
each of its values is as old as the row. So is each value of a row without marks; most rows need none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from smarketing.facts.schema import Table
from smarketing.terms.instants import micros

MARKS = "_marks"
WHOLE, REST = "", "*"
WRITTEN, STEPPED = "updated_at", "changed_at"  # when a row was written: a step is as old as what it tells of
OLDEST = -(2**62)
AGE, KEPT = "_age_", "_kept_"  # begin the names of columns

Ages = dict[str, int]


@lru_cache
def said_columns(table: Table) -> tuple[str, ...]:
    """The columns that a patch can say: all but whose the row is and when it was written or learnt."""
    passing = {*table.key, "src", "seen_at", "updated_at"}
    return tuple(name for name in table.names if name not in passing)


def ages_of(table: Table, row: Mapping[str, Any] | None, mark: str | None) -> Ages:
    """How old each column of the stored row is; what it leaves empty was never said."""
    if row is None:
        return {}
    updated, said = _written(row), said_columns(table)
    marks: Ages = json.loads(mark) if mark else {}
    if not marks or marks[WHOLE] != updated:
        return {name: updated for name in said if row[name] is not None}
    rest = marks.get(REST)
    ages = {name: rest for name in said if rest is not None and row[name] is not None}
    return ages | {name: marks[name] for name in said if name in marks}


def mark_of(table: Table, row: Mapping[str, Any], ages: Ages, *, is_kept: bool) -> str | None:
    """The marks of a row; None where it needs none and none are kept."""
    whole = _written(row)
    valued = [ages.get(name) for name in said_columns(table) if row[name] is not None]
    told = [age for age in valued if age is not None]
    if len(told) < len(valued):
        return json.dumps({**ages, WHOLE: whole})
    rest = min(told, default=whole)
    named = {name: age for name, age in ages.items() if row[name] is None or age != rest}
    if rest == whole and not named and not is_kept:
        return None
    return json.dumps({**named, REST: rest, WHOLE: whole})


def _written(row: Mapping[str, Any]) -> int:
    at = row.get(WRITTEN if WRITTEN in row else STEPPED)
    return micros(at) if at else OLDEST


def with_ages(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of which some are stored, with MARKS, and beside them a column of ages for each that can be said."""
    said = said_columns(table)
    kept = pl.Struct({name: pl.Int64() for name in (*said, REST, WHOLE)})
    told = rows[MARKS].str.json_decode(kept).struct.unnest()
    told.columns = [KEPT + name for name in told.columns]
    written = _written_each(table)
    is_marked = (pl.col(KEPT + WHOLE) == written).fill_null(value=False)
    rest = pl.when(is_marked).then(KEPT + REST).otherwise(written)
    ages = [
        pl.coalesce(
            pl.when(is_marked).then(KEPT + name),
            pl.when(pl.col(name).is_not_null()).then(rest),
        ).alias(AGE + name)
        for name in said
    ]
    return rows.hstack(told).with_columns(ages).drop(told.columns)


def marks_each(table: Table, rows: pl.DataFrame) -> pl.Series:
    """For each row with its ages what `mark_of` says; a column MARKS tells which rows have some."""
    said = [name for name in said_columns(table) if rows[AGE + name].null_count() < rows.height]
    has = {name: pl.col(name).is_not_null() for name in said}
    whole = _written_each(table)
    is_all_known = pl.all_horizontal(pl.lit(value=True), *(~has[name] | _age(name).is_not_null() for name in said))
    oldest = pl.min_horizontal(pl.lit(None, pl.Int64), *(pl.when(has[name]).then(_age(name)) for name in said))
    told = rows.with_columns(_whole=whole, _rest=pl.when(is_all_known).then(pl.coalesce(oldest, whole)))
    named = [
        pl.when(pl.col("_rest").is_null() | ~has[name] | (_age(name) != pl.col("_rest"))).then(_entry(name, _age(name)))
        for name in said
    ]
    entries = [*named, _entry(REST, pl.col("_rest")), _entry(WHOLE, pl.col("_whole"))]
    text = pl.concat_str(
        pl.lit("{"), pl.concat_str(entries, separator=", ", ignore_nulls=True), pl.lit("}"), ignore_nulls=False
    )
    names_none = pl.concat_str(pl.lit(""), *named, ignore_nulls=True) == ""
    needs_none = names_none & (pl.col("_rest") == pl.col("_whole"))
    return told.select(pl.when(~needs_none.fill_null(value=False) | pl.col(MARKS).is_not_null()).then(text)).to_series()


def _age(name: str) -> pl.Expr:
    return pl.col(AGE + name)


def _entry(name: str, age: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f'"{name}": '), age.cast(pl.String))


def _written_each(table: Table) -> pl.Expr:
    name = next((name for name in (WRITTEN, STEPPED) if name in table.names), None)
    return pl.lit(OLDEST, pl.Int64) if name is None else pl.col(name).dt.timestamp("us").fill_null(OLDEST)
