"""Give leads to a colleague: one, or all that somebody chose on a board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from smarketing.records.access import Actor, Refused, actor_of
from smarketing.records.events import one_write
from smarketing.records.models import Absence, Membership, OwnerLink, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.desk_lead import LeadKey, desk_leads
from smarketing.workflows.desk_owners import missing_owners
from smarketing.workflows.desk_write import Deed, desk_turn
from smarketing.workflows.tell_events import DESK

MOST_LEADS = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be given leads; `away_until` is set while they are away, `stands_in` who takes their part."""

    person: Person
    away_until: date | None
    stands_in: str


def colleagues(actor: Actor, now: datetime) -> list[Colleague]:
    """Who can be given leads by this person: members of their teams who own leads in a CRM; everybody for admins."""
    day = now.date()
    found = Person.objects.filter(is_active=True, owner_links__isnull=False)
    if not actor.grant("deed", "create").is_any:
        found = found.filter(id__in=Membership.objects.on(day).filter(team_id__in=actor.team_ids).values("person_id"))
    people = list(found.distinct().order_by("name", "email"))
    away = absences_on(day, people)
    return [
        Colleague(
            each,
            away[each.id].until_on if each.id in away else None,
            str(away[each.id].substitute or "") if each.id in away else "",
        )
        for each in people
    ]


def absences_on(day: date, people: Iterable[Person]) -> dict[int, Absence]:
    """Who of them is away on a day, by the id of the person."""
    away = Absence.objects.filter(from_on__lte=day, until_on__gt=day, person__in=list(people))
    return {each.person_id: each for each in away.select_related("substitute")}


def hand_over_lead(*, leads: Sequence[LeadKey], to: Person, by: Person, now: datetime, key: str = "") -> int:
    """Give leads (src, lead_id) to a colleague; how many changed hands.

    Raises UserError for no lead, too many, or a colleague who owns nothing in a lead's CRM; Refused
    """
    _check(leads, to, by, now)
    owners = dict(OwnerLink.objects.filter(person=to).order_by("-id").values_list("src", "owner_id"))
    with desk_turn(by) as ledger, one_write(verb="hand_over_lead", by=by, now=now) as write:
        deed = Deed(write, ledger, key)
        found = desk_leads(leads, by=by, now=now)
        links, told = missing_owners([to] if DESK in {lead.src for lead in found.values()} else [], now.date())
        owners |= {link.src: link.owner_id for link in links}
        OwnerLink.objects.bulk_create(links)
        moved = [lead for lead in found.values() if lead.owner_id != owners.get(lead.src)]
        for lead in moved:
            if lead.src not in owners:
                raise UserError(
                    N_("{person} owns no leads in {src}."), where="to", person=to.name or to.email, src=lead.src
                )
        if not moved:
            raise UserError(N_("{person} has these leads already."), where="to", person=to.name or to.email)
        first = moved[0]
        write.about("lead", f"{first.src}:{first.lead_id}", src=first.src, lead_id=first.lead_id, key=deed.key)
        write.detail |= {"name": first.name, "to": str(to), "n": len(moved)}
        write.detail |= {"leads": [[lead.src, lead.lead_id, lead.owner_id, owners[lead.src]] for lead in moved]}
        told += [
            (lead.src, "stage.changed", _said(f"{deed.row_id}:{n}", lead.lead_id, owners[lead.src], lead.by_owner))
            for n, lead in enumerate(moved)
        ]
        deed.tell_all(told)
    return len(moved)


def _said(change_id: str, lead_id: str, owner: str, by_owner: str | None) -> dict[str, Any]:
    return {
        "change_id": change_id,
        "entity": "lead",
        "entity_id": lead_id,
        "field": "owner",
        "to_value": owner,
        "changed_by": by_owner,
    }


def _check(leads: Sequence[LeadKey], to: Person, by: Person, now: datetime) -> None:
    """Raises UserError, Refused"""
    if not leads:
        raise UserError(N_("Choose at least one lead."), where="lead")
    if len(leads) > MOST_LEADS:
        raise UserError(N_("At most {n} leads change hands at once."), where="lead", n=MOST_LEADS)
    if all(each.person.id != to.id for each in colleagues(actor_of(by, now.date()), now)):
        raise Refused(N_("There is no such colleague to give leads to."), where="to")
