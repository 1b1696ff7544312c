"""What was written moves from SQLite's log into its file without anybody who waits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError, connections
from tests.databases import Database

from smarketing.cli import log_mover
from smarketing.cli.log_mover import LogMover
from smarketing.ledger.models import InboxTally


def test_the_log_is_moved_while_somebody_reads(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections[sqlite_database.alias]
    monkeypatch.setattr(log_mover, "connection", connection)
    InboxTally.objects.using(sqlite_database.alias).create(src="crm", hour_at="2026-11-02T10:00Z")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        assert cursor.fetchone()[0] == 0
    LogMover(threading.Event()).step()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, n_written, n_moved = cursor.fetchone()
    assert n_written == n_moved


def test_nothing_that_goes_wrong_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    leaving, tries = threading.Event(), list[int]()

    class Away:
        vendor, in_atomic_block = "sqlite", False

        def cursor(self) -> Any:
            tries.append(1)
            if tries.count(1) == 2:
                leaving.set()
            raise OperationalError("disk I/O error")

        def close(self) -> None:
            tries.append(0)

        close_if_unusable_or_obsolete = close

    monkeypatch.setattr(log_mover, "connection", Away())
    monkeypatch.setattr(log_mover, "EVERY_S", 0.001)
    LogMover(leaving).run()
    assert tries[0] == 1 and leaving.is_set()
