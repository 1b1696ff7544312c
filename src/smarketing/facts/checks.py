"""Does a frame keep the rules of its table? Every broken rule is a row of the answer; nothing is raised."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from smarketing.facts.schema import POLARS, Column, Table
from smarketing.terms.marked import N_

ISSUES = {
    "row": pl.UInt32(),  # position in the frame; null when the whole column is meant
    "column": pl.String(),
    "code": pl.String(),  # missing_column, unknown_column, wrong_dtype, missing_value, unknown_value
    "value": pl.String(),
}
NO_ISSUES = pl.DataFrame(schema=ISSUES)
SENTENCES = {
    "unknown_column": N_('The table has no column "{column}".'),
    "missing_column": N_("{column} is required and not there."),
    "wrong_dtype": N_("{column} must be {dtype}, not {value}."),
    "missing_value": N_("{column} is required and empty."),
    "unknown_value": N_("{column} must be one of {choices}."),
}
Rule = tuple[str, str, pl.Expr]  # the name of a column, a code, and which cells break that rule


def sentence_of(issue: Mapping[str, Any], table: Table) -> tuple[str, dict[str, object]]:
    """The sentence of the catalogue for one row of `issues`, and what its names stand for."""
    column = next((column for column in table.columns if column.name == issue["column"]), None)
    known = {"dtype": column.dtype.value, "choices": ", ".join(column.values)} if column else {}
    return SENTENCES[issue["code"]], {"column": issue["column"], "value": issue["value"], **known}


def issues(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """What is wrong with `frame` as rows of `table`.

    Takes    frame    any frame; optional columns may be left out
    Returns  one row per broken rule, columns first, then cells: row, column, code, value (`ISSUES`)
    Raises   nothing
    """
    strangers, of_columns, rules, is_any = _asked(table, tuple(frame.schema.items()))
    if not strangers and not any(of_columns.values()) and not frame.select(is_any).item():
        return NO_ISSUES
    broken = frame.select(wrong.alias(str(n)) for n, (_, _, wrong) in enumerate(rules))
    of_cells = {(rules[int(series.name)][0], rules[int(series.name)][1]): series for series in broken if series.any()}
    found = list(strangers)
    for column in table.columns:
        found += of_columns[column.name]
        cells = [(code, wrong) for (name, code), wrong in of_cells.items() if name == column.name]
        found += [_cells(frame[column.name], wrong, column, code) for code, wrong in cells]
    return pl.concat(found) if found else NO_ISSUES


@lru_cache(maxsize=256)
def _asked(
    table: Table, schema: tuple[tuple[str, pl.DataType], ...]
) -> tuple[list[pl.DataFrame], dict[str, list[pl.DataFrame]], list[Rule], pl.Expr]:
    """What is wrong with the columns, strangers first; what is to be asked of the cells of the others, and in short."""
    known, told = {column.name for column in table.columns}, dict(schema)
    strangers = [_column_issue(name, "unknown_column", "") for name in told if name not in known]
    of_columns = {column.name: _column_issues(told, column) for column in table.columns}
    rules = [rule for column in table.columns if not of_columns[column.name] for rule in _rules(told, column)]
    return strangers, of_columns, rules, pl.any_horizontal(pl.lit(value=False), *(wrong.any() for _, _, wrong in rules))


def _column_issues(schema: Mapping[str, pl.DataType], column: Column) -> list[pl.DataFrame]:
    if column.name not in schema:
        return [_column_issue(column.name, "missing_column", "")] if column.required else []
    dtype = schema[column.name]
    if dtype == POLARS[column.dtype] or (dtype == pl.Null and not column.required):
        return []
    return [_column_issue(column.name, "wrong_dtype", str(dtype))]


def _rules(schema: Mapping[str, pl.DataType], column: Column) -> list[Rule]:
    dtype, cell = schema.get(column.name, pl.Null()), pl.col(column.name)
    if dtype == pl.Null():
        return []
    found = []
    if column.required:
        is_blank = (cell.str.strip_chars() == "").fill_null(value=False)
        missing = cell.is_null() | is_blank if dtype == pl.String() else cell.is_null()
        found.append((column.name, "missing_value", missing))
    if column.values:
        found.append((column.name, "unknown_value", cell.is_not_null() & ~cell.is_in(column.values)))
    return found


def _cells(series: pl.Series, wrong: pl.Series, column: Column, code: str) -> pl.DataFrame:
    rows = wrong.arg_true()
    return pl.DataFrame({"row": rows.cast(pl.UInt32), "value": series.gather(rows).cast(pl.String)}).select(
        "row",
        pl.lit(column.name).alias("column"),
        pl.lit(code).alias("code"),
        "value",
    )


def _column_issue(name: str, code: str, value: str) -> pl.DataFrame:
    return pl.DataFrame({"row": [None], "column": [name], "code": [code], "value": [value]}, ISSUES)
