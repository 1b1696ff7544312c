"""Rows of the fact tables by their keys, from the database: a few thousand of millions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from django.db import connections

from smarketing.facts.frames import empty
from smarketing.facts.patch_marks import MARKS
from smarketing.facts.patches import marks_schema
from smarketing.facts.schema import DType, Table
from smarketing.ledger.bulk import load_aside, upsert
from smarketing.ledger.found_rows import Row
from smarketing.ledger.values import KEPT, read_one

MARKS_TABLE, MARKS_KEY = "ledger_patch_marks", ("src", "table", "key")
_KEEP = (
    f'INSERT INTO "{MARKS_TABLE}" ("src", "table", "key", "marks") VALUES (?, ?, ?, ?) '
    'ON CONFLICT ("src", "table", "key") DO UPDATE SET "marks" = excluded."marks"'
)
ASKED_ROWS = 5_000  # in one question
BY_ROW = 100  # rows beyond which a frame is made sooner column by column


def stored_rows(table: Table, keys: pl.DataFrame, using: str) -> pl.DataFrame:
    """The rows of `table` with these keys, as many as there are.

    Takes    keys  the columns of the table's key
    """
    if table.key == ("src",):
        found = rows_where(table, {"src": keys["src"].to_list()}, using)
    else:
        first = next(name for name in table.key if name != "src")
        asked = [rows_where(table, {"src": [src], first: ids}, using) for src, ids in _by_source(keys, first)]
        found = [row for rows in asked for row in rows]
    return as_rows(table, found).join(keys, on=table.key, how="semi") if found else empty(table)


def as_rows(table: Table, found: Sequence[Row]) -> pl.DataFrame:
    """What `rows_where` found, as facts."""
    if not found:
        return empty(table)
    schema, left = _reading(table)
    if len(found) > BY_ROW:
        columns = zip(schema.items(), zip(*found, strict=True), strict=True)
        rows = pl.DataFrame([_column(name, dtype, values) for (name, dtype), values in columns])
    else:
        rows = pl.DataFrame(found, schema=schema, orient="row")
    return rows.with_columns(left) if left else rows


def _column(name: str, dtype: pl.DataType, values: Sequence[Any]) -> pl.Series:
    if dtype == pl.Boolean():  # SQLite says 0 and 1
        values = [None if value is None else bool(value) for value in values]
    return pl.Series(name, values, dtype=dtype)


@lru_cache
def _reading(table: Table) -> tuple[dict[str, pl.DataType], list[pl.Expr]]:
    """How the columns are read: instants and flags from numbers at once; and what is then left to do."""
    late = [column for column in table.columns if column.dtype in (DType.MONEY, DType.DAY)]
    return table.schema | {column.name: KEPT[column.dtype] for column in late}, [read_one(column) for column in late]


def _by_source(keys: pl.DataFrame, column: str) -> Iterator[tuple[str, list[str]]]:
    by_source: dict[str, dict[str, None]] = {}
    for src, key in zip(keys["src"].to_list(), keys[column].to_list(), strict=True):
        by_source.setdefault(src, {})[key] = None
    for src, own in by_source.items():
        ids = list(own)
        yield from ((src, ids[start : start + ASKED_ROWS]) for start in range(0, len(ids), ASKED_ROWS))


def rows_where(table: Table, asked: Mapping[str, Sequence[str]], using: str) -> list[Row]:
    """The rows that have one of some values in each of some columns, as the database keeps them."""
    connection = connections[using]
    values: list[Any] = [list(each) for each in asked.values()]
    if connection.vendor == "postgresql":
        days = _days(table)
        said = ", ".join(f'"{name}"::text' if name in days else f'"{name}"' for name in table.names)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {said} FROM "ledger_{table.name}" {_where(asked, "= ANY(%s)")}', values)
            return list(cursor.fetchall())
    connection.ensure_connection()
    said = ", ".join(f'+"{name}"' for name in table.names)  # a plus: the driver does not convert
    query = f'SELECT {said} FROM "ledger_{table.name}" {_where(asked, "IN (SELECT value FROM json_each(?))")}'
    found = connection.connection.execute(query, [json.dumps(each) for each in values]).fetchall()
    return [tuple(row) for row in found]


def _where(asked: Mapping[str, Sequence[str]], among: str) -> str:
    """Partial indexes are taken where it is said that there is a value."""
    said = " AND ".join(f'"{name}" IS NOT NULL AND "{name}" {among}' for name in asked)
    return f"WHERE {said}" if said else ""


def sources_of(tables: Sequence[str], using: str) -> dict[str, list[str]]:
    """Every src of some tables whose keys begin with it, from one to the next, so that no row is read."""
    found: dict[str, list[str]] = {name: [] for name in tables}
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(_of_sources, tables)))
        for name, src in cursor.fetchall():
            found[name].append(src)
    return found


def _of_sources(name: str) -> str:
    target = f'"ledger_{name}"'
    return (
        f"SELECT '{name}', src FROM (WITH RECURSIVE s(src) AS (SELECT min(src) FROM {target} UNION ALL "
        f"SELECT (SELECT min(t.src) FROM {target} t WHERE t.src > s.src) FROM s WHERE s.src IS NOT NULL) "
        f"SELECT src FROM s WHERE src IS NOT NULL) AS of_{name}"
    )


def _days(table: Table) -> list[str]:
    return [name for name, dtype in table.schema.items() if dtype == pl.Date()]


def marks_of(table: Table, keys: pl.DataFrame, using: str) -> pl.DataFrame:
    """How old each column of these rows is, where that is known: their key and facts.patch_marks.MARKS."""
    if keys.is_empty():
        return pl.DataFrame(schema=marks_schema(table))
    asked = keys.select(table.key).with_columns(key_texts(table, keys).alias("key"))
    found = []
    for src, texts in _by_source(asked, "key"):
        rows = _asked_marks(src, table.name, texts, using)
        schema = {"src": pl.String(), "key": pl.String(), MARKS: pl.String()}
        found.append(pl.DataFrame([(src, *row) for row in rows], schema=schema, orient="row"))
    return asked.join(pl.concat(found), on=["src", "key"]).select(*table.key, MARKS)


def _asked_marks(src: str, name: str, texts: list[str], using: str) -> list[tuple[str, str]]:
    is_server = connections[using].vendor == "postgresql"
    among = "= ANY(%s)" if is_server else "IN (SELECT value FROM json_each(%s))"
    marks = '"marks"::text' if is_server else '"marks"'
    query = f'SELECT "key", {marks} FROM "{MARKS_TABLE}" WHERE "src" = %s AND "table" = %s AND "key" {among}'
    with connections[using].cursor() as cursor:
        cursor.execute(query, [src, name, texts if is_server else json.dumps(texts)])
        return list(cursor.fetchall())


def mark_rows(table: Table, marks: pl.DataFrame) -> pl.DataFrame:
    """The marks as rows to keep; made before the transaction that keeps them."""
    told = marks.filter(pl.col(MARKS).is_not_null())
    rows = told.select("src", pl.lit(table.name).alias("table"), key_texts(table, told).alias("key"), MARKS)
    return rows.rename({MARKS: "marks"}).sort("src", "key")


def keep_marks(rows: pl.DataFrame, using: str) -> None:
    if rows.is_empty():
        return
    connection = connections[using]
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            aside = load_aside(connection, MARKS_TABLE, rows)
            upsert(connection, MARKS_TABLE, aside, rows.columns, MARKS_KEY)
        else:
            connection.ensure_connection()
            connection.connection.executemany(_KEEP, rows.rows())


def key_texts(table: Table, keys: pl.DataFrame) -> pl.Series:
    """The rest of each key as JSON."""
    texts = [_quoted(keys[name]) for name in table.key if name != "src"]
    return keys.select(pl.concat_str(pl.lit("["), pl.concat_str(texts, separator=", "), pl.lit("]"))).to_series()


def _quoted(values: pl.Series) -> pl.Series:
    """As JSON writes texts; those without anything to escape need no look at each."""
    is_plain = values.str.contains(r"^[ -!#-\[\]-~]*$").fill_null(value=False)
    quoted = pl.select('"' + values + '"').to_series()
    return quoted if is_plain.all() else pl.Series([json.dumps(value) for value in values], dtype=pl.String)
