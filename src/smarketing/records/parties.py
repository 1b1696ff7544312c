"""Who speaks for the parties of an agreement here: whose teams they are, who may write and who may sign for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smarketing.records.access import Actor, Grant
from smarketing.records.models import Team
from smarketing.terms.agreement import Agreement, Party


@dataclass(frozen=True, slots=True)
class Roster:
    """The teams of this installation."""

    teams: tuple[Team, ...]

    @classmethod
    def today(cls) -> Roster:
        return cls(tuple(Team.objects.filter(retired_at=None).order_by("id")))

    def of(self, party: Party) -> tuple[Team, ...]:
        """The teams a party consists of: those it names; where it names none, or there is only one, those of its role.

        Only teams of the party's own role count, so nobody becomes the other party by writing a name into a draft.
        """
        same = self.of_role(party)
        wanted = {name.casefold() for name in party.teams}
        named = tuple(team for team in same if wanted & {name.casefold() for name in team.spelled})
        return named or (same if not wanted or len(same) == 1 else ())

    def of_role(self, party: Party) -> tuple[Team, ...]:
        return tuple(team for team in self.teams if team.role == party.role)

    def with_parts(self, teams: Iterable[Team]) -> frozenset[int]:
        """Their ids and those of every team that reports to them."""
        found, todo = set[int](), [team.id for team in teams]
        while todo:
            found.add(todo[-1])
            boss = todo.pop()
            todo += [team.id for team in self.teams if team.reports_to_id == boss and team.id not in found]
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is to an agreement: ids of the parties they belong to, write for and sign for.

    `sees` holds for signed texts, `sees_drafts` for those still being talked about.
    """

    member: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    sees: bool = False
    sees_drafts: bool = False
    can_write: bool = False

    @property
    def party(self) -> str:
        """The party somebody speaks for when they do not say which; none for who only runs the installation."""
        return next(iter((*self.writes, *self.signs)), "")


def spoken_for(
    grant: Grant, agreement: Agreement, actor: Actor, roster: Roster, *, with_parts: bool = False
) -> tuple[str, ...]:
    """Ids of the parties that a grant of the actor covers, those of parts of their teams as well where asked for."""
    covered = (each for each in agreement.parties if _covers(grant, each, actor, roster, with_parts=with_parts))
    return tuple(party.id for party in covered)


def seat_of(actor: Actor, agreement: Agreement, roster: Roster) -> Seat:
    """The seat of an actor at the table of an agreement."""
    reading, drafts = actor.grant("agreement", "read"), actor.grant("draft", "read")
    writing, signing = actor.grant("draft", "update"), actor.grant("agreement", "sign")
    acknowledging = actor.grant("agreement", "acknowledge")

    def parties(grant: Grant, *, with_parts: bool = False) -> tuple[str, ...]:
        return tuple(
            party.id for party in agreement.parties if _covers(grant, party, actor, roster, with_parts=with_parts)
        )

    writes = parties(writing)
    return Seat(
        member=parties(acknowledging, with_parts=True),
        writes=writes,
        signs=parties(signing),
        sees=reading.is_any or bool(parties(reading, with_parts=True)),
        sees_drafts=drafts.is_any or bool(parties(drafts)),
        can_write=writing.is_any or bool(writes),
    )


def _covers(grant: Grant, party: Party, actor: Actor, roster: Roster, *, with_parts: bool) -> bool:
    """A party of a role that has no team here, a customer, is spoken for by the contacts it names."""
    if roster.of_role(party):
        teams = roster.of(party)
        ids = roster.with_parts(teams) if with_parts else frozenset(team.id for team in teams)
        return bool((grant.team_ids | grant.party_ids) & ids)
    emails = {contact.email.casefold() for contact in party.contacts if contact.email}
    return grant.is_own and actor.person is not None and actor.person.email.casefold() in emails
