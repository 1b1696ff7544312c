"""People as owners of the leads that were entered here: the desk's own source knows each by their number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from smarketing.ledger.models import FACTS
from smarketing.records.models import Membership, OwnerLink, Person
from smarketing.workflows.tell_events import DESK

OWNERS: Any = FACTS["owner"]
Told = tuple[str, str, dict[str, Any]]  # source, type of event, data


def owner_id_of(person: Person) -> str:
    return f"p{person.pk}"


def missing_owners(people: Iterable[Person], on: date) -> tuple[list[OwnerLink], list[Told]]:
    """Links and events that make these people owners at the desk, for those who are none yet."""
    wanted = {owner_id_of(person): person for person in people}
    linked = set(OwnerLink.objects.filter(src=DESK, owner_id__in=wanted).values_list("owner_id", flat=True))
    known = set(OWNERS.objects.filter(src=DESK, owner_id__in=wanted).values_list("owner_id", flat=True))
    links = [OwnerLink(person=person, src=DESK, owner_id=id) for id, person in wanted.items() if id not in linked]
    told = [
        (DESK, "owner.updated", {"owner_id": id, "name": str(person), "kind": "person", "team": team_of(person, on)})
        for id, person in wanted.items()
        if id not in known
    ]
    return links, told


def team_of(person: Person, on: date) -> str | None:
    """The team of a person as the facts spell it: that of their owner in a CRM, else of their own team here."""
    for src, owner_id in person.owner_links.order_by("id").values_list("src", "owner_id"):
        team = OWNERS.objects.filter(src=src, owner_id=owner_id).values_list("team", flat=True).first()
        if team:
            return str(team)
    joined = Membership.objects.on(on).filter(person=person).select_related("team").order_by("team__role", "id")
    first = next((each.team for each in joined if each.team.role == "sales"), None)
    return (first.fact_names or [first.name])[0] if first else None
