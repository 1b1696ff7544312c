"""What stands for everything that a list of running clocks shows: who asks again can be told that nothing changed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from smarketing.ledger.models import OpenClockState
from smarketing.records.access import Actor
from smarketing.records.models import Absence, NextTry, OwnerLink, Revocation, Snooze, Waiver


def board_key(actor: Actor, *, now: datetime) -> str:
    """Of the board at this minute: clocks, people who are away, who asks."""
    return _digest(_of_all(actor, now))


def desk_key(actor: Actor, *, now: datetime) -> str:
    """Of one person's list at this minute: also what they own, what they put off, what is to be tried again."""
    links = list(OwnerLink.objects.order_by("id").values_list("id", "person_id", "src", "owner_id"))
    snoozes = Snooze.objects.filter(person=actor.person, until_at__gt=now).order_by("id")
    tries = NextTry.objects.aggregate(Count("id"), Max("id"), Count("done_at"), Max("done_at"))
    own = [links, list(snoozes.values_list("src", "lead_id", "until_at")), sorted(tries.items())]
    return _digest([*_of_all(actor, now), *own])


def _of_all(actor: Actor, now: datetime) -> list[Any]:
    state = OpenClockState.objects.values_list("seq", "key", "fresh_at").first()
    away = list(Absence.objects.order_by("id").values_list("id", "from_on", "until_on", "substitute_id"))
    asks = [actor.person.id if actor.person else None, sorted((who, sorted(ids)) for who, ids in actor.teams.items())]
    waivers = [model.objects.aggregate(Max("id"))["id__max"] for model in (Waiver, Revocation)]
    return [asks, state, away, waivers, now.replace(second=0, microsecond=0)]


def _digest(said: list[Any]) -> str:
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
