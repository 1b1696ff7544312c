"""Many rows in and out of a database at once: COPY on PostgreSQL, executemany on SQLite, and no loop of ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

CHUNK_ROWS = 100_000
Connection = Any  # django.db.backends.base.base.BaseDatabaseWrapper: the ledger is read without Django as well


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows as a database wants them: those columns that differ from row to row, and what all rows say of the others."""

    columns: tuple[str, ...]
    rows: Any
    same: dict[str, int]


def load(connection: Connection, target: str, rows: pl.DataFrame) -> None:
    """Insert `rows`, whose columns are those of the table `target`."""
    for chunk in rows.iter_slices(CHUNK_ROWS):
        insert(connection, target, packed(connection, chunk))


def packed(connection: Connection, rows: pl.DataFrame) -> Packed:
    """`rows` as `insert` wants them: much of the work, and none that keeps others from the database."""
    columns = {name: rows[name] for name in rows.columns}
    told = rows[[name for name, values in columns.items() if values.null_count() < rows.height]]
    if connection.vendor == "postgresql":
        text = told.write_csv(include_header=False, quote_style="non_numeric").encode()
        return Packed(tuple(told.columns), text, {})
    same = {name: int(columns[name][0]) for name, dtype in told.schema.items() if _is_one_number(columns[name], dtype)}
    told = told[[name for name in told.columns if name not in same]]
    return Packed(tuple(told.columns), told.rows(), same)


def _is_one_number(values: pl.Series, dtype: pl.DataType) -> bool:
    return dtype.is_integer() and not values.null_count() and bool(values.min() == values.max())


def insert(connection: Connection, target: str, given: Packed) -> None:
    if connection.vendor == "postgresql":
        copied = f'COPY "{target}" ({names(given.columns)}) FROM STDIN (FORMAT csv)'
        with connection.cursor() as cursor, cursor.copy(copied) as copy:
            copy.write(given.rows)
        return
    connection.ensure_connection()
    columns = names([*given.columns, *given.same])
    values = ", ".join(["?"] * len(given.columns) + [str(number) for number in given.same.values()])
    connection.connection.executemany(f'INSERT INTO "{target}" ({columns}) VALUES ({values})', given.rows)


def insert_rows(connection: Connection, target: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """The same of few rows, as they are."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f'COPY "{target}" ({names(columns)}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    insert(connection, target, Packed(tuple(columns), rows, {}))


def of_leads(connection: Connection, leads: pl.DataFrame) -> tuple[str, list[Any]]:
    """The condition that a row is about one of some leads (src, lead_id), for a cursor; and what to give it."""
    by_source: dict[str, list[str]] = {}
    for src, lead in zip(leads["src"].to_list(), leads["lead_id"].to_list(), strict=True):
        by_source.setdefault(src, []).append(lead)
    is_postgres = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_postgres else "IN (SELECT value FROM json_each(%s))"
    told = [(src, ids if is_postgres else json.dumps(ids)) for src, ids in by_source.items()]
    condition = " OR ".join([f'("src" = %s AND "lead_id" {among})'] * len(told)) or "1 = 0"
    return f"({condition})", [each for pair in told for each in pair]


def load_aside(connection: Connection, target: str, rows: pl.DataFrame) -> str:
    """Load `rows` into a temporary table shaped like `target`; returns its name."""
    aside = f"incoming_{target}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{aside}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{aside}" AS SELECT {names(rows.columns)} FROM "{target}" WHERE 1 = 0')
    load(connection, aside, rows)
    return aside


def upsert(connection: Connection, target: str, aside: str, columns: Sequence[str], key: Sequence[str]) -> None:
    """Write the rows of `aside` over those of `target` with the same key, or beside them."""
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{target}" ({names(columns)}) SELECT {names(columns)} FROM "{aside}" WHERE 1 = 1 '
            f"ON CONFLICT ({names(key)}) DO UPDATE SET {sets}"
        )


def delete(connection: Connection, target: str, keys: pl.DataFrame) -> None:
    """Remove the rows of `target` with these `keys`."""
    if keys.is_empty():
        return
    aside = load_aside(connection, target, keys)
    key = names(keys.columns)
    with connection.cursor() as cursor:  # IN makes an index of the keys; EXISTS would read them all for every row
        cursor.execute(f'DELETE FROM "{target}" WHERE ({key}) IN (SELECT {key} FROM "{aside}")')


def fetch(connection: Connection, schema: dict[str, pl.DataType], tail: str, place: Path) -> pl.LazyFrame:
    """The columns of `schema` from what `tail` says (FROM … WHERE …), by way of files in the folder `place`.

    Memory holds one chunk at a time.
    """
    if connection.vendor == "postgresql":
        query = f"COPY (SELECT {names(list(schema))} {tail}) TO STDOUT (FORMAT csv)"
        path = place / f"{uuid4().hex}.csv"
        with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
            file.writelines(copy)
        return pl.scan_csv(path, has_header=False, schema=_with_flags_as(pl.String(), schema)).with_columns(
            _flags(schema, "t")
        )
    columns = ", ".join(f'+"{name}"' for name in schema)  # a plus: the driver does not convert to a declared type
    connection.ensure_connection()
    cursor, files = connection.connection.execute(f"SELECT {columns} {tail}"), []
    while rows := cursor.fetchmany(CHUNK_ROWS):
        frame = pl.DataFrame(rows, schema=_with_flags_as(pl.Int64(), schema), orient="row")
        files.append(place / f"{uuid4().hex}.parquet")
        frame.with_columns(_flags(schema, 1)).write_parquet(files[-1], compression="lz4", statistics=False)
    return pl.scan_parquet(files, glob=False) if files else pl.LazyFrame(schema=schema)


def names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _flags(schema: dict[str, pl.DataType], true: object) -> list[pl.Expr]:
    return [pl.col(name).eq(true).alias(name) for name, dtype in schema.items() if dtype == pl.Boolean()]


def _with_flags_as(kept: pl.DataType, schema: dict[str, pl.DataType]) -> dict[str, pl.DataType]:
    return {name: kept if dtype == pl.Boolean() else dtype for name, dtype in schema.items()}
