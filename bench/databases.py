"""Databases to measure on: SQLite in the installation's own folder, and a PostgreSQL of the run."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import ExitStack


def sqlite() -> str:
    return ""


def fresh_postgres(stack: ExitStack) -> Callable[[], str]:
    """Fresh databases on a server that syncs as a real one does."""
    databases = importlib.import_module("tests.databases")
    databases.FAST.clear()
    databases.FAST.update(listen_addresses="", max_wal_size="4GB", shared_buffers="256MB")
    server = stack.enter_context(databases.postgres_server())

    def fresh() -> str:
        name = f"bench_{next(databases.numbers)}"
        server.create(name)
        return str(server.url(name))

    return fresh
