"""Salesforce: outbound messages (SOAP) and change events (JSON with a ChangeEventHeader)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.salesforce_objects import AUTOMATED, FIELDS, OUTCOMES, TABLES_OF
from smarketing.sources.webhook.soap import ACK, outbound_messages
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, kept_items
from smarketing.sources.webhook.telling import Telling, mapped
from smarketing.sources.webhook.vendor_rows import at_of, columns_of, object_in, required_at, required_id

CHANGED = ("SystemModstamp", "LastModifiedDate")
KEYED = ("entityName", "recordIds", "changeType", "commitTimestamp", "commitNumber", "transactionKey", "sequenceNumber")
LOST_COUNT = ("GAP_", "OVERFLOW")


class Salesforce:
    """Replay ids are used again after a migration: the key is made of organisation, object and commit."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:  # noqa: ARG002 — the body says it all
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return [_message(message) for message in outbound_messages(body)]
        return [_change(event) for event in kept_items(body, "events")]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return ACK, "text/xml; charset=utf-8"


def _message(message: Json) -> Event:
    key = digest("message", message["organization"], message["notification"] or message["fields"])
    try:
        at = required_at(message["fields"], CHANGED, "fields")
    except Refused:
        at = None
    return Event(canonical(message), key, at)


def _change(event: Any) -> Event:
    raw = canonical(event)
    payload = event.get("payload", event) if isinstance(event, dict) else {}
    header = payload.get("ChangeEventHeader") if isinstance(payload, dict) else None
    if not isinstance(header, dict) or BROKEN in header:
        return Event(raw, digest("broken", raw.decode()), None)
    organization = event.get("organizationId") or payload.get("organizationId")
    key = digest("change", organization, *(header.get(name) for name in KEYED))
    try:
        at = at_of(header.get("commitTimestamp"), "")
    except Refused:
        at = None
    return Event(raw, key, at)


def tell(event: Json, telling: Telling) -> None:
    """What one event says. Raises Refused with the path of the fault."""
    if "notification" in event:
        _tell_message(event, telling)
        return
    payload = object_in(event, "payload") if "payload" in event else event
    header = object_in(payload, "ChangeEventHeader")
    kind, change = str(header.get("entityName")), str(header.get("changeType"))
    ids = header.get("recordIds")
    if not isinstance(ids, list) or not ids:
        raise Refused("missing", "ChangeEventHeader.recordIds", ids, name="recordIds")
    names = [required_id(own, f"ChangeEventHeader.recordIds[{n}]") for n, own in enumerate(ids)]
    at = required_at(header, ("commitTimestamp",), "ChangeEventHeader")
    telling.check_time(at, "ChangeEventHeader.commitTimestamp")
    if change.startswith(LOST_COUNT):
        telling.reread(kind, [] if "*" in names or change.endswith("OVERFLOW") else names)
    elif kind in TABLES_OF:
        for own in names:
            _tell_change(kind, own, change, payload, header, at, telling)


def _tell_change(kind: str, own: str, change: str, payload: Json, header: Json, at: datetime, telling: Telling) -> None:
    table = TABLES_OF[kind]
    key = f"{table}_id"
    if change == "DELETE":
        telling.patch(table, at, {key: own, "deleted_at": at})
        return
    if change == "UNDELETE":
        telling.patch(table, at, {key: own, "deleted_at": None})
    record = {name: value for name, value in payload.items() if value is not None}
    nulled = header.get("nulledFields")
    record |= {str(name): None for name in nulled} if isinstance(nulled, list) else {}
    _tell_record(kind, own, record, at, telling, origin="webhook", exact=True)


def _tell_message(message: Json, telling: Telling) -> None:
    """The record as it was when the message was made: what changed is not said, nor when exactly."""
    kind, record = str(message.get("object")), object_in(message, "fields")
    if kind not in TABLES_OF:
        return
    at = required_at(record, CHANGED, "fields")
    telling.check_time(at, "fields.SystemModstamp")
    own = required_id(record.get("Id"), "fields.Id")
    _tell_record(kind, own, record, at, telling, origin="snapshot_diff", exact=False)


