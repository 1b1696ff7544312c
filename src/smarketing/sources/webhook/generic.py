"""The generic event: a type, an instant, and columns of our own fact tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from smarketing.facts.schema import TABLES
from smarketing.sources.webhook.alike import tell_together
from smarketing.sources.webhook.cells import instant, value_of
from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.generic_kinds import KINDS, MAY_BE_FUTURE, Kind
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, digest_of_texts, kept_items
from smarketing.sources.webhook.telling import CURRENT, Telling, mapped


class Generic:
    """The canonical form, for systems that can be told what to send."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        delivery = {name.lower(): value for name, value in headers.items()}.get("webhook-id", "")
        events = kept_items(body, "events")
        return [_event(event, f"{delivery} {n}" if delivery else "") for n, event in enumerate(events)]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell, tell_together)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return None


def _event(event: Any, delivery: str) -> Event:
    raw = canonical(event)
    if not isinstance(event, dict) or BROKEN in event:
        return Event(raw, digest("broken", raw.decode(), delivery), None)
    own = event.get("id")
    return Event(raw, _key(own, event, delivery), _when(event.get("occurred_at")))


def _key(own: Any, event: Json, delivery: str) -> str:
    if own not in (None, ""):
        return digest_of_texts("id", own) if isinstance(own, str) else digest("id", own)
    return digest_of_texts("delivery", delivery) if delivery else digest(event)


def _when(given: Any) -> datetime | None:
    try:
        return instant(given, "", "occurred_at")[0]
    except Refused:
        return None


def tell(event: Json, telling: Telling) -> None:
    """What one event says. Raises Refused with the path of the fault."""
    name = event.get("type")
    if not isinstance(name, str) or name not in KINDS:
        raise Refused("unknown_type", "type", name, name=name, choices=", ".join(KINDS))
    kind, data = KINDS[name], event.get("data")
    if event.get("occurred_at") is None:
        raise Refused("missing", "occurred_at", name="occurred_at")
    if not isinstance(data, dict):
        raise Refused("not_an_object", "data", data)
    at = telling.instant(event["occurred_at"], "occurred_at")
    for column in data:
        if column not in kind.columns:
            choices = ", ".join(kind.columns)
            raise Refused("unknown_field", f"data.{column}", name=column, table=kind.table, choices=choices)
    values = telling.columns(kind.table, data, "data")
    for column in kind.required:
        if values.get(column) is None:
            raise Refused("missing", f"data.{column}", name=column)
    _TELL.get(name, _tell_row)(kind, values, at, telling)


def _tell_row(kind: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    telling.patch(kind.table, at, values)
    if kind.table == "owner":
        telling.usual("owner", at, {"owner_id": values["owner_id"], "kind": "person"})
    if kind.table in ("lead", "deal"):
        more = ("pipeline",) if kind.table == "deal" else ()
        telling.changes(kind.table, values[f"{kind.table}_id"], values, at, **_said(values, *more))


def _tell_creation(kind: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    values = {**values, "created_at": values.get("created_at") or at}
    telling.created(kind.table, at, values)
    telling.changes("lead", values["lead_id"], values, at, **_said(values, "reason"))


def _said(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _tell_deletion(kind: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    telling.patch(kind.table, at, {**values, "deleted_at": values.get("deleted_at") or at})


def _tell_touch(_: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    values = {**values, "occurred_at": values.get("occurred_at") or at}
    if values.get("outcome") not in MAY_BE_FUTURE:
        telling.check_time(values["occurred_at"], "data.occurred_at")
    telling.patch("touch", at, {**values, "touch_id": values.get("touch_id") or _own_id(values)})


def _tell_change(_: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    entity, field = values["entity"], values["field"]
    at = values.get("changed_at") or at
    rest = {key: value for key, value in values.items() if key not in ("entity", "entity_id", "field", "to_value")}
    telling.change(entity, values["entity_id"], field, values["to_value"], at, **{**rest, "changed_at": at})
    column = CURRENT.get((entity, field))
    if column is None:
        choices = ", ".join(of for kind, of in CURRENT if kind == entity)
        raise Refused("one_of", "data.field", field, name="field", choices=choices)
    current = value_of(TABLES[entity].column(column), values["to_value"], "", "data.to_value")
    telling.patch(entity, at, {f"{entity}_id": values["entity_id"], column: current})


def _tell_merge(_: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    telling.patch("identity", at, {"at": at, "reason": "merge", **values})


def _tell_delivery(_: Kind, values: dict[str, Any], at: datetime, telling: Telling) -> None:
    values = {**values, "delivered_at": values.get("delivered_at") or at}
    telling.patch("delivery", at, {**values, "delivery_id": values.get("delivery_id") or _own_id(values)})


def _own_id(values: Mapping[str, Any]) -> str:
    """An id from what the row says, the same whenever it is told."""
    return "h-" + digest(sorted((name, str(value)) for name, value in values.items()))[:32]


_TELL = {
    "lead.created": _tell_creation,
    "lead.deleted": _tell_deletion,
    "touch.logged": _tell_touch,
    "stage.changed": _tell_change,
    "identity.merged": _tell_merge,
    "delivery.handed_over": _tell_delivery,
}
