"""Leads that nobody has: who sees them and may give them to somebody. docs/decisions/0018."""

from __future__ import annotations

from dataclasses import replace

from smarketing.ledger.models import FACTS
from smarketing.records.access import Actor, LeadScope, lead_scope
from smarketing.records.agreements import latest_revisions, terms_of
from smarketing.records.models import Person, Team, Version
from smarketing.records.permissions import Principal
from smarketing.terms.agreement import Agreement
from smarketing.terms.lifecycle import Status


def scope_with_unowned(actor: Actor, thing: str = "fact", action: str = "read") -> LeadScope:
    """As lead_scope; whoever leads a sales team, or has the seat that answers for them, with the leads nobody has.

    A queue, a team or a machine that owns leads in the CRM is nobody.
    """
    scope, grant = lead_scope(actor, thing, action), actor.grant(thing, action)
    if grant.is_any or not grant.is_unowned or not (_leads_sales(actor) or has_seat(actor.person)):
        return scope
    queues = FACTS["owner"].objects.exclude(kind="person")  # type: ignore[attr-defined]
    return replace(scope, has_unowned=True, owners=scope.owners | set(queues.values_list("src", "owner_id")))


def has_seat(person: Person | None) -> bool:
    """Whether an agreement in force says that leads without an owner are theirs."""
    if person is None:
        return False
    texts = latest_revisions(Version.objects.filter(status=Status.IN_FORCE)).values()
    return any(_is_seat(person, terms_of(revision)) for revision in texts)


def _is_seat(person: Person, terms: Agreement) -> bool:
    """By the address where the agreement has one, else by the name."""
    seat = terms.seat.strip().casefold()
    contacts = [contact for party in terms.parties for contact in party.contacts]
    named = next((each for each in contacts if seat and seat in (each.name.casefold(), each.email.casefold())), None)
    address = named.email.casefold() if named else seat
    if "@" in address:
        return person.email.casefold() == address
    return bool(seat) and person.name.casefold() == seat


def _leads_sales(actor: Actor) -> bool:
    led = actor.teams.get(Principal.MANAGER, frozenset())
    return Team.objects.filter(id__in=led, role="sales", retired_at=None).exists()
