"""HubSpot's webhooks: a list of subscription events, each about one property, record, merge or association."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from smarketing.facts.schema import TABLES
from smarketing.sources.webhook.cells import value_of
from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.hubspot_objects import PROPERTIES, TYPES, USUAL, Property
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, kept_items
from smarketing.sources.webhook.telling import Telling, mapped
from smarketing.terms.instants import EPOCH

PASSING = ("attemptNumber", "eventId", "subscriptionId", "appId")  # differ when the same event is sent again
KEYED = (
    "subscriptionType",
    "objectId",
    "propertyName",
    "propertyValue",
    "occurredAt",
    "portalId",
    "objectTypeId",
    "primaryObjectId",
    "mergedObjectIds",
    "fromObjectId",
    "toObjectId",
    "associationType",
    "associationRemoved",
)
MACHINES = ("AUTOMATION", "AUTOMATION_PLATFORM", "SEQUENCES", "BOT", "MARKETING_EMAIL", "EMAIL")
MILLISECOND = timedelta(milliseconds=1)
LEAD_PREFIX = "lead-"  # of HubSpot's lead objects, whose ids would meet those of contacts


class HubSpot:
    """Event ids are not unique and order is not kept: the content is the key, `occurredAt` the order."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:  # noqa: ARG002 — the body says it all
        return [_event(event) for event in kept_items(body)]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return None


def _event(event: Any) -> Event:
    if not isinstance(event, dict) or BROKEN in event:
        return Event(canonical(event), digest("broken", canonical(event).decode()), None)
    lasting = {name: value for name, value in event.items() if name not in PASSING}
    try:
        at = _instant(event.get("occurredAt"), "occurredAt")
    except Refused:
        at = None
    return Event(canonical(lasting), digest(*(event.get(name) for name in KEYED)), at)


def _instant(given: Any, path: str) -> datetime:
    """Milliseconds since 1970, as a number or as text."""
    text = str(given)
    if isinstance(given, bool) or not text.removeprefix("-").isdecimal() or len(text) > 14:
        raise Refused("no_instant", path, given, name=path)
    return EPOCH + int(text) * MILLISECOND


def tell(event: Json, telling: Telling) -> None:
    """What one subscription event says. Raises Refused with the path of the fault."""
    for name in ("subscriptionType", "occurredAt"):
        if event.get(name) in (None, ""):
            raise Refused("missing", name, name=name)
    prefix, _, action = str(event["subscriptionType"]).partition(".")
    kind = TYPES.get(str(event.get("objectTypeId")), prefix)
    at = _instant(event["occurredAt"], "occurredAt")
    telling.check_time(at, "occurredAt")
    if action == "associationChange":
        _tell_association(event, at, telling)
    elif kind in PROPERTIES and action == "merge":
        _tell_merge(kind, event, at, telling)
    elif kind in PROPERTIES and action in _TELL:
        _TELL[action](kind, _id(kind, event.get("objectId"), "objectId"), event, at, telling)


def _id(kind: str, given: Any, path: str) -> str:
    column = TABLES["touch"].column("touch_id")
    own = value_of(column, given, "", path)
    if own is None:
        raise Refused("missing", path, name=path)
    return f"{LEAD_PREFIX}{own}" if kind == "lead" else str(own)


def _table(kind: str) -> tuple[str, str]:
    """The fact table of an object and the column of its id."""
    table = "lead" if kind in ("contact", "lead") else "deal" if kind == "deal" else "touch"
    return table, f"{table}_id"


def _tell_creation(kind: str, own: str, event: Json, at: datetime, telling: Telling) -> None:
    table, key = _table(kind)
    if table == "touch":
        by_machine = {"automated": True} if event.get("changeSource") in MACHINES else {}
        telling.usual(table, at, {key: own, "object": kind, "logged_at": at, **USUAL[kind], **by_machine})
    elif table == "deal":
        telling.usual(table, at, {key: own, "status": "open", "created_at": at})
    else:
        person = {"person_key": own} if kind == "contact" else {}
        telling.usual(table, at, {key: own, "object": kind, "created_at": at, **person})


def _tell_property(kind: str, own: str, event: Json, at: datetime, telling: Telling) -> None:
    table, key = _table(kind)
    found = PROPERTIES[kind].get(str(event.get("propertyName")))
    if found is None:
        return
    raw = event.get("propertyValue")
    value = _value(table, found, raw)
    if value is None and raw not in (None, "") and found.meanings:
        return
    values = {found.column: value, **({found.raw: str(raw)} if found.raw and value is not None else {})}
    if kind == "task" and found.column == "kind":
        values["direction"] = "internal" if value == "task" else "out"
    telling.patch(table, at, {key: own, **values}, holds_from=at - MILLISECOND if found.is_weak else None)
    if table == "deal":
        _tell_deal_end(own, found.column, value, at, telling)
    if table != "touch":
        telling.changes(table, own, {found.column: value}, at, to_raw=str(raw))


