"""What an upsert came to, written to the database: new rows, changed rows, and what stood where they are now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import polars as pl
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from smarketing.facts.ahead import ahead
from smarketing.facts.schema import Table
from smarketing.failpoints import reach
from smarketing.ledger.bulk import CHUNK_ROWS, Packed, insert, load_aside, packed, upsert
from smarketing.ledger.change import Upserted
from smarketing.ledger.models import Overwritten
from smarketing.ledger.models.facts import MARKS
from smarketing.ledger.upsert import FEW
from smarketing.ledger.values import to_database

LOADED_ROWS = 50_000  # in one transaction, for whose end others wait on SQLite
PAUSE_S = 0.12  # between two of them; making the next rows ready is part of it, and takes about as long


@dataclass(frozen=True, slots=True)
class Aside:
    """Changed rows of one table in a temporary one, and the rows whose place they will take, ready to be kept."""

    table: Table
    name: str
    overwritten: list[bytes]


def load_unpublished(table: Table, found: Upserted, seq: int, using: str, tell: Callable[[int], None]) -> Aside | None:
    """Load what an upsert came to under a number that nobody reads before its merge is published.

    New rows are in their table after this, chunk by chunk, and other writers get in between.
    Returns  the changed rows, which are aside
    """
    connection, target = connections[using], f"ledger_{table.name}"

    def pack(rows: pl.DataFrame) -> Packed:
        return packed(connection, _marked(rows, table, seq))

    free_since = 0.0
    with connection.wrap_database_errors:
        for rows, ready in _packed_each(pack, _ordered(found.new, table), connection):
            _let_others_write(connection, free_since)
            reach("import.row_batch.before")
            with _soon(connection):
                insert(connection, target, ready)
            free_since = time.monotonic()
            reach("import.row_batch.after")
            tell(rows.height)
        if found.updated.is_empty():
            return None
        with _aside(connection):
            aside = load_aside(connection, target, _marked(found.updated, table, seq))
            before = found.overwritten.join(_bringers(table, aside, using), on=table.key)
        kept = as_blobs(before)
        tell(found.updated.height)
    return Aside(table, aside, kept)


def publish_aside(aside: Aside, seq: int, using: str) -> None:
    """Write changed rows over those of their keys; what stood there is kept."""
    connection = connections[using]
    with connection.wrap_database_errors:
        keep_overwritten(aside.table, aside.overwritten, seq, using)
        columns = [*aside.table.names, *MARKS]
        upsert(connection, f"ledger_{aside.table.name}", aside.name, columns, aside.table.key)


@contextmanager
def _soon(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction that need not be on the disk before the one that publishes it, which brings it there too."""
    is_own = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if is_own and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


def _packed_each(
    pack: Callable[[pl.DataFrame], Packed], chunks: Iterator[pl.DataFrame], connection: BaseDatabaseWrapper
) -> Iterator[tuple[pl.DataFrame, Packed]]:
    """A server works while we make the next rows ready; on SQLite that is done while the database is free."""
    if connection.vendor == "postgresql":
        return ahead(pack, chunks, n_threads=1)
    return ((rows, pack(rows)) for rows in chunks)


def _let_others_write(connection: BaseDatabaseWrapper, free_since: float) -> None:
    """On SQLite whoever waits looks every 100 ms whether it is free: without a pause we would always be first again."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(max(free_since + PAUSE_S - time.monotonic(), 0.0))


@contextmanager
def _aside(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction that only writes temporary tables: on SQLite others may write meanwhile, as it is not IMMEDIATE."""
    if connection.vendor == "postgresql" or connection.in_atomic_block:
        with transaction.atomic(using=connection.alias):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def write_over(table: Table, rows: pl.DataFrame, seq: int, using: str) -> None:
    """Write `rows`, which say their `brought_by`, over those of their keys."""
    if rows.is_empty():
        return
    connection, target = connections[using], f"ledger_{table.name}"
    kept = to_database(rows, table).with_columns(pl.lit(seq).alias("seq")).select(*table.names, *MARKS)
    upsert(connection, target, load_aside(connection, target, kept), kept.columns, table.key)


def keep_overwritten(table: Table, blobs: Iterable[bytes], seq: int, using: str) -> None:
    for blob in blobs:
        Overwritten.objects.using(using).create(seq=seq, table=table.name, rows=blob)


def as_blobs(rows: pl.DataFrame) -> list[bytes]:
    return [as_blob(chunk) for chunk in rows.iter_slices(CHUNK_ROWS)]


def as_blob(rows: pl.DataFrame) -> bytes:
    place = BytesIO()
    rows.write_parquet(place, compression="zstd", statistics=False)
    return place.getvalue()


def from_blobs(blobs: Iterable[bytes | memoryview]) -> list[pl.DataFrame]:
    return [pl.read_parquet(BytesIO(blob)) for blob in blobs]


def _ordered(rows: pl.DataFrame, table: Table) -> Iterator[pl.DataFrame]:
    """Chunks in the order of their keys, in which an index fills its pages soonest; of few rows that says nothing."""
    if rows.is_empty():
        return
    if rows.height <= FEW:
        yield rows
        return
    order = rows.select(pl.arg_sort_by(table.key)).to_series()
    for start in range(0, rows.height, LOADED_ROWS):
        yield rows[order.slice(start, LOADED_ROWS)]


def _marked(rows: pl.DataFrame, table: Table, seq: int) -> pl.DataFrame:
    return to_database(rows, table, **dict.fromkeys(MARKS, pl.lit(seq)))


def _bringers(table: Table, aside: str, using: str) -> pl.DataFrame:
    """Key and `brought_by` of the rows that those of `aside` will write over."""
    keys = ", ".join(f't."{name}"' for name in table.key)
    same = " AND ".join(f't."{name}" = i."{name}"' for name in table.key)
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT {keys}, t."brought_by" FROM "ledger_{table.name}" t JOIN "{aside}" i ON {same}')
        schema = {name: table.schema[name] for name in table.key} | {"brought_by": pl.Int64()}
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
