"""Read who may be told something today, for the deciding code of `alerts`."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from smarketing.alerts.directory import Away, Crew, Directory, Somebody, Wishes
from smarketing.records.models import (
    Absence,
    Bounce,
    Endpoint,
    Membership,
    OwnerLink,
    Person,
    Preference,
    Snooze,
    Team,
)
from smarketing.records.models.teams import MemberRole
from smarketing.records.outbound import is_sending_held


def read_directory(now: datetime) -> Directory:
    return Directory(
        people=_people(now),
        owners={
            (src, owner): person for src, owner, person in OwnerLink.objects.values_list("src", "owner_id", "person")
        },
        crews=_crews(now),
        endpoints=dict(Endpoint.objects.filter(is_enabled=True, retired_at=None).values_list("slug", "id")),
        bounced=frozenset(Bounce.objects.filter(cleared_at=None).values_list("address", flat=True)),
        snoozes={
            (person, src, lead): until
            for person, src, lead, until in Snooze.objects.filter(until_at__gt=now).values_list(
                "person", "src", "lead_id", "until_at"
            )
        },
        is_sending_held=is_sending_held(),
    )


def _people(now: datetime) -> dict[int, Somebody]:
    away = defaultdict[int, list[Away]](list)
    columns = ("person", "from_on", "until_on", "substitute")
    for person, *told in Absence.objects.filter(until_on__gte=now.date()).values_list(*columns):
        away[person].append(Away(*told))
    wishes = {each.person_id: _wishes(each) for each in Preference.objects.all()}
    return {
        person.id: Somebody(
            id=person.id,
            name=person.name,
            address=person.email.strip().lower(),
            zone=person.zone or settings.TIME_ZONE,
            is_active=person.is_active,
            is_admin=person.is_admin,
            wishes=wishes.get(person.id, Wishes()),
            away=tuple(away[person.id]),
        )
        for person in Person.objects.order_by("id")
    }


def _wishes(told: Preference) -> Wishes:
    return Wishes(
        calendar=told.calendar,
        has_quiet_hours=told.has_quiet_hours,
        digest_at=told.digest_at,
        is_digest_wanted=told.is_digest_wanted,
        muted=frozenset(told.muted),
        is_email_wanted=told.is_email_wanted,
        most_per_day=told.most_per_day,
    )


def _crews(now: datetime) -> dict[int, Crew]:
    """Teams that are not retired, with who belongs to them today. Who only watches is told nothing."""
    managers, members = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    at_work = Membership.objects.on(now.date()).filter(~Q(role=MemberRole.VIEWER), person__is_active=True)
    for team, person, role in at_work.order_by("id").values_list("team", "person", "role"):
        members[team].append(person)
        if role == MemberRole.MANAGER:
            managers[team].append(person)
    return {
        team.id: Crew(
            names=frozenset(name.casefold() for name in team.spelled),
            role=team.role,
            managers=tuple(managers[team.id]),
            members=tuple(members[team.id]),
            boss=team.reports_to_id,
        )
        for team in Team.objects.filter(retired_at=None).order_by("id")
    }