def _value(table: str, found: Property, raw: Any) -> Any:
    column = TABLES[table].column(found.column)
    text = raw.strip() if isinstance(raw, str) else raw
    if text in (None, ""):
        return None
    if found.meanings:
        return found.meanings.get(str(text), found.meanings.get(str(text).lower(), found.otherwise))
    is_millis = str(text).isdecimal() and len(str(text)) in (12, 13, 14)
    if found.column == "duration_s":
        milliseconds = value_of(TABLES["deal"].column("amount"), text, "", "propertyValue")
        return value_of(
            column, int(milliseconds / 1000 + (1 if milliseconds % 1000 >= 500 else 0)), "", "propertyValue"
        )
    if is_millis and found.column.endswith("_at"):
        return _instant(text, "propertyValue")
    if is_millis and found.column == "expected_close":
        return _instant(text, "propertyValue").date()
    return value_of(column, text, "UTC", "propertyValue")


def _tell_deal_end(own: str, column: str, value: Any, at: datetime, telling: Telling) -> None:
    """Won and lost from the flags, or from the names that HubSpot gives its own closing stages."""
    if column == "stage":
        text = str(value).lower()
        status = "won" if "closedwon" in text else "lost" if "closedlost" in text else "open"
        closed = None if status == "open" else at
        # A stage of one's own making may close a deal too: the flag of the same instant knows better.
        values = {"deal_id": own, "status": status, "closed_at": closed}
        telling.patch("deal", at, values, holds_from=at - MILLISECOND)
    elif column == "status":
        telling.patch("deal", at, {"deal_id": own, "closed_at": at})


def _tell_deletion(kind: str, own: str, _: Json, at: datetime, telling: Telling) -> None:
    table, key = _table(kind)
    telling.patch(table, at, {key: own, "deleted_at": at})


def _tell_erasure(kind: str, own: str, _: Json, at: datetime, telling: Telling) -> None:
    table, key = _table(kind)
    erased = {"erased_at": at} if table == "lead" else {}
    telling.patch(table, at, {key: own, "deleted_at": at, **erased})


def _tell_return(kind: str, own: str, _: Json, at: datetime, telling: Telling) -> None:
    table, key = _table(kind)
    telling.patch(table, at, {key: own, "deleted_at": None})
    if table == "lead":  # what was merged away and comes back stands for itself again
        telling.patch("identity", at, {"from_id": own, "to_id": own, "at": at, "reason": "merge"})


def _tell_merge(kind: str, event: Json, at: datetime, telling: Telling) -> None:
    merged = event.get("mergedObjectIds")
    if not isinstance(merged, list) or not merged:
        raise Refused("missing", "mergedObjectIds", merged, name="mergedObjectIds")
    primary = _id(kind, event.get("primaryObjectId"), "primaryObjectId")
    own = _id(kind, event.get("newObjectId") or event.get("primaryObjectId"), "newObjectId")
    for n, given in enumerate([*merged, primary]):
        ends = given if given is primary else _id(kind, given, f"mergedObjectIds[{n}]")
        if ends != own and kind == "deal":
            telling.patch("deal", at, {"deal_id": ends, "merged_into": own})
        elif ends != own and _table(kind)[0] == "lead":
            telling.patch("identity", at, {"from_id": ends, "to_id": own, "at": at, "reason": "merge"})


def _tell_association(event: Json, at: datetime, telling: Telling) -> None:
    """Contacts of deals, and contacts and deals of engagements; either way round."""
    names = str(event.get("associationType", "")).lower().split("_to_")
    types = [TYPES.get(str(event.get(name)), "") for name in ("fromObjectTypeId", "toObjectTypeId")]
    kinds = types if all(types) else names
    if len(kinds) != 2 or any(kind not in PROPERTIES for kind in kinds):
        return
    ends = {
        kind: _id(kind, event.get(name), name) for kind, name in zip(kinds, ("fromObjectId", "toObjectId"), strict=True)
    }
    is_gone = event.get("associationRemoved") is True
    tables = {_table(kind)[0]: own for kind, own in ends.items()}
    if "touch" in tables:
        for name in ("lead", "deal"):
            if name in tables:
                own = None if is_gone else tables[name]
                telling.patch("touch", at, {"touch_id": tables["touch"], f"{name}_id": own})
    elif tables.keys() == {"deal", "lead"} and not is_gone:
        primary = event.get("isPrimaryAssociation")
        values = {"deal_id": tables["deal"], "lead_id": tables["lead"], "role": "contact"}
        telling.patch("deal_lead", at, {**values, "is_primary": primary if isinstance(primary, bool) else None})


_TELL = {
    "creation": _tell_creation,
    "propertyChange": _tell_property,
    "deletion": _tell_deletion,
    "privacyDeletion": _tell_erasure,
    "restore": _tell_return,
}
