"""Note that somebody tried to reach a lead: a call, a message, a visit, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from smarketing.facts.schema import OUTCOMES, TOUCH_KINDS
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.desk_lead import desk_lead
from smarketing.workflows.desk_write import Deed, desk_turn

KINDS = tuple(kind for kind in TOUCH_KINDS if kind not in ("note", "task"))
# What may come of each kind, the usual first; what is only planned is no touch.
OUTCOMES_OF = {
    "call": ("connected", "no_answer", "voicemail", "busy", "wrong_number"),
    "email": ("sent", "replied", "bounced"),
    "meeting": ("held", "no_show"),
    "sms": ("sent", "replied", "bounced"),
    "chat": ("sent", "replied", "connected"),
    "social": ("sent", "replied"),
    "visit": ("connected", "no_answer"),
}
SKEW, OLDEST = timedelta(minutes=5), timedelta(days=60)


def log_touch(
    *,
    src: str,
    lead_id: str,
    kind: str,
    outcome: str = "",
    by: Person,
    now: datetime,
    at: datetime | None = None,
    key: str = "",
) -> None:
    """Note a touch of a lead.

    Takes    at   when it happened, where that is not now
             key  tells the form from others; the same again does nothing
    Raises   UserError for a kind, outcome or instant that there cannot be; Refused
    """
    outcome = outcome or OUTCOMES_OF.get(kind, ("",))[0]
    check_touch(kind, outcome, at or now, now)
    with desk_turn(by) as ledger, one_write(verb="log_touch", by=by, now=now) as write:
        deed = Deed(write, ledger, key)
        lead = desk_lead(src, lead_id, by=by, now=now)
        said = {
            "touch_id": deed.row_id,
            "object": "desk",
            "lead_id": lead_id,
            "owner_id": lead.by_owner,
            "kind": kind,
            "direction": "out",
            "outcome": outcome,
            "occurred_at": at or now,
            "logged_at": now,
            "automated": False,
        }
        write.about("lead", f"{src}:{lead_id}", src=src, lead_id=lead_id, key=deed.key, name=lead.name)
        write.detail |= {"kind": kind, "outcome": outcome, "at": at or now}
        deed.tell(src, ("touch.logged", said))


def check_touch(kind: str, outcome: str, at: datetime, now: datetime) -> None:
    """Raises UserError"""
    if kind not in KINDS:
        raise UserError(N_('"{kind}" is no way to reach a lead.'), where="kind", hint=", ".join(KINDS), kind=kind)
    if outcome not in OUTCOMES or outcome in ("scheduled", "cancelled"):
        hint = ", ".join(OUTCOMES_OF[kind])
        raise UserError(N_('"{outcome}" cannot come of a touch.'), where="outcome", hint=hint, outcome=outcome)
    if at > now + SKEW:
        raise UserError(
            N_("A touch that has not happened yet is none."), where="at", hint=N_("Note it once it has happened.")
        )
    if at < now - OLDEST:
        raise UserError(
            N_("This is more than {n} days ago."), where="at", hint=N_("Correct it in the CRM."), n=OLDEST.days
        )
