"""Say what sales makes of a lead: accepted, disqualified, or sent back to marketing, with a reason of the agreement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.records.next_tries import note_next_try
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.workflows.desk_lead import desk_lead
from smarketing.workflows.desk_terms import (
    ACCEPT,
    check_reason,
    in_force,
    silently_accepted_at,
    stage_said,
    versions_for,
)
from smarketing.workflows.desk_write import Deed, desk_turn
from smarketing.workflows.open_terms import every_agreement


def dispose_lead(
    *,
    src: str,
    lead_id: str,
    answer: str,
    reason: str = "",
    back_on: date | None = None,
    by: Person,
    now: datetime,
    key: str = "",
) -> None:
    """Answer a lead.

    Takes    answer   sal, disqualified or recycled
             reason   a code that the agreement in force lists; none for an acceptance
             back_on  the day from which a lead that is sent back is worth another try
             key      tells the form from others; the same again does nothing
    Raises   UserError for a reason the agreement does not list, a rejection after silence accepted; Refused
    """
    versions = versions_for(src, lead_id, every_agreement())
    agreement = in_force(versions, now)
    reason = "" if answer == ACCEPT else reason
    check_reason(agreement, answer, reason)
    field, value = stage_said(agreement, answer)
    with desk_turn(by) as ledger, one_write(verb="dispose_lead", by=by, now=now) as write:
        deed, lead = Deed(write, ledger, key), desk_lead(src, lead_id, by=by, now=now)
        if answer != ACCEPT:
            _check_not_silent(silently_accepted_at(src, lead_id, versions, ledger, now), by)
        before = {"lifecycle": lead.facts["lifecycle"], "status": lead.facts["status"], "reason": lead.facts["reason"]}
        write.about("lead", f"{src}:{lead_id}", src=src, lead_id=lead_id, key=deed.key, name=lead.name)
        write.detail |= {
            "answer": answer,
            "reason": reason,
            "field": field,
            "was": before[field],
            "reason_was": before["reason"],
        }
        write.detail |= {"back_on": back_on} if back_on and answer != ACCEPT else {}
        day = back_on if answer != ACCEPT else None
        kept = {"reason": reason, "key": deed.key, "field": field, "value": value}
        note_next_try((src, lead_id), day, by=by, now=now, **kept)
        said: dict[str, Any] = {"change_id": deed.row_id, "entity": "lead", "entity_id": lead_id}
        said |= {"field": field, "from_value": before[field], "to_value": value, "reason": reason or None}
        deed.tell(
            src,
            ("stage.changed", {**said, "changed_by": lead.by_owner}),
            ("lead.updated", {"lead_id": lead_id, "reason": reason or None}),
        )


def _check_not_silent(accepted_at: datetime | None, by: Person) -> None:
    """Raises UserError"""
    if accepted_at is not None:
        raise UserError(
            N_("Silence accepted this lead on {at}: it cannot be rejected any more."),
            hint=N_(
                "The agreement counts a lead that nobody answered in time as accepted. Contest it if that is wrong."
            ),
            at=accepted_at.astimezone(zone(by.zone or "UTC")).strftime("%Y-%m-%d %H:%M"),
        )
