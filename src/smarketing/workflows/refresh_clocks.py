"""Bring the replica, the list of leads and an agreement's clocks up to the facts: what a job does after an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from smarketing.ledger.clock_store import StoredClocks, open_clocks
from smarketing.ledger.lead_list import open_lead_list
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
    Raises   FactsError and TermsError as open_replica, open_clocks and open_lead_list
    """
    at = (now - EPOCH) // timedelta(microseconds=1)
    replica = open_replica(facts)
    clocks = open_clocks(replica, versions, now=at, progress=progress)
    open_lead_list(facts, replica)
    return clocks
