"""Where the database is, from an address; a server that vanished is noticed within seconds, not hours."""

from __future__ import annotations

from typing import Any

import dj_database_url

# libpq's own words. A query whose bytes nobody takes ends after tcp_user_timeout (ms); one that nobody answers after
# three unanswered looks: 10 + 3 × 5 s. Without these the kernel waits for a quarter of an hour, or for ever.
WATCHFUL = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def database_of(url: str) -> dict[str, Any]:
    """Django's settings of a database; what the address says after its question mark goes before ours."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if found["ENGINE"].endswith("postgresql"):
        found["OPTIONS"] = {**WATCHFUL, **found.get("OPTIONS", {})}
    return found
