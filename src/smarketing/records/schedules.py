"""Regular jobs: what is due and was not yet asked for, found by comparing instants and never by a timer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from smarketing.records.models import Schedule
from smarketing.records.queue import enqueue
from smarketing.terms.instants import EPOCH


def ask_for_due(every: Mapping[str, timedelta], now: datetime) -> list[str]:
    """Enqueue each kind whose stretch of time has begun and was not asked for; returns those kinds.

    After a week of standstill a kind is asked for once: its task finds everything that is due by itself.
    """
    asked = []
    for kind, length in every.items():
        begun = now - (now - EPOCH) % length
        with transaction.atomic():
            if _is_first(kind, begun, length):
                enqueue(kind, by=None, now=now, key=f"every:{kind}")
                asked.append(kind)
    return asked


def _is_first(kind: str, begun: datetime, length: timedelta) -> bool:
    """Whether nobody asked for the stretch that began then; from now on somebody has.

    What was asked for further ahead than the next stretch says that a clock went back since, and counts for nothing.
    """
    _, is_new = Schedule.objects.get_or_create(kind=kind, defaults={"asked_until": begun})
    is_unasked = Q(asked_until__lt=begun) | Q(asked_until__gt=begun + length)
    return is_new or bool(Schedule.objects.filter(is_unasked, kind=kind).update(asked_until=begun))
