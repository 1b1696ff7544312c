"""Teams as somebody may see them, and owners of the facts beside the people they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from smarketing.records.access import Actor, Grant, can
from smarketing.records.models import Membership, OwnerLink, Person, Team
from smarketing.web.pages.people import MembershipRow, membership_row
from smarketing.workflows.list_owners import KnownOwner


@dataclass(frozen=True, slots=True)
class TeamRow:
    slug: str
    name: str
    role: str
    n_members: int
    managers: str
    fact_names: str
    is_retired: bool


@dataclass(frozen=True, slots=True)
class TeamsPage:
    rows: tuple[TeamRow, ...]
    may_change: bool

    @classmethod
    def of(cls, actor: Actor, today: date) -> TeamsPage:
        teams = teams_seen_by(actor.grant("membership", "read")).order_by("retired_at", "name")
        members = Membership.objects.on(today).filter(team__in=teams).select_related("person")
        by_team: dict[int, list[Membership]] = {}
        for one in members:
            by_team.setdefault(one.team_id, []).append(one)
        rows = tuple(_row(team, by_team.get(team.id, [])) for team in teams)
        return cls(rows, can(actor, "membership", "create"))


@dataclass(frozen=True, slots=True)
class TeamPage:
    slug: str
    name: str
    role: str
    fact_names: tuple[str, ...]
    is_retired: bool
    members: tuple[MembershipRow, ...]
    may_change: bool
    may_change_members: bool

    @classmethod
    def of(cls, team: Team, actor: Actor, today: date) -> TeamPage:
        found = (
            Membership.objects.filter(team=team).select_related("team", "person").order_by("person__name", "-from_on")
        )
        rows = sorted((membership_row(one, today) for one in found), key=lambda row: not row.is_open)
        changing = actor.grant("membership", "update")
        return cls(
            slug=team.slug,
            name=team.name,
            role=team.role,
            fact_names=tuple(team.fact_names),
            is_retired=team.retired_at is not None,
            members=tuple(rows),
            may_change=can(actor, "membership", "create"),
            may_change_members=changing.is_any or team.id in changing.team_ids,
        )


@dataclass(frozen=True, slots=True)
class OwnerRow:
    key: str
    name: str
    email: str
    team: str
    person_id: int | None
    guess_id: int | None  # somebody with the same address


@dataclass(frozen=True, slots=True)
class OwnersPage:
    rows: tuple[OwnerRow, ...]
    people: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, known: Sequence[KnownOwner]) -> OwnersPage:
        links = {(link.src, link.owner_id): link.person_id for link in OwnerLink.objects.all()}
        people = list(Person.objects.filter(is_active=True).order_by("name", "email"))
        by_address = {person.email: person.id for person in people}
        rows = [
            OwnerRow(
                f"{one.src} {one.owner_id}",
                one.name or one.owner_id,
                one.email,
                one.team,
                links.get((one.src, one.owner_id)),
                by_address.get(one.email.lower()),
            )
            for one in known
        ]
        return cls(tuple(rows), tuple((person.id, str(person)) for person in people))


def teams_seen_by(grant: Grant) -> QuerySet[Team]:
    return Team.objects.all() if grant.is_any else Team.objects.filter(id__in=grant.team_ids)


def _row(team: Team, members: list[Membership]) -> TeamRow:
    managers = [str(one.person) for one in members if one.role == "manager"]
    return TeamRow(
        team.slug,
        team.name,
        team.role,
        len(members),
        ", ".join(sorted(managers)),
        ", ".join(team.fact_names),
        team.retired_at is not None,
    )
