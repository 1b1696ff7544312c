"""The fact tables as rows of their reference page."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.facts.schema import TABLES, DType, Table

UNITS = {
    DType.TEXT: "",
    DType.INSTANT: "UTC, microseconds",
    DType.DAY: "local date",
    DType.INTEGER: "",
    DType.MONEY: "18 digits, 4 of them decimals",
    DType.NUMBER: "",
    DType.FLAG: "true or false",
}


@dataclass(frozen=True, slots=True)
class FactColumn:
    """`key` is true where the column is part of what identifies a row across imports."""

    table: str
    column: str
    dtype: str
    unit: str
    required: bool
    key: bool
    values: tuple[str, ...]
    meaning: str


def fact_columns() -> list[FactColumn]:
    """Every column of every fact table, in the order of the schema."""
    return [row for table in TABLES.values() for row in _columns(table)]


def _columns(table: Table) -> list[FactColumn]:
    return [
        FactColumn(
            table.name,
            column.name,
            column.dtype.value,
            "seconds" if column.name.endswith("_s") else UNITS[column.dtype],
            column.required,
            column.name in table.key,
            column.values,
            column.meaning,
        )
        for column in table.columns
    ]
