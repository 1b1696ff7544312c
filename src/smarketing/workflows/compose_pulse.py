"""Compose the pulse of a team for one reader: its promises this month, what came in of late, and what waits now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from smarketing.alerts.summaries import calendar_of_party
from smarketing.alerts.working_days import working_day_before
from smarketing.engine.metrics import TALLY_KINDS
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import LeadScope
from smarketing.records.models import Team
from smarketing.records.parties import Roster
from smarketing.scorecard.activity import Activity
from smarketing.scorecard.card import Axis, Line, Scorecard
from smarketing.terms.agreement import Agreement, Party, Role
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import UserError
from smarketing.terms.instants import micros
from smarketing.terms.language import Words
from smarketing.terms.period import ONE_DAY, Grain, period_of
from smarketing.terms.zones import zone
from smarketing.workflows.compose_week import EVERYBODY
from smarketing.workflows.count_activity import activity_of
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.lead_matches import Matches
from smarketing.workflows.list_leads import LeadRow, list_leads
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_waivers import waivers_of
from smarketing.workflows.show_scorecard import A_MOMENT_S, show_scorecard

MOST_URGENT = 5
NO_CLOCK = (*TALLY_KINDS, Kind.DELIVERABLE, Kind.FOLLOW_UP_CADENCE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many clocks of a promise run, how many of those are at risk, and how many ran out without an answer."""

    commitment: str
    title: str
    n_running: int
    n_at_risk: int
    n_never: int


@dataclass(frozen=True, slots=True)
class Urgent:
    """A lead about which a clock runs; `owner` as the reader may know them."""

    src: str
    lead_id: str
    name: str
    owner: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pulse:
    """One agreement as one team sees it in the morning of the local day `on`.

    Takes    since_on  the team's working day before `on`; `activity` is of the days from then on
             only      what it is narrowed to where the party has several teams
             card      None while it is being counted, or where `trouble` says why there is none
    """

    agreement: Agreement
    party: Party
    team: str
    on: date
    since_on: date
    at: datetime
    only: Mapping[Axis, str]
    has_leads: bool = True
    card: Scorecard | None = None
    activity: Activity | None = None
    waiting: tuple[Waiting, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    trouble: UserError | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.card.lines if line.party == self.party.id) if self.card else ()

    @property
    def is_counting(self) -> bool:
        return self.trouble is None and self.has_leads and (self.card is None or self.activity is None)


def party_of(team: Team, agreement: Agreement, roster: Roster) -> Party | None:
    """The party that a team is, or is a part of."""
    return next((party for party in agreement.parties if team in roster.of(party)), None)


def compose_pulse(
    team: Team,
    versions: tuple[Agreement, ...],
    *,
    roster: Roster,
    scope: LeadScope,
    now: datetime,
    words: Words,
    wait_s: float = A_MOMENT_S,
) -> Pulse | None:
    """The pulse as `scope` may see it; None where the team is no part of this agreement.

    Takes    versions  of one agreement, oldest first
    """
    agreement = versions[-1]
    party = party_of(team, agreement, roster)
    if party is None:
        return None
    on = now.astimezone(zone(agreement.zone)).date()
    since_on = working_day_before(calendar_of_party(party, agreement), on)
    empty = partial(Pulse, agreement, party, team.name, on, since_on)
    try:
        facts = open_facts(None)
        replica = open_replica(facts)
        only = _narrowed(team, party, roster, replica)
        if only is None:
            return empty(now, {}, has_leads=False)
        month = period_of(Grain.MONTH, on)
        shown = show_scorecard(versions, scope=EVERYBODY, period=month, now=now, words=words, only=only, wait_s=wait_s)
        if shown.trouble is not None or shown.card is None:
            return empty(shown.at, only, trouble=shown.trouble)
        activity = activity_of(
            facts, versions, from_on=since_on, until_on=on + ONE_DAY, now=now, only=only, wait_s=wait_s
        )
        waiting = tuple(_waiting(replica, versions, party, only, shown.at))
        urgent = _urgent(facts, versions, only, scope, now, words) if party.role is not Role.MARKETING else ()
    except UserError as error:
        error.translate(words)
        return empty(now, {}, trouble=error)
    return empty(shown.at, only, card=shown.card, activity=activity, waiting=waiting, urgent=urgent)


def _narrowed(team: Team, party: Party, roster: Roster, replica: Replica) -> Mapping[Axis, str] | None:
    """The team as the facts spell it where others stand beside it; None where the facts do not know it."""
    if party.role is not Role.SALES or len(roster.of(party)) < 2:
        return {} if replica.n_leads else None
    known = {name.casefold(): name for name in replica.codebook.teams}
    named = [known[name.casefold()] for name in team.spelled if name.casefold() in known]
    return {Axis.TEAM: named[0]} if named else None


def _waiting(
    replica: Replica, versions: tuple[Agreement, ...], party: Party, only: Mapping[Axis, str], at: datetime
) -> list[Waiting]:
    """Exactly the rows that the list of leads shows for each number."""
    clocks, now = open_clocks(replica, versions, now=micros(at)), micros(at)
    waivers = waivers_of(versions[-1].id, at=at)
    team = only.get(Axis.TEAM, "")
    found = []
    for promise in versions[-1].commitments:
        if promise.party != party.id or promise.kind in NO_CLOCK:
            continue
        all_of_it = LeadFilter(commitment=promise.id, team=team)
        asked = (
            replace(all_of_it, verdict="running"),
            replace(all_of_it, verdict="at_risk"),
            replace(all_of_it, band="never"),
        )
        n = [Matches(replica, clocks, versions, each, now, waivers).found(("number",)).height for each in asked]
        found.append(Waiting(promise.id, promise.title or promise.id, *n))
    return found


def _urgent(
    facts: Facts,
    versions: tuple[Agreement, ...],
    only: Mapping[Axis, str],
    scope: LeadScope,
    now: datetime,
    words: Words,
) -> tuple[Urgent, ...]:
    """The running clocks that are due first, of leads that this reader may see."""
    if not scope:
        return ()
    asked = LeadFilter(verdict="running", sort="due", team=only.get(Axis.TEAM, ""))
    rows = list_leads(facts, versions, asked, scope=scope, now=now, words=words).rows[:MOST_URGENT]
    return tuple(Urgent(row.src, row.lead_id, row.person_key or row.lead_id, row.owner, _due_at(row)) for row in rows)


def _due_at(row: LeadRow) -> datetime | None:
    running = (clock.due_at for clock in row.clocks if clock.verdict == "running" and clock.due_at)
    return min(running, default=None)
