"""Rows of the inbox written by nothing but INSERT: python -m bench.load_bare ANSWER.json, in its environment.

The same columns, indexes and durability as ours, on the same disk; one row a commit, and a hundred.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.load_events import SRC, Phase, postings
from bench.load_sender import percentiles
from bench.machine import wall_clock

LASTS_S, MANY = 3.0, 100
COLUMNS = (
    *("src", "key", "identity", "n_before", "body_digest", "body", "headers", "receipt"),
    *("occurred_at", "received_at", "state", "is_conflict", "n_tries", "needs"),
)


def bodies() -> Iterator[bytes]:
    now = wall_clock()
    for number in range(10**6):
        yield from (one.body for one in postings(Phase(f"bare{number}", 1_000, 10), now))


def measured() -> dict[str, Any]:
    """For one row a commit and for MANY: rows a second, CPU of this client for a row, percentiles of a commit."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", "ledger", verbosity=0)
    connection.close()
    is_server = connection.vendor == "postgresql"
    bare, place = (_postgres(connection), "%s") if is_server else (_sqlite(settings.HOME), "?")
    statement = f"INSERT INTO ledger_inbox ({', '.join(COLUMNS)}) VALUES ({', '.join([place] * len(COLUMNS))})"
    source, found, cursor = bodies(), {}, bare.cursor()
    for name, n in (("one", 1), ("many", MANY)):
        times: list[float] = []
        cpu_s, began = 0.0, time.perf_counter()
        while time.perf_counter() - began < LASTS_S:
            rows = [_row(next(source)) for _ in range(n)]
            start, cpu = time.perf_counter(), time.process_time()
            cursor.execute("BEGIN" if is_server else "BEGIN IMMEDIATE")
            cursor.executemany(statement, rows)
            cursor.execute("COMMIT")
            times.append(time.perf_counter() - start)
            cpu_s += time.process_time() - cpu
        each_us = 1e6 * cpu_s / (len(times) * n)
        found[name] = {"rows_per_s": n * len(times) / sum(times), "cpu_us": each_us, **percentiles(times)}
    bare.close()
    return found


def _sqlite(home: Path) -> Any:
    connection = sqlite3.connect(home / "smarketing.sqlite3", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _postgres(connection: Any) -> Any:
    import psycopg

    names = ("host", "port", "user", "password", "dbname")
    given = {name: value for name, value in connection.get_connection_params().items() if name in names}
    return psycopg.connect(**given, autocommit=True)


def _row(body: bytes) -> tuple[Any, ...]:
    """As the inbox has it, with a key of its own."""
    own, now = uuid4().hex, wall_clock().replace(tzinfo=None).isoformat(" ")
    key, identity = sha256(own.encode()).hexdigest(), int.from_bytes(uuid4().bytes[:8], "big", signed=True)
    headers = '{"content-type": "application/json", "webhook-id": "one"}'
    return (SRC, key, identity, 0, sha256(body).hexdigest(), body, headers, own, now, now, "waiting", False, 0, "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(measured()))
