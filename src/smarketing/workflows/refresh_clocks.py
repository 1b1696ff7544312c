"""Bring the replica and an agreement's stored clocks up to the facts: what a job does after an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from smarketing.ledger.clock_store import StoredClocks, open_clocks
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def refresh_clocks(
    facts: Facts,
    versions: Sequence[Agreement],
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> StoredClocks:
    """The clocks of every lead under `versions`; nothing is written when they are fresh.

    Takes    progress  told how many buckets of how many are done
    Raises   FactsError and TermsError as open_replica and open_clocks
    """
    at = (now - EPOCH) // timedelta(microseconds=1)
    return open_clocks(open_replica(facts), versions, now=at, progress=progress)
