"""Find the morning messages that are due and not recorded, and put them into the outbox, composed for each reader.

A pulse lapses with its day and a week with the next one, so that after a breakdown only the latest is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from smarketing.alerts.summaries import Summary, due_summaries
from smarketing.records.access import LeadScope, actor_of, lead_scope
from smarketing.records.models import Notice, Person, Team
from smarketing.records.parties import Roster
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import Occasion
from smarketing.terms.errors import FactsError, UserError
from smarketing.terms.language import words
from smarketing.terms.zones import zone
from smarketing.workflows.compose_pulse import compose_pulse
from smarketing.workflows.compose_week import compose_week
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.read_directory import read_directory
from smarketing.workflows.tell_summary import pulse_told, week_told
from smarketing.workflows.write_notices import read_tally, write_notices

PATIENCE_S = 120.0
ASKED = 500
OF_A_SUMMARY = frozenset({Occasion.PULSE, Occasion.WEEKLY_SUMMARY})

Versions = tuple[Agreement, ...]


@dataclass(slots=True)
class _Told:
    """What was composed in this round: readers who may see the same are told the same."""

    now: datetime
    roster: Roster
    teams: Mapping[int, Team]
    known: dict[tuple[Any, ...], dict[str, Any] | None] = field(default_factory=dict)

    def of(self, summary: Summary, versions: Versions) -> dict[str, Any] | None:
        """The payload; None while it cannot be made."""
        scope, agreement = scope_of(summary, self.now), versions[-1]
        role = next((each.role.value for each in agreement.parties if each.id == summary.firing.party), "")
        key = (summary.about, agreement.id, role, scope)
        if key not in self.known:
            self.known[key] = self._composed(summary, versions, scope, role)
        return self.known[key]

    def _composed(self, summary: Summary, versions: Versions, scope: LeadScope, role: str) -> dict[str, Any] | None:
        said: dict[str, Any] = {"scope": scope, "now": self.now, "words": words("en"), "wait_s": PATIENCE_S}
        if summary.week is not None:
            week = compose_week(versions, week=summary.week, **said)
            return None if week.is_counting or _is_broken(week.trouble) else week_told(week, role)
        team = self.teams[summary.team_id or 0]
        pulse = compose_pulse(team, versions, roster=self.roster, **said)
        if pulse is None or pulse.is_counting or _is_broken(pulse.trouble):
            return None
        return pulse_told(pulse, team.slug)


def raise_summaries(*, now: datetime) -> int:
    """Returns how many notices are new."""
    held = {slug: version for slug, versions in every_agreement().items() if (version := _in_force(versions, now))}
    if not any(rule.on in OF_A_SUMMARY for versions in held.values() for rule in versions[-1].alerts):
        return 0
    directory, tally = read_directory(now), read_tally(now)
    due: dict[str, tuple[Summary, Versions]] = {}
    for _, versions in sorted(held.items()):
        for each in due_summaries(versions[-1], directory, tally, now):
            due.setdefault(each.key, (each, versions))
    told = _Told(now, Roster.today(), {team.id: team for team in Team.objects.filter(retired_at=None)})
    ready = []
    for summary, versions in _unwritten(due):
        payload: dict[str, Any] | None = {} if summary.is_suppressed else told.of(summary, versions)
        if payload is not None:
            ready.append(replace(summary, firing=replace(summary.firing, payload=payload)))
    with transaction.atomic():
        return write_notices(ready, now)


def scope_of(summary: Summary, now: datetime) -> LeadScope:
    """The leads that the reader may see; none for a room, and for an address without an account."""
    somebody = summary.recipient.somebody
    if summary.endpoint_id is not None or somebody is None or somebody.id is None:
        return LeadScope()
    return lead_scope(actor_of(Person.objects.get(id=somebody.id), now.date()), "clock")


def _in_force(versions: Versions, now: datetime) -> Versions:
    """The versions up to the one in force today; none where none is."""
    on = now.astimezone(zone(versions[-1].zone)).date()
    for place in reversed(range(len(versions))):
        days = versions[place].in_force
        if days.from_on <= on and (days.until_on is None or on <= days.until_on):
            return versions[: place + 1]
    return ()


def _unwritten(due: Mapping[str, tuple[Summary, Versions]]) -> list[tuple[Summary, Versions]]:
    keys, known = list(due), set[str]()
    for start in range(0, len(keys), ASKED):
        known |= set(Notice.objects.filter(key__in=keys[start : start + ASKED]).values_list("key", flat=True))
    return [each for key, each in due.items() if key not in known]


def _is_broken(trouble: UserError | None) -> bool:
    """Where there are no leads the message says so; anything else is asked for again."""
    return trouble is not None and not isinstance(trouble, FactsError)