def _tell_record(
    kind: str, own: str, record: Json, at: datetime, telling: Telling, *, origin: str, exact: bool
) -> None:
    table = TABLES_OF[kind]
    values = columns_of(table, FIELDS[kind], record, "")
    if table == "touch":
        values |= _about(record)
    if str(record.get("IsDeleted")).lower() == "true":
        values["deleted_at"] = at
    if record.get("MasterRecordId"):
        to_id = required_id(record["MasterRecordId"], "MasterRecordId")
        telling.patch("identity", at, {"from_id": own, "to_id": to_id, "at": at, "reason": "merge"})
    if table == "touch":
        values |= _touch(kind, record, values, at)
        telling.usual(table, at, {"touch_id": own, "object": kind.lower(), **_usual(kind)})
    elif table == "deal":
        values |= _deal_end(record, at)
        telling.usual(table, at, {"deal_id": own, "status": "open"})
    elif table == "owner":
        telling.usual(table, at, {"owner_id": own, "kind": "person"})
    else:
        telling.usual(table, at, {"lead_id": own, "object": "lead"})
    telling.patch(table, at, {f"{table}_id": own, **values})
    if table in ("lead", "deal"):
        telling.changes(table, own, values, at, origin=origin, exact=exact)


def _about(record: Json) -> dict[str, Any]:
    """Ids tell what they are of: 00Q a lead, 003 a contact, 006 an opportunity."""
    who, what = (str(record.get(name) or "") for name in ("WhoId", "WhatId"))
    found: dict[str, Any] = {}
    if who:
        found["lead_id" if who.startswith("00Q") else "person_key"] = who
    if what.startswith("006"):
        found["deal_id"] = what
    return found


def _usual(kind: str) -> dict[str, Any]:
    if kind == "Event":
        return {"kind": "meeting", "direction": "out", "outcome": "scheduled"}
    return {"kind": "task", "direction": "internal", "outcome": "scheduled"}


def _touch(kind: str, record: Json, values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A task counts once it is closed, at its completion; an event once it has begun."""
    if kind == "Event":
        start = values.get("occurred_at")
        return {"outcome": "held" if start <= at else "scheduled"} if start is not None else {}
    found: dict[str, Any] = {}
    subtype = str(record.get("TaskSubtype") or record.get("Type") or "").lower()
    if subtype:
        kinds = {"call": "call", "email": "email", "listemail": "email", "linkedin": "social"}
        found["kind"] = kinds.get(subtype, "task")
        is_inbound = str(record.get("CallType")).lower() == "inbound"
        found["direction"] = "in" if is_inbound else "internal" if found["kind"] == "task" else "out"
        found["automated"] = subtype in AUTOMATED
    status, is_closed = str(record.get("Status") or "").lower(), str(record.get("IsClosed")).lower()
    if status == "completed" or is_closed == "true":
        said = str(record.get("CallDisposition") or "").lower()
        found["outcome"] = next((outcome for word, outcome in OUTCOMES.items() if word in said), "unknown")
        found["occurred_at"] = values.get("occurred_at") or at
    return found


def _deal_end(record: Json, at: datetime) -> dict[str, Any]:
    """Won and closed by their flags, else by the names that Salesforce gives its own closing stages."""
    stage = str(record.get("StageName") or "").lower()
    closed, won = str(record.get("IsClosed")).lower(), str(record.get("IsWon")).lower()
    if won == "true" or stage == "closed won":
        return {"status": "won", "closed_at": at}
    if (closed == "true" and won == "false") or stage == "closed lost":
        return {"status": "lost", "closed_at": at}
    return {"status": "open", "closed_at": None} if closed == "false" or stage else {}
