"""Bring the replica, the list of leads and an agreement's clocks up to the facts: what a job does after an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from smarketing.ledger.clock_store import StoredClocks, open_clocks
from smarketing.ledger.lead_list import open_lead_list
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement
from smarketing.terms.instants import micros


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
    at = micros(now)
    replica = open_replica(facts)
    clocks = open_clocks(replica, versions, now=at, progress=progress)
    open_lead_list(facts, replica)
    return clocks
