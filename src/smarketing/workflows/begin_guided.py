"""A draft to answer questions about: the starter that fits, between two teams of this installation and their people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smarketing.records.models import Person, Team, Version
from smarketing.terms.agreement import Agreement, Contact, InForce, Party
from smarketing.terms.dispute_rule import DisputeRule
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.starters import starter_text
from smarketing.terms.target import Measure, Target
from smarketing.terms.write_yaml import agreement_yaml
from smarketing.workflows.draft_agreement import draft_agreement, first_of_next_month, free_slug

BASE = "small_b2b"


def begin_guided(
    *,
    title: str,
    teams: Mapping[str, Team],
    contacts: Mapping[str, tuple[str, str]],
    language: str,
    currency: str,
    zone: str,
    by: Person,
    now: datetime,
    words: Words = ENGLISH,
) -> Version:
    """Takes    teams     by role: marketing and sales
                contacts  name and e-mail address by role

    Raises UserError where the starter, so changed, cannot be obeyed
    """
    base = read_agreement_text(starter_text(BASE, language, words=words), where="", folder=None, words=words)
    parties = tuple(_party(party, teams[party.role], contacts[party.role]) for party in base.parties)
    days = InForce(from_on=first_of_next_month(now.date()))
    said: dict[str, Any] = {"id": free_slug(base.id), "in_force": days, "parties": parties}
    said |= {"currency": currency, "zone": zone, "calendars": _calendars(base, zone)}
    if title:
        said["title"] = title
    own = {party.id: party.contacts[0].name for party in parties}
    terms = _with_own_people(base.model_copy(update=said), own, _instead(base, own))
    return draft_agreement(text=agreement_yaml(terms), by=by, now=now, words=words)


def _party(party: Party, team: Team, contact: tuple[str, str]) -> Party:
    """The team under its own name, with nobody of the starter."""
    name, email = contact
    spelled = tuple(team.fact_names) or (team.name,)
    return party.model_copy(
        update={"name": team.name, "teams": spelled, "contacts": (Contact(name=name, email=email),)}
    )


def _calendars(base: Agreement, zone: str) -> tuple[Any, ...]:
    """The starter's hours on the clock of the teams; another country's holidays stay out."""
    return tuple(
        calendar
        if calendar.zone == zone
        else calendar.model_copy(
            update={
                "zone": zone,
                "holidays": calendar.holidays.model_copy(update={"country": None, "region": None}),
                "exceptions": (),
            }
        )
        for calendar in base.calendars
    )


def _target(target: Target, currency: str) -> Target:
    """An amount in the agreement's own currency."""
    is_money = target.measure is Measure.SUM and target.unit.isupper()
    return target.model_copy(update={"unit": currency}) if is_money else target


def _instead(base: Agreement, own: Mapping[str, str]) -> dict[str, str]:
    """Whoever the starter names, by name and by address → who answers for that party here."""
    named = [(party.id, contact) for party in base.parties for contact in party.contacts]
    return {said: own[party] for party, contact in named for said in (contact.name, contact.email) if said}


def _with_own_people(terms: Agreement, answers: Mapping[str, str], instead: Mapping[str, str]) -> Agreement:
    everybody = tuple(dict.fromkeys(answers.values()))
    return terms.model_copy(
        update={
            "commitments": tuple(
                each.model_copy(update={"contact": answers[each.party], "target": _target(each.target, terms.currency)})
                for each in terms.commitments
            ),
            "reviews": tuple(each.model_copy(update={"attendees": everybody}) for each in terms.reviews),
            "consequences": tuple(each.model_copy(update={"responsible": ""}) for each in terms.consequences),
            "disputes": DisputeRule(),
            "seat": instead.get(terms.seat, terms.seat),
            "alerts": tuple(
                each.model_copy(update={"to": tuple(dict.fromkeys(instead.get(reader, reader) for reader in each.to))})
                for each in terms.alerts
            ),
        }
    )
