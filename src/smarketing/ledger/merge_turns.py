"""One merge after another, on either database, while everybody else goes on writing what is not facts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from smarketing.facts.schema import TABLES
from smarketing.ledger.lock import PAUSE_S, sole_writer
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

FULL = 2  # of SQLite's synchronous
WRITER_LOCK = 5_303_117  # any number, the same in every process: PostgreSQL's advisory lock of whoever merges
MERGE_LOCK = "merge.lock"
WAIT_S = 20.0
SWEPT_ROWS = 20_000  # in one transaction of SQLite, where nobody else writes meanwhile


@contextmanager
def merge_turn(connection: BaseDatabaseWrapper, home: Path) -> Iterator[None]:
    """Nobody else merges inside the block, which holds no lock of the database itself.

    Raises FactsError when somebody else has been merging for too long, or when SQLite would not bring a commit to the
    disk before it says that it has.
    """
    if connection.vendor == "postgresql":
        with _advisory(connection):
            yield
        return
    _check_keeps(connection)
    database = Path(str(connection.settings_dict["NAME"]))
    folder = database.parent if database.is_file() else home
    folder.mkdir(parents=True, exist_ok=True)
    # Whoever holds SQLite's own lock must not wait for somebody who may be waiting for it.
    with sole_writer(folder, MERGE_LOCK, wait_s=0.0 if connection.in_atomic_block else WAIT_S):
        yield


@contextmanager
def _advisory(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The lock of the session; of the transaction where there is one already, since it must last until the commit."""
    kind = "xact_lock" if connection.in_atomic_block else "lock"
    with connection.cursor() as cursor:
        for _ in range(int(WAIT_S / PAUSE_S)):
            cursor.execute(f"SELECT pg_try_advisory_{kind}(%s)", [WRITER_LOCK])
            if cursor.fetchone()[0]:
                break
            time.sleep(PAUSE_S)
        else:
            raise FactsError(
                N_("Somebody else has been writing to these facts for a while."),
                hint=N_("Try again in a minute; nothing was changed."),
            )
    try:
        yield
    finally:
        if kind == "lock" and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITER_LOCK])


def _check_keeps(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if cursor.execute("PRAGMA synchronous").fetchone()[0] < FULL:
            raise FactsError(
                N_("The database does not bring what it keeps to the disk."),
                hint=N_("Set PRAGMA synchronous=FULL for its connections."),
            )


def sweep_unpublished(connection: BaseDatabaseWrapper, published: int) -> None:
    """Remove the rows of merges that never came to their end; a few at a time, so that nobody waits long."""
    row = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        for name in TABLES:
            left = f'SELECT {row} FROM "ledger_{name}" WHERE "seq" > {published} LIMIT'
            while cursor.execute(f"{left} 1") and cursor.fetchone():
                with transaction.atomic(using=connection.alias):
                    cursor.execute(f'DELETE FROM "ledger_{name}" WHERE {row} IN ({left} {SWEPT_ROWS})')
