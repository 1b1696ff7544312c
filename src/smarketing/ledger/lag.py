"""How far the mirror may stay behind the database for whoever only looks: by events of the last seconds.

Under a stream of events every list would otherwise take the whole mirror, the replica and the clocks along each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from smarketing.ledger.effort import EFFORT
from smarketing.ledger.models import FACTS, Merge

LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lag:
    """What is looked at, at an instant, may miss what events told within `most` before it; nothing else."""

    at: datetime
    most: timedelta


def may_stay(sequence: int, lag: Lag, using: str) -> bool:
    """Whether all merges after `sequence` are of events, the first of which came within the lag."""
    since = Merge.objects.using(using).filter(seq__gt=sequence)
    told = since.aggregate(n=Count("seq"), n_streamed=Count("streamed_at"), first=Min("streamed_at"))
    if not told["n"] or told["n"] != told["n_streamed"]:
        return False
    return timedelta() <= lag.at - told["first"] < _most(lag)  # type: ignore[no-any-return]


def _most(lag: Lag) -> timedelta:
    """As was asked for, or longer where bringing it up takes long; who asked never to stay behind never does."""
    return max(lag.most, min(EFFORT.worth, LONGEST)) if lag.most else lag.most


def is_behind_on(sequence: int, src: str, lead_id: str, using: str) -> bool:
    """Whether a row that names this lead came after `sequence`."""
    later = Q(seq__gt=sequence, src=src)
    names = {"lead": "lead_id", "touch": "lead_id", "stage_change": "entity_id", "deal": "lead_id"}
    rows = (
        FACTS[table]._default_manager.using(using).filter(later, **{name: lead_id}) for table, name in names.items()
    )
    return any(found.exists() for found in rows)
