"""The JSON Schema of the generic event, from the tables that its data fills and the rules that read it."""

from __future__ import annotations

from typing import Any

from smarketing.facts.reference import UNITS
from smarketing.facts.schema import TABLES, Column, DType
from smarketing.sources.read_cells import IDS, MAX_ID
from smarketing.sources.webhook.generic import KINDS, Kind
from smarketing.sources.webhook.strict_json import MOST_EVENTS

INSTANT = "RFC 3339 with offset, or local time in the source's zone"
FORMS: dict[DType, dict[str, Any]] = {
    DType.TEXT: {"type": ["string", "null"]},
    DType.INSTANT: {"type": ["string", "null"], "description": INSTANT},
    DType.DAY: {"type": ["string", "null"], "format": "date"},
    DType.INTEGER: {"type": ["integer", "string", "null"]},
    DType.MONEY: {"type": ["number", "string", "null"]},
    DType.NUMBER: {"type": ["number", "string", "null"]},
    DType.FLAG: {"type": ["boolean", "string", "null"]},
}


def json_schema() -> dict[str, Any]:
    """One event, a list of them, or an object with such a list called events."""
    event = {"$ref": "#/$defs/event"}
    listing = {"type": "array", "items": event, "minItems": 1, "maxItems": MOST_EVENTS}
    envelope = {"type": "object", "required": ["events"], "properties": {"events": listing}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events posted to a source of the generic kind",
        "anyOf": [event, listing, envelope],
        "$defs": {
            "event": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in KINDS]},
            **{name: _event(name, kind) for name, kind in KINDS.items()},
        },
    }


def _event(name: str, kind: Kind) -> dict[str, Any]:
    table = TABLES[kind.table]
    return {
        "type": "object",
        "description": kind.meaning,
        "required": ["type", "occurred_at", "data"],
        "properties": {
            "type": {"const": name},
            "id": {"type": ["string", "integer"], "description": "Names the event: sent again, it counts once."},
            "occurred_at": {"type": "string", "description": f"When it happened. {INSTANT}."},
            "data": {
                "type": "object",
                "required": list(kind.required),
                "additionalProperties": False,
                "properties": {
                    column.name: column_schema(column, is_required=column.name in kind.required)
                    for column in table.columns
                    if column.name in kind.columns
                },
            },
        },
    }


def column_schema(column: Column, *, is_required: bool) -> dict[str, Any]:
    """A column of the facts as a property: its type, its values, what it means and its unit."""
    form = dict(FORMS[column.dtype])
    if column.name in IDS:
        form = {"type": ["string", "integer", "null"], "maxLength": MAX_ID}
    if is_required:
        form["type"] = [name for name in form["type"] if name != "null"]
    if column.values:
        form["enum"] = [*column.values, *([] if is_required else [None])]
    unit = (
        "seconds" if column.name.endswith("_s") else INSTANT if column.dtype is DType.INSTANT else UNITS[column.dtype]
    )
    form["description"] = f"{column.meaning} ({unit})" if unit else column.meaning
    return form
