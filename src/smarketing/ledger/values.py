"""Rows of facts as a database keeps them, and back: the same integers and texts on every database."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import polars as pl

from smarketing.facts.schema import POLARS, Column, DType, Table

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)

TEN_THOUSAND = 10_000
KEPT: dict[DType, pl.DataType] = {
    DType.INSTANT: pl.Int64(),
    DType.MONEY: pl.Int64(),
    DType.DAY: pl.String(),
}


def to_database(rows: pl.DataFrame, table: Table, **more: pl.Expr) -> pl.DataFrame:
    """Instants as microseconds, money as ten-thousandths, days as ISO texts; and `more` columns."""
    return rows.with_columns(*_to_database_each(table), **more)


@lru_cache
def _to_database_each(table: Table) -> tuple[pl.Expr, ...]:
    return tuple(
        pl.col(column.name).dt.timestamp("us")
        if column.dtype is DType.INSTANT
        else (pl.col(column.name) * TEN_THOUSAND).cast(pl.Int64)
        if column.dtype is DType.MONEY
        else pl.col(column.name).dt.to_string("iso")
        for column in table.columns
        if column.dtype in KEPT
    )


def kept_schema(table: Table) -> dict[str, pl.DataType]:
    """The columns of `table` as they come out of a database."""
    return {column.name: KEPT.get(column.dtype, POLARS[column.dtype]) for column in table.columns}


def from_database(rows: Rows, table: Table) -> Rows:
    """What `to_database` was given."""
    return rows.with_columns(read_one(column) for column in table.columns if column.dtype in KEPT)


def read_one(column: Column) -> pl.Expr:
    """What `to_database` was given for a column that a database keeps in its own way."""
    if column.dtype is DType.INSTANT:
        return pl.from_epoch(column.name, "us").dt.replace_time_zone("UTC")
    if column.dtype is DType.MONEY:
        return (pl.col(column.name).cast(pl.Decimal(38, 4)) / TEN_THOUSAND).cast(POLARS[DType.MONEY])
    return pl.col(column.name).str.to_date("%Y-%m-%d")


def settled(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`rows` with what no database tells apart made the same: not-a-number is unknown, and minus zero is zero."""
    numbers = [column.name for column in table.columns if column.dtype is DType.NUMBER]
    return rows.with_columns(pl.col(name).fill_nan(None) + 0.0 for name in numbers) if numbers else rows
