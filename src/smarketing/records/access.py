"""Who somebody is today, what that lets them do, and which records they may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from smarketing.records.models import ApiToken, Membership, OwnerLink, Person, Team
from smarketing.records.models.teams import MemberRole
from smarketing.records.permissions import Principal, Relation, grants
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

TOKENS = {"ingest": Principal.TOKEN_INGEST, "read": Principal.TOKEN_READ, "admin": Principal.TOKEN_ADMIN}


class Refused(UserError):
    """Somebody may not do this; pages answer as if the thing did not exist."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one action is allowed on: everything, what is theirs, of these teams, of these teams as the other party.

    `is_unowned` widens it by what nobody has, for those of whom records.unowned says so.
    """

    is_any: bool = False
    is_own: bool = False
    is_unowned: bool = False
    team_ids: frozenset[int] = frozenset()
    party_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.is_any or self.is_own or bool(self.team_ids or self.party_ids)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on a day: the teams by the role in them, and the token they came with, if any.

    `signs_for` are ids of teams for whose party this person may sign.
    """

    person: Person | None = None
    teams: dict[Principal, frozenset[int]] = field(default_factory=dict)
    token: Principal | None = None

    @property
    def is_admin(self) -> bool:
        return self.person is not None and self.person.is_admin

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset().union(*self.teams.values()) if self.teams else frozenset()

    @property
    def principals(self) -> frozenset[Principal]:
        if self.person is None:
            return frozenset({Principal.ANONYMOUS})
        admin = {Principal.ADMIN} if self.person.is_admin else set()
        return frozenset({Principal.PERSON, *admin, *(kind for kind, teams in self.teams.items() if teams)})

    def grant(self, thing: str, action: str) -> Grant:
        """What this actor may do `action` on; false when nothing."""
        allowed = grants(thing, action)
        if self.token is not None and self.token not in allowed:
            return Grant()
        found = {who: allowed[who] for who in self.principals if who in allowed}
        relations = frozenset().union(*found.values()) if found else frozenset()
        return Grant(
            is_any=Relation.ANY in relations,
            is_own=Relation.OWN in relations,
            is_unowned=Relation.UNOWNED in relations,
            team_ids=self._teams(found, Relation.TEAM),
            party_ids=self._teams(found, Relation.PARTY),
        )

    def _teams(self, found: dict[Principal, frozenset[Relation]], relation: Relation) -> frozenset[int]:
        return frozenset(
            team for who, relations in found.items() if relation in relations for team in self.teams.get(who, ())
        )


def actor_of(person: Person | None, on: date, *, token: ApiToken | None = None) -> Actor:
    """Who this person is on a day. A person who was disabled is nobody."""
    if person is None or not person.is_active:
        return Actor()
    teams: dict[Principal, set[int]] = {}
    for role, team in Membership.objects.on(on).filter(person=person).values_list("role", "team_id"):
        teams.setdefault(Principal(role), set()).add(team)
        if role == MemberRole.MANAGER:  # who answers for a team signs for its party
            teams.setdefault(Principal.SIGNER, set()).add(team)
    frozen = {who: frozenset(ids) for who, ids in teams.items()}
    return Actor(person, frozen, TOKENS[token.scope] if token else None)


def can(actor: Actor, thing: str, action: str) -> bool:
    return bool(actor.grant(thing, action))


def check_can(actor: Actor, thing: str, action: str) -> Grant:
    """The grant.

    Raises Refused when there is none.
    """
    grant = actor.grant(thing, action)
    if not grant:
        raise Refused(N_("You may not do this."), hint=N_("Ask whoever runs smarketing here for the right to."))
    return grant


def check_person_can(person: Person, thing: str, action: str, now: datetime) -> Grant:
    """The same for a person at an instant: what workflows ask before they write."""
    return check_can(actor_of(person, now.date()), thing, action)


@dataclass(frozen=True, slots=True)
class LeadScope:
    """Which leads somebody may see, and whether the names of people in them are shown.

    Takes    everything  all of them
             owners      (src, owner_id) whose leads they see
             teams       team names as the facts spell them, whose owners' leads they see
             has_unowned those that nobody has
    """

    everything: bool = False
    owners: frozenset[tuple[str, str]] = frozenset()
    teams: frozenset[str] = frozenset()
    shows_names: bool = False
    named_teams: frozenset[str] = frozenset()  # reps of these teams keep their names when others lose them
    has_unowned: bool = False

    def __bool__(self) -> bool:
        return self.everything or self.has_unowned or bool(self.owners or self.teams)


def lead_scope(actor: Actor, thing: str = "fact", action: str = "read") -> LeadScope:
    """The leads an actor may see.

    A marketing team's leads are all of them: it is marketing that brought them. Names of sales people are then hidden
    from it, as from every viewer.
    """
    grant = actor.grant(thing, action)
    if grant.is_any:
        return LeadScope(everything=True, shows_names=True)
    teams = list(Team.objects.filter(id__in=grant.team_ids))
    managed = actor.teams.get(Principal.MANAGER, frozenset()) | actor.teams.get(Principal.REP, frozenset())
    owners = _owners(actor, grant.team_ids & actor.teams.get(Principal.MANAGER, frozenset()))
    return LeadScope(
        everything=any(team.role == "marketing" for team in teams),
        owners=owners if grant.is_own or grant.team_ids else frozenset(),
        teams=frozenset(name for team in teams for name in team.spelled),
        named_teams=frozenset(name for team in teams if team.id in managed for name in team.spelled),
    )


def _owners(actor: Actor, team_ids: frozenset[int]) -> frozenset[tuple[str, str]]:
    """Owners of the facts who are this person, or a member of one of these teams: a CRM need not know of teams."""
    if actor.person is None:
        return frozenset()
    members = Membership.objects.filter(team_id__in=team_ids, until_on=None).values("person_id")
    links = OwnerLink.objects.filter(Q(person=actor.person) | Q(person_id__in=members))
    return frozenset(links.values_list("src", "owner_id"))
