"""The threads of a web process share a few connections to a server, and hold none while they wait for others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connections
from tests.databases import Server, alias_of
from tests.drained import WHOLE, a_source, instead_of_default, whole_postgres

from smarketing.config.database import database_of
from smarketing.workflows.receive_events import KNOWN, known_source

__all__ = ["whole_postgres"]

N_THREADS = 8


@pytest.fixture
def url(whole_postgres: Server, django_db_blocker: Any) -> Iterator[str]:
    name = f"smarketing_shared_{os.getpid()}"
    whole_postgres.create(name, WHOLE)
    with django_db_blocker.unblock():
        yield whole_postgres.url(name)
    whole_postgres.drop(name)


def pid_of(alias: str, at_once: Barrier) -> int:
    """Whom this thread spoke to; it gives its connection back, as after a request."""
    at_once.wait()
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.05)")
        found = cursor.fetchone()[0]
    connections[alias].close_if_unusable_or_obsolete()
    assert connections[alias].connection is None
    return int(found)


@pytest.mark.parametrize("n_connections", [1, 3])
def test_many_threads_share_few_connections(url: str, n_connections: int) -> None:
    at_once = Barrier(N_THREADS)
    with alias_of(pooled(url, n_connections)) as alias, ThreadPoolExecutor(N_THREADS) as threads:
        pids = list(threads.map(lambda _: pid_of(alias, at_once), range(N_THREADS)))
        connections[alias].close_pool()
    assert len(pids) == N_THREADS and len(set(pids)) <= n_connections


def test_whoever_gets_none_in_time_is_told_so(url: str) -> None:
    settings = pooled(url, 1)
    settings["OPTIONS"]["pool"]["timeout"] = 0.2
    with alias_of(settings) as alias, ThreadPoolExecutor(1) as other:
        connections[alias].ensure_connection()
        with pytest.raises(OperationalError):
            other.submit(connections[alias].__class__.ensure_connection, connections[alias].copy()).result()
        connections[alias].close()
        connections[alias].close_pool()


def test_whoever_brings_events_holds_no_connection_afterwards(url: str) -> None:
    KNOWN.clear()
    with alias_of(pooled(url, 2)) as alias, instead_of_default(alias):
        a_source("crm")
        connections[alias].close()
        assert known_source("crm", datetime(2026, 3, 2, 9, tzinfo=UTC)).source.slug == "crm"
        assert connections[alias].connection is None
        connections[alias].close_pool()


def test_nobody_shares_unless_told(url: str) -> None:
    assert "pool" not in database_of(url)["OPTIONS"] and database_of(url)["CONN_MAX_AGE"] == 60


def pooled(url: str, n: int) -> dict[str, Any]:
    return database_of(url, n_connections=n)
