"""Find the teams whose mornings somebody may look at, each with the signed agreements that it has a part in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.records.access import Actor, Grant
from smarketing.records.models import Team
from smarketing.records.parties import Roster
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import Words
from smarketing.workflows.compose_pulse import party_of
from smarketing.workflows.find_agreements import agreements_of
from smarketing.workflows.open_terms import versions_of


@dataclass(frozen=True, slots=True)
class TeamPulse:
    """`versions` of each agreement in force in which the team has a part, oldest first."""

    team: Team
    agreements: tuple[tuple[Agreement, ...], ...]
    is_own: bool


def find_pulses(actor: Actor, *, now: datetime, words: Words) -> tuple[TeamPulse, ...]:
    """The reader's own teams first. One of several teams of a party is seen by itself and by whom it reports to."""
    grant, roster = actor.grant("scorecard", "read"), Roster.today()
    signed = [each for each in agreements_of(actor, on=now.date()) if each.is_in_force]
    terms = [versions_of(each.slug, words=words) for each in signed]
    found = []
    for team in roster.teams:
        mine = tuple(versions for versions in terms if _shows(team, versions[-1], roster, grant))
        if mine:
            found.append(TeamPulse(team, mine, team.id in actor.team_ids))
    return tuple(sorted(found, key=lambda each: (not each.is_own, each.team.name.casefold())))


def _shows(team: Team, agreement: Agreement, roster: Roster, grant: Grant) -> bool:
    party = party_of(team, agreement, roster)
    if party is None:
        return False
    bosses = {team.id, *([team.reports_to_id] if team.reports_to_id else [])}
    return len(roster.of(party)) == 1 or grant.is_any or bool(grant.team_ids & bosses)
