"""How the sources are: what each sent, what waits, what was refused, and which one is unusually quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum

from smarketing.ledger.inbox_queue import not_done
from smarketing.ledger.models import InboxTally, RowState
from smarketing.ledger.silence import HISTORY, Silence, silence_of
from smarketing.ledger.skew import FORGIVEN, skews
from smarketing.records.models import Source

DAY = timedelta(days=1)
COUNTED = ("n_received", "n_stored", "n_duplicate", "n_rejected", "n_conflict", "n_dead")


@dataclass(frozen=True, slots=True)
class Counts:
    """received = stored + duplicate + rejected; conflicts and dead ones are among the stored."""

    n_received: int = 0
    n_stored: int = 0
    n_duplicate: int = 0
    n_rejected: int = 0
    n_conflict: int = 0
    n_dead: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One source now; `lag_s` is the age of the oldest event that waits, null when none does.

    `skew_s` lies between what its events say and when they come (ledger.skew); null while too little is known.
    """

    source: Source
    last_received_at: datetime | None
    n_waiting: int
    n_held: int
    n_dead: int
    lag_s: int | None
    day: Counts
    silence: Silence = field(default=Silence(None, 0))
    skew_s: int | None = None

    @property
    def is_silent(self) -> bool:
        return self.source.is_enabled and self.source.retired_at is None and self.silence.is_silent

    @property
    def is_skewed(self) -> bool:
        return self.skew_s is not None and abs(self.skew_s) > FORGIVEN.total_seconds()


def watch_sources(now: datetime, *, slugs: Iterable[str] | None = None) -> tuple[Standing, ...]:
    """All sources that are not retired, or those of these names."""
    wanted = Q(retired_at=None) if slugs is None else Q(slug__in=list(slugs))
    found = list(Source.objects.filter(wanted))
    names = [source.slug for source in found]
    queues = {row["src"]: row for row in _queues(names)}
    days = {src: Counts(*sums) for src, *sums in _days(names, now)}
    hours, gaps = _hours(names, now), skews(names)
    plain = (_standing(one, queues.get(one.slug, {}), days.get(one.slug, Counts()), hours, now) for one in found)
    return tuple(replace(standing, skew_s=gaps.get(standing.source.slug)) for standing in plain)


def _standing(
    source: Source, queue: dict[str, Any], day: Counts, hours: dict[str, list[datetime]], now: datetime
) -> Standing:
    oldest = queue.get("oldest")
    return Standing(
        source=source,
        last_received_at=source.last_received_at,
        n_waiting=queue.get("n_waiting", 0),
        n_held=queue.get("n_held", 0),
        n_dead=queue.get("n_dead", 0),
        lag_s=max(0, int((now - oldest).total_seconds())) if oldest else None,
        day=day,
        silence=silence_of(hours.get(source.slug, ()), now, source.usual_gap_s),
    )


def _queues(names: list[str]) -> Any:
    is_waiting, is_held, is_dead = (Q(state=state) for state in (RowState.WAITING, RowState.HELD, RowState.DEAD))
    rows = not_done([RowState.WAITING, RowState.HELD, RowState.DEAD]).filter(src__in=names).order_by().values("src")
    return rows.annotate(
        n_waiting=Count("id", filter=is_waiting),
        n_held=Count("id", filter=is_held),
        n_dead=Count("id", filter=is_dead),
        oldest=Min("received_at", filter=is_waiting),
    )


def _days(names: list[str], now: datetime) -> Iterable[tuple[Any, ...]]:
    """Source and sums of the last 24 hours."""
    rows = InboxTally.objects.filter(src__in=names, hour_at__gt=now - DAY).order_by().values("src")
    return rows.values_list("src", *(Sum(name) for name in COUNTED))


def _hours(names: list[str], now: datetime) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    rows = InboxTally.objects.filter(src__in=names, hour_at__gt=now - HISTORY, n_received__gt=0).order_by()
    for src, hour in rows.values_list("src", "hour_at"):
        found.setdefault(src, []).append(hour)
    return found
