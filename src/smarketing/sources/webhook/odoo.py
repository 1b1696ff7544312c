"""Odoo's automation-rule webhooks: one record, `_model`, `_id`, `_action` and the fields that the rule names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, kept_items
from smarketing.sources.webhook.telling import Telling, mapped
from smarketing.sources.webhook.vendor_rows import columns_of, required_at, required_id

CHANGED = ("write_date", "date", "create_date")  # what tells when a record changed, the best first
LEAD = {
    "user_id": "owner_id",
    "create_date": "created_at",
    "partner_id": "person_key",
    "source_id": "source_raw",
    "medium_id": "medium",
    "campaign_id": "campaign",
    "stage_id": "status",
    "lost_reason_id": "reason_raw",
    "probability": "score",
    "date_conversion": "converted_at",
}
DEAL = {
    "user_id": "owner_id",
    "partner_id": "person_key",
    "stage_id": "stage",
    "expected_revenue": "amount",
    "company_currency": "currency",
    "create_date": "created_at",
    "date_closed": "closed_at",
    "date_deadline": "expected_close",
    "lost_reason_id": "lost_reason",
    "campaign_id": "campaign",
}
MESSAGE = {"date": "occurred_at", "create_date": "logged_at", "author_id": "owner_id"}
MEETING = {"start": "occurred_at", "create_date": "logged_at", "user_id": "owner_id", "opportunity_id": "lead_id"}
OWNER = {"name": "name", "email": "email", "tz": "zone", "active": "active"}
CERTAIN = 100.0


class Odoo:
    """Nothing is signed: the address is the secret. Times are UTC without saying so; false is Odoo's nothing."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:  # noqa: ARG002 — the body says it all
        return [_event(event) for event in kept_items(body)]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return None


def _event(event: Any) -> Event:
    raw = canonical(event)
    if not isinstance(event, dict) or BROKEN in event:
        return Event(raw, digest("broken", raw.decode()), None)
    try:
        at = required_at(event, CHANGED, "")
    except Refused:
        at = None
    return Event(raw, digest(event), at)


def tell(event: Json, telling: Telling) -> None:
    """What one record says. Raises Refused with the path of the fault."""
    model = event.get("_model")
    if not isinstance(model, str):
        raise Refused("missing", "_model", model, name="_model")
    if model not in _TELL:
        return
    own = required_id(event.get("_id", event.get("id")), "_id")
    record = {name: _plain(name, value) for name, value in event.items()}
    at = required_at(record, CHANGED, "")
    telling.check_time(at, "write_date")
    _TELL[model](own, record, at, telling)


def _plain(name: str, value: Any) -> Any:
    """Many-to-one fields come as an id or as [id, name]; the name tells people more where no id is needed."""
    if value is False and name not in ("active", "is_internal"):
        return None
    if isinstance(value, list):
        wants_id = name in ("user_id", "author_id", "partner_id", "opportunity_id")
        return None if not value else value[0] if wants_id or len(value) == 1 else value[1]
    return value


def _tell_lead(own: str, record: Json, at: datetime, telling: Telling) -> None:
    """An opportunity is the same record as its lead: it is a deal as well."""
    values = columns_of("lead", LEAD, record, "")
    is_deal, is_lost = record.get("type") == "opportunity", record.get("active") is False
    if is_deal:
        values |= {"converted_deal_id": own, "converted_at": values.get("converted_at") or at}
    if "active" in record:
        values["lifecycle"] = "disqualified" if is_lost else "opportunity" if is_deal else "lead"
    telling.patch("lead", at, {"lead_id": own, "object": "lead", **values})
    telling.changes("lead", own, values, at, origin="snapshot_diff", exact=False)
    if is_deal:
        _tell_deal(own, record, at, telling, is_lost=is_lost)


def _tell_deal(own: str, record: Json, at: datetime, telling: Telling, *, is_lost: bool) -> None:
    values = columns_of("deal", DEAL, record, "")
    telling.usual("deal", at, {"deal_id": own, "status": "open"})
    if "active" in record or "probability" in record:
        is_won = not is_lost and record.get("probability") == CERTAIN
        values["status"] = "lost" if is_lost else "won" if is_won else "open"
    telling.patch("deal", at, {"deal_id": own, "lead_id": own, **values})
    telling.changes("deal", own, values, at, origin="snapshot_diff", exact=False)


def _tell_message(own: str, record: Json, at: datetime, telling: Telling) -> None:
    """A message of a lead: sent by a person, received, or an automatic one."""
    if record.get("model") not in (None, "crm.lead"):
        return
    kind = record.get("message_type")
    is_note = record.get("is_internal") is True
    direction = (
        "internal" if is_note or kind in ("notification", "user_notification") else "in" if kind == "email" else "out"
    )
    values = columns_of("touch", MESSAGE, record, "")
    values |= {"kind": "note" if is_note else "email", "direction": direction, "object": "mail.message"}
    values |= {
        "outcome": "replied" if direction == "in" else "sent",
        "automated": kind in ("auto_comment", "notification"),
    }
    if record.get("res_id"):
        values["lead_id"] = required_id(record["res_id"], "res_id")
    telling.patch("touch", at, {"touch_id": f"message-{own}", **values})


def _tell_meeting(own: str, record: Json, at: datetime, telling: Telling) -> None:
    values = columns_of("touch", MEETING, record, "")
    if record.get("res_model") == "crm.lead" and record.get("res_id"):
        values.setdefault("lead_id", required_id(record["res_id"], "res_id"))
    values |= {"kind": "meeting", "direction": "out", "object": "calendar.event"}
    is_past = values.get("occurred_at") is not None and values["occurred_at"] <= at
    values["outcome"] = "cancelled" if record.get("active") is False else "held" if is_past else "scheduled"
    telling.patch("touch", at, {"touch_id": f"meeting-{own}", **values})


def _tell_owner(own: str, record: Json, at: datetime, telling: Telling) -> None:
    telling.patch("owner", at, {"owner_id": own, "kind": "person", **columns_of("owner", OWNER, record, "")})


_TELL = {
    "crm.lead": _tell_lead,
    "mail.message": _tell_message,
    "calendar.event": _tell_meeting,
    "res.users": _tell_owner,
}
