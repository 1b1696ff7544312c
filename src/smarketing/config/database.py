"""Where the database is and how it is talked to: what was answered is on the disk, and nobody waits for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

# libpq's own words. A query whose bytes nobody takes ends after tcp_user_timeout (ms); one that nobody answers after
# three unanswered looks: 10 + 3 × 5 s. Without these the kernel waits for a quarter of an hour, or for ever.
WATCHFUL: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

LASTING: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # FULL: an answered write has reached the disk. Readers never wait for the writer in WAL mode. The worker
    # moves what was written from the log into the file (cli/log_mover.py), so that nobody who waits does.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA wal_autocheckpoint=8000;",
}
OURS: dict[str, dict[str, Any]] = {"django.db.backends.postgresql": WATCHFUL, "django.db.backends.sqlite3": LASTING}

PATIENCE_S = 5  # for a free connection, and for a server to answer again


def database_of(url: str, *, n_connections: int = 0) -> dict[str, Any]:
    """Django's settings of a database; what the address says after its question mark goes before ours.

    Takes    n_connections  that all threads of the process share on a server; 0 for one each, kept for a minute
    """
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    found["OPTIONS"] = {**OURS.get(found["ENGINE"], {}), **found.get("OPTIONS", {})}
    if n_connections and found["ENGINE"].endswith("postgresql"):
        found["CONN_MAX_AGE"] = 0  # given back after each request
        pool = {"min_size": 1, "max_size": n_connections, "timeout": PATIENCE_S, "reconnect_timeout": PATIENCE_S}
        found["OPTIONS"]["pool"] = pool
    return found


def embedded(home: Path) -> dict[str, Any]:
    """Django's settings of the database that needs no server: one file in the installation's folder."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "smarketing.sqlite3",
        "CONN_MAX_AGE": 60,  # opening one costs as much as a small write, and the last to close tidies the whole log up
        "OPTIONS": LASTING,
    }
