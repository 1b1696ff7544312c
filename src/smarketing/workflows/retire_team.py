"""Retire a team: its past stays, its memberships end today."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Membership, Person, Team


def retire_team(*, team: Team, by: Person, now: datetime) -> Team:
    check_person_can(by, "membership", "delete", now)
    today = now.date()
    with one_write(verb="retire_team", by=by, now=now) as write:
        open_ones = Membership.objects.filter(Q(until_on=None) | Q(until_on__gt=today), team=team)
        open_ones.filter(from_on__gte=today).delete()
        n_members = open_ones.filter(from_on__lt=today).update(until_on=today)
        Team.objects.filter(id=team.id, retired_at=None).update(retired_at=now)
        write.about(team, name=team.name, n_members=n_members)
    team.refresh_from_db()
    return team
