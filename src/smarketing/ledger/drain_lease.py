"""Who empties the inbox: one process at a time, by a lease with a fence against those that slept through theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q

from smarketing.ledger.models import DrainLease

LEASE = timedelta(seconds=15)
FURTHEST = 2 * LEASE  # nobody takes it for longer: a clock went back since, and its holder may be long gone
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ONLY = 1


class DrainLost(Exception):
    """Another process empties the inbox now: nothing that this one still writes may count."""


@dataclass(frozen=True, slots=True)
class Held:
    """The right to empty the inbox until it is renewed or lost."""

    holder: str
    fence: int
    using: str = DEFAULT_DB_ALIAS


def take(holder: str, now: datetime, *, using: str = DEFAULT_DB_ALIAS) -> Held | None:
    """The lease, if nobody else holds it; held on under the same fence by who has it already."""
    rows = DrainLease.objects.using(using).filter(pk=ONLY)
    own = rows.filter(holder=holder, leased_until__gte=now)
    if not own.update(leased_until=now + LEASE, seen_at=now):
        DrainLease.objects.using(using).get_or_create(
            pk=ONLY, defaults={"holder": "", "leased_until": LONG_AGO, "seen_at": LONG_AGO}
        )
        free = rows.filter(Q(leased_until__lt=now) | Q(leased_until__gt=now + FURTHEST) | Q(holder=""))
        if not free.update(holder=holder, fence=F("fence") + 1, leased_until=now + LEASE, seen_at=now):
            return None
    fence = rows.filter(holder=holder).values_list("fence", flat=True).first()
    return None if fence is None else Held(holder, fence, using)


def renew(held: Held, now: datetime) -> None:
    """Hold it longer; in a transaction it stays locked until the end, so that who takes over comes after.

    Raises DrainLost.
    """
    rows = DrainLease.objects.using(held.using).filter(pk=ONLY, holder=held.holder, fence=held.fence)
    if not rows.update(leased_until=now + LEASE, seen_at=now):
        raise DrainLost


def release(held: Held) -> None:
    """Let the next one begin at once."""
    rows = DrainLease.objects.using(held.using).filter(pk=ONLY, fence=held.fence)
    rows.update(holder="", leased_until=LONG_AGO)
