"""People as somebody may see them: all of them for administrators, their teams' for managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from smarketing.records.access import Actor, Grant, can
from smarketing.records.models import Invitation, Membership, OwnerLink, Person

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class MembershipRow:
    id: int
    team: str
    slug: str
    person: str
    person_id: int
    role: str
    from_on: date
    until_on: date | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    email: str
    is_admin: bool
    is_active: bool
    has_second_factor: bool
    teams: tuple[MembershipRow, ...]
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    id: int
    email: str
    by: str
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    rows: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]
    may_invite: bool

    @classmethod
    def of(cls, actor: Actor, grant: Grant, now: datetime) -> PeoplePage:
        people = people_seen_by(actor, grant).order_by("-is_active", "name", "email")
        secured = set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))
        belonging = _memberships(now.date())
        rows = tuple(_row(person, belonging.get(person.id, ()), person.id in secured) for person in people)
        may_invite = can(actor, "invitation", "create")
        waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("invited_by")
        invitations = [
            InvitationRow(one.id, one.email, str(one.invited_by), one.expires_at, one.expires_at > now)
            for one in waiting.order_by("-invited_at")
        ]
        return cls(rows, tuple(invitations) if may_invite else (), may_invite)


@dataclass(frozen=True, slots=True)
class PersonPage:
    id: int
    name: str
    email: str
    is_admin: bool
    is_active: bool
    is_self: bool
    has_second_factor: bool
    joined_at: datetime
    memberships: tuple[MembershipRow, ...]
    doors: frozenset[str]  # those of their teams that this reader may open
    owners: tuple[str, ...]
    may_change: bool

    @classmethod
    def of(cls, person: Person, actor: Actor, now: datetime) -> PersonPage:
        found = Membership.objects.filter(person=person).select_related("team").order_by("-from_on")
        seen = actor.grant("membership", "read")
        return cls(
            id=person.id,
            name=str(person),
            email=person.email,
            is_admin=person.is_admin,
            is_active=person.is_active,
            is_self=person == actor.person,
            has_second_factor=Authenticator.objects.filter(user=person, type__in=FACTORS).exists(),
            joined_at=person.joined_at,
            memberships=tuple(membership_row(one, now.date()) for one in found),
            doors=frozenset(one.team.slug for one in found if seen.is_any or one.team_id in seen.team_ids),
            owners=tuple(str(link) for link in OwnerLink.objects.filter(person=person)),
            may_change=actor.grant("person", "update").is_any,
        )


def people_seen_by(actor: Actor, grant: Grant) -> QuerySet[Person]:
    if grant.is_any:
        return Person.objects.all()
    mine = Q(id=actor.person.id) if grant.is_own and actor.person else Q(pk__in=[])
    return Person.objects.filter(mine | Q(memberships__team_id__in=grant.team_ids)).distinct()


def membership_row(one: Membership, today: date) -> MembershipRow:
    is_open = one.until_on is None or one.until_on > today
    return MembershipRow(
        one.id,
        one.team.name,
        one.team.slug,
        str(one.person),
        one.person_id,
        one.role,
        one.from_on,
        one.until_on,
        is_open,
    )


def _memberships(today: date) -> dict[int, tuple[MembershipRow, ...]]:
    found: dict[int, tuple[MembershipRow, ...]] = {}
    for one in Membership.objects.on(today).select_related("team", "person").order_by("team__name"):
        found[one.person_id] = (*found.get(one.person_id, ()), membership_row(one, today))
    return found


def _row(person: Person, teams: tuple[MembershipRow, ...], has_second_factor: bool) -> PersonRow:
    return PersonRow(
        person.id,
        str(person),
        person.email,
        person.is_admin,
        person.is_active,
        has_second_factor,
        teams,
        person.last_login,
    )
