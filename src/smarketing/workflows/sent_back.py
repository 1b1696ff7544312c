"""Leads that sales sent back before, with what was done about them: as their stages tell it, never as a clock does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarketing.ledger.models import FACTS
from smarketing.records.models import OwnerLink
from smarketing.workflows.desk_lead import LeadKey
from smarketing.workflows.desk_terms import RECYCLE, in_force
from smarketing.workflows.time_left import Terms

CHANGES: Any = FACTS["stage_change"]
TOUCHES: Any = FACTS["touch"]
OWNERS: Any = FACTS["owner"]
STAGES = ("lifecycle", "status", "stage")


@dataclass(frozen=True, slots=True)
class Contact:
    at: datetime
    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """The latest time that a lead was sent back, by whom and why; `contacts` until now, the latest first."""

    at: datetime
    by: str
    reason: str
    contacts: tuple[Contact, ...]


def sent_back(judged_by: Mapping[LeadKey, str], terms: Terms, now: datetime) -> dict[LeadKey, SentBack]:
    """Those of these leads that were ever what the agreement calls recycled, by what it said at the time.

    Takes    judged_by  the slug of the agreement, by lead
    """
    latest: dict[LeadKey, Mapping[str, Any]] = {}
    for change in _changes(judged_by, now):
        key = (change["src"], change["entity_id"])
        if key in judged_by and _is_recycling(change, judged_by[key], terms):
            latest[key] = change
    contacts, names = _contacts(latest, now), _names(latest.values())
    return {
        key: SentBack(
            change["changed_at"],
            names.get((key[0], change["changed_by"]), ""),
            change["reason"] or "",
            tuple(contacts.get(key, ())),
        )
        for key, change in latest.items()
    }


def touches_until(now: datetime, **asked: Any) -> Any:
    """The touches of some leads that stand, the latest first."""
    return TOUCHES.objects.filter(deleted_at=None, occurred_at__lte=now, **asked).order_by("-occurred_at", "touch_id")


def _is_recycling(change: Mapping[str, Any], slug: str, terms: Terms) -> bool:
    """Where the agreement lists no values, the stage of that name."""
    agreement = in_force(terms.get(slug, ()), change["changed_at"])
    definition = agreement.definitions.get(RECYCLE) if agreement else None
    value = change["to_value"] or change["to_raw"]
    if definition is None or not definition.values:
        return bool(change["field"] == "lifecycle" and value == RECYCLE)
    return value in definition.values


def _changes(leads: Iterable[LeadKey], now: datetime) -> Iterable[Mapping[str, Any]]:
    """Steps of these leads, the earliest first."""
    for src, ids in _by_source(leads).items():
        steps = CHANGES.objects.filter(src=src, entity="lead", entity_id__in=ids, field__in=STAGES)
        yield from steps.filter(changed_at__lte=now).order_by("changed_at", "change_id").values()


def _contacts(leads: Iterable[LeadKey], now: datetime) -> dict[LeadKey, list[Contact]]:
    found: dict[LeadKey, list[Contact]] = {}
    for src, ids in _by_source(leads).items():
        for row in touches_until(now, src=src, lead_id__in=ids).values("lead_id", "occurred_at", "kind", "outcome"):
            contact = Contact(row["occurred_at"], row["kind"], row["outcome"] or "")
            found.setdefault((src, row["lead_id"]), []).append(contact)
    return found


def _names(changes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """What the owners who made these changes are called, here or else at their source."""
    found: dict[tuple[str, str], str] = {}
    who = _by_source((each["src"], each["changed_by"]) for each in changes if each["changed_by"])
    for src, ids in who.items():
        owners = OWNERS.objects.filter(src=src, owner_id__in=ids).values_list("owner_id", "name")
        found |= {(src, owner): name or "" for owner, name in owners}
        links = OwnerLink.objects.filter(src=src, owner_id__in=ids).select_related("person")
        found |= {(src, each.owner_id): str(each.person) for each in links}
    return found


def _by_source(keys: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for src, own in dict.fromkeys(keys):
        found.setdefault(src, []).append(own)
    return found
