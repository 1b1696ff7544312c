"""Pipedrive's webhooks, version 2 (meta, data, previous) and version 1 (meta, current, previous)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, kept_items
from smarketing.sources.webhook.telling import Telling, mapped
from smarketing.sources.webhook.vendor_rows import at_of, columns_of, object_in, required_at, required_id

ACTIONS = {"added": "create", "updated": "change", "deleted": "delete"}
LEAD = {
    "owner_id": "owner_id",
    "person_id": "person_key",
    "add_time": "created_at",
    "source_name": "source_raw",
    "origin": "channel",
}
DEAL = {
    "owner_id": "owner_id",
    "user_id": "owner_id",
    "person_id": "person_key",
    "org_id": "account_key",
    "pipeline_id": "pipeline",
    "stage_id": "stage",
    "value": "amount",
    "currency": "currency",
    "add_time": "created_at",
    "close_time": "closed_at",
    "expected_close_date": "expected_close",
    "lost_reason": "lost_reason",
    "origin": "channel",
    "source_lead_id": "lead_id",
}
ACTIVITY = {
    "owner_id": "owner_id",
    "user_id": "owner_id",
    "lead_id": "lead_id",
    "deal_id": "deal_id",
    "person_id": "person_key",
    "add_time": "logged_at",
}
OWNER = {"name": "name", "email": "email", "active_flag": "active", "timezone_name": "zone"}
KINDS = {"call": "call", "email": "email", "meeting": "meeting", "lunch": "meeting", "demo": "meeting", "sms": "sms"}


class Pipedrive:
    """There is no signature of content: basic authentication and a secret address stand for it."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:  # noqa: ARG002 — the body says it all
        return [_event(event) for event in kept_items(body)]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return None


def _event(event: Any) -> Event:
    meta = event.get("meta") if isinstance(event, dict) else None
    if not isinstance(meta, dict) or BROKEN in event:
        return Event(canonical(event), digest("broken", canonical(event).decode()), None)
    passing = ("attempt", "webhook_id", "correlation_id")
    lasting = {**event, "meta": {name: value for name, value in meta.items() if name not in passing}}
    lasting.pop("retry", None)
    is_first = "current" in event  # version 1: meta.id is the record's
    what = [meta.get(name) for name in ("company_id", "object", "action", "id", "timestamp_micro", "timestamp")]
    key = digest("v1", *what) if is_first else digest("v2", meta.get("id") or lasting)
    try:
        at = at_of(meta.get("timestamp"), "meta.timestamp")
    except Refused:
        at = None
    return Event(canonical(lasting), key, at)


def tell(event: Json, telling: Telling) -> None:
    """What one event says. Raises Refused with the path of the fault."""
    meta = object_in(event, "meta")
    kind = str(meta.get("entity") or meta.get("object"))
    action = ACTIONS.get(str(meta.get("action")), str(meta.get("action")))
    if kind not in _TELL or action not in ("create", "change", "delete"):
        return
    name = "current" if "current" in event else "data"
    record, previous = _object(event.get(name)), _object(event.get("previous"))
    at = required_at(meta, ("timestamp",), "meta")
    telling.check_time(at, "meta.timestamp")
    given = meta.get("entity_id") or meta.get("id" if name == "current" else "entity_id") or record.get("id")
    own = required_id(given, "meta.entity_id")
    if action == "delete":
        telling.patch(_TABLE[kind], at, {f"{_TABLE[kind]}_id": own, "deleted_at": at})
        return
    flat = {
        key: value.get("id", value.get("value")) if isinstance(value, dict) else value for key, value in record.items()
    }
    changed = flat if action == "create" else {key: flat.get(key) for key in previous}
    _TELL[kind](own, flat, changed, at, telling)


def _object(found: Any) -> Json:
    return found if isinstance(found, dict) else {}


def _tell_lead(own: str, flat: Json, changed: Json, at: datetime, telling: Telling) -> None:
    values = columns_of("lead", LEAD, flat, "data")
    if flat.get("is_archived") is not None:
        values["status"] = "archived" if flat["is_archived"] else "open"
    telling.patch("lead", at, {"lead_id": own, "object": "lead", **values})
    telling.changes("lead", own, _changed(values, LEAD, changed), at)


def _tell_deal(own: str, flat: Json, changed: Json, at: datetime, telling: Telling) -> None:
    values = columns_of("deal", DEAL, flat, "data")
    status = str(flat.get("status"))
    if status in ("open", "won", "lost"):
        values["status"] = status
        ends = {"won": "won_time", "lost": "lost_time"}
        if status in ends and flat.get(ends[status]):
            values["closed_at"] = at_of(flat[ends[status]], f"data.{ends[status]}")
    if status == "deleted" or flat.get("is_deleted") is True:
        values["deleted_at"] = at
    telling.patch("deal", at, {"deal_id": own, **values})
    telling.usual("deal", at, {"deal_id": own, "status": "open"})
    telling.changes("deal", own, _changed(values, DEAL, changed), at, pipeline=values.get("pipeline"))


def _changed(values: Mapping[str, Any], fields: Mapping[str, str], changed: Json) -> dict[str, Any]:
    """The columns with a history whose field changed."""
    columns = {fields[name] for name in changed if name in fields}
    return {name: value for name, value in values.items() if name in columns}


def _tell_activity(own: str, flat: Json, _: Json, at: datetime, telling: Telling) -> None:
    """A done activity happened when it was marked as done, never when it was due."""
    values = columns_of("touch", ACTIVITY, flat, "data")
    kind = KINDS.get(str(flat.get("type", "")).lower(), "task")
    is_done = flat.get("done") in (True, 1, "1")
    done_at = flat.get("marked_as_done_time")
    values["occurred_at"] = at_of(done_at, "data.marked_as_done_time") if is_done and done_at else at
    values |= {"kind": kind, "direction": "internal" if kind == "task" else "out", "object": "activity"}
    values["outcome"] = _outcome(kind) if is_done else "scheduled"
    values["duration_s"] = _seconds(flat.get("duration"))
    telling.patch("touch", at, {"touch_id": own, **values})


def _outcome(kind: str) -> str:
    return "held" if kind == "meeting" else "sent" if kind in ("email", "sms") else "unknown"


def _seconds(given: Any) -> int | None:
    """`HH:MM` or `HH:MM:SS`."""
    parts = str(given or "").split(":")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and len(part) <= 3 for part in parts):
        return None
    hours, minutes, *rest = (int(part) for part in parts)
    return hours * 3_600 + minutes * 60 + sum(rest)


def _tell_owner(own: str, flat: Json, _: Json, at: datetime, telling: Telling) -> None:
    telling.patch("owner", at, {"owner_id": own, "kind": "person", **columns_of("owner", OWNER, flat, "data")})


_TABLE = {"lead": "lead", "deal": "deal", "activity": "touch", "user": "owner"}
_TELL = {"lead": _tell_lead, "deal": _tell_deal, "activity": _tell_activity, "user": _tell_owner}
