"""How far the times that a source says are from the times at which its events come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from statistics import median

from django.db.models import Max

from smarketing.ledger.models import InboxRow

LATEST = 2_000  # rows of the inbox that are looked at, of all sources together
FEWEST = 5  # events of a source, before they say anything
FORGIVEN = timedelta(minutes=5)


def skews(names: Collection[str]) -> dict[str, int]:
    """Seconds from what an event says to its receipt, the median of each source's latest; below zero is ahead of us.

    Sources that say too little, or of which too little came lately, are left out.
    """
    latest = InboxRow.objects.aggregate(latest=Max("id"))["latest"] or 0
    rows = InboxRow.objects.filter(id__gt=latest - LATEST, occurred_at__isnull=False).order_by()
    found: dict[str, list[float]] = defaultdict(list)
    for src, received_at, occurred_at in rows.values_list("src", "received_at", "occurred_at"):
        if occurred_at is not None and src in names:  # asked of the database, it would go through all of theirs
            found[src].append((received_at - occurred_at).total_seconds())
    return {src: round(median(gaps)) for src, gaps in found.items() if len(gaps) >= FEWEST}
