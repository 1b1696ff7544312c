"""Take back what one just did about a lead: the touch is marked deleted, an answer or owner is as it was before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from smarketing.ledger.models import FACTS
from smarketing.records.access import Refused, check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Event, Person, Snooze
from smarketing.records.next_tries import forget_next_try
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.desk_lead import DeskLead, desk_leads, lead_rows
from smarketing.workflows.desk_write import PREFIX, Deed, desk_turn

CHANGES: Any = FACTS["stage_change"]
WITHIN = timedelta(minutes=10)
CHANGED = N_("Somebody has changed the lead since.")
DEEDS = ("log_touch", "dispose_lead", "hand_over_lead", "snooze_lead")


def latest_deed(person: Person, now: datetime) -> Event | None:
    """What this person did last about a lead, while it can be taken back."""
    latest = _deeds(person).filter(at__gt=now - WITHIN).order_by("-seq").first()
    if latest is None or _is_taken_back(latest) or not _can_be_undone(latest):
        return None
    return latest


def take_back_deed(*, seq: int, by: Person, now: datetime) -> None:
    """Take back the deed of the audit entry `seq`.

    Raises UserError when it is too late, was taken back before, or the lead has changed since; Refused
    """
    check_person_can(by, "deed", "delete", now)
    event = _deeds(by).filter(seq=seq).first()
    if event is None:
        raise Refused(N_("There is nothing of yours to take back."))
    with desk_turn(by) as ledger, one_write(verb="take_back_deed", by=by, now=now) as write:
        _check_in_time(event, now)
        detail = event.detail
        leads = _leads(event, by, now)
        write.about("lead", event.object_id, src=detail["src"], lead_id=detail["lead_id"], name=detail["name"])
        write.detail |= {"of": seq, "deed": event.verb}
        if event.verb == "snooze_lead":
            _wake(detail, by, now)
        else:
            Deed(write, ledger).tell_all(_answers(event, leads, now))
        if event.verb == "dispose_lead":
            forget_next_try((detail["src"], detail["lead_id"]), key=detail["key"], answered_at=event.at)


def _deeds(person: Person) -> QuerySet[Event]:
    return Event.objects.filter(by=person, verb__in=DEEDS)


def _is_taken_back(event: Event) -> bool:
    later = Event.objects.filter(seq__gt=event.seq, verb="take_back_deed", by=event.by)
    return any(each.detail.get("of") == event.seq for each in later[:50])


def _can_be_undone(event: Event) -> bool:
    """A lead that had no owner cannot be given back to nobody."""
    return event.verb != "hand_over_lead" or all(was for _, _, was, *_ in event.detail["leads"])


def _check_in_time(event: Event, now: datetime) -> None:
    """Raises UserError"""
    if event.at <= now - WITHIN:
        raise UserError(N_("What is done can be taken back for {n} minutes."), n=int(WITHIN.total_seconds() // 60))
    if _is_taken_back(event):
        raise UserError(N_("This was taken back before."))
    if not _can_be_undone(event):
        raise UserError(N_("The lead had no owner before; hand it over to somebody else instead."))
    since = Event.objects.filter(seq__gt=event.seq, object_kind="lead", object_id=event.object_id, verb=event.verb)
    if event.verb in ("dispose_lead", "hand_over_lead") and since.exists():
        raise UserError(CHANGED)


def _leads(event: Event, by: Person, now: datetime) -> list[DeskLead]:
    """The leads of the deed. Those that were just given away are acted on once more by who gave them.

    Raises UserError where one of these has another owner by now
    """
    if event.verb == "hand_over_lead":
        given = {(src, lead_id): owner for src, lead_id, *_, owner in event.detail["leads"]}
        if {key: row["owner_id"] for key, row in lead_rows(given).items()} != given:
            raise UserError(CHANGED)
        return []
    found = list(desk_leads([(event.detail["src"], event.detail["lead_id"])], by=by, now=now).values())
    if event.verb == "dispose_lead":
        _check_stands(event, found[0])
    return found


def _check_stands(event: Event, lead: DeskLead) -> None:
    """Raises UserError where the CRM has said something else of the lead since the answer: that is not ours to undo."""
    detail, change = event.detail, f"{PREFIX}{event.detail['key']}"
    said = CHANGES.objects.filter(src=lead.src, change_id=change).values_list("to_value", flat=True).first()
    if lead.facts[detail["field"]] != said or (lead.facts["reason"] or "") != (detail["reason"] or ""):
        raise UserError(CHANGED)


def _answers(event: Event, leads: list[DeskLead], now: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    """The events that undo it, by the ids of the facts that it made."""
    detail, row_id = event.detail, f"{PREFIX}{event.detail['key']}"
    src, lead_id = detail["src"], detail["lead_id"]
    if event.verb == "log_touch":
        said = {"touch_id": row_id, "lead_id": lead_id, "kind": detail["kind"], "direction": "out"}
        return [(src, "touch.logged", {**said, "occurred_at": detail["at"], "deleted_at": now})]
    if event.verb == "hand_over_lead":
        return [
            (src, "stage.changed", _change(f"{row_id}:{n}", lead_id, "owner", was))
            for n, (src, lead_id, was, *_) in enumerate(detail["leads"])
        ]
    change = _change(row_id, leads[0].lead_id, detail["field"], detail["was"] or "lead")
    return [
        (src, "stage.changed", {**change, "reason": None}),
        (src, "lead.updated", {"lead_id": lead_id, "reason": detail["reason_was"]}),
    ]


def _change(change_id: str, lead_id: str, field: str, value: str) -> dict[str, Any]:
    return {"change_id": change_id, "entity": "lead", "entity_id": lead_id, "field": field, "to_value": value}


def _wake(detail: dict[str, Any], by: Person, now: datetime) -> None:
    own = Snooze.objects.filter(person=by, src=detail["src"], lead_id=detail["lead_id"])
    own.delete()
    if detail.get("was") and datetime.fromisoformat(detail["was"]) > now:
        said = {"person": by, "src": detail["src"], "lead_id": detail["lead_id"]}
        Snooze.objects.create(**said, until_at=datetime.fromisoformat(detail["was"]), at=now)
