"""The JSON Schema says what the reader does: no more columns, no fewer, none required that is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.webhooks import mapped

from smarketing.facts.schema import TABLES, DType
from smarketing.sources.webhook.generic import KINDS
from smarketing.sources.webhook.json_schema import json_schema

SCHEMA = json_schema()
PLAIN = {
    DType.TEXT: "x",
    DType.INSTANT: "2026-09-21T10:00:00Z",
    DType.DAY: "2026-09-21",
    DType.INTEGER: 3,
    DType.MONEY: "10.5",
    DType.NUMBER: 1.5,
    DType.FLAG: True,
}


def _example(name: str, column: str) -> Any:
    own = {"entity": "lead", "field": "status", "currency": "EUR"}
    found = TABLES[KINDS[name].table].column(column)
    return own.get(column) or (found.values[0] if found.values else PLAIN[found.dtype])


def _event(name: str, columns: list[str]) -> dict[str, Any]:
    data = {column: _example(name, column) for column in columns}
    return {"type": name, "occurred_at": "2026-09-21T10:00:00Z", "data": data}


@pytest.mark.parametrize("name", list(KINDS))
def test_every_column_of_the_schema_is_read_and_every_required_one_is_needed(name: str) -> None:
    data = SCHEMA["$defs"][name]["properties"]["data"]
    assert not mapped("generic", _event(name, list(data["properties"]))).rejected
    assert not mapped("generic", _event(name, data["required"])).rejected
    for missing in data["required"]:
        rest = [column for column in data["required"] if column != missing]
        (rejected,) = mapped("generic", _event(name, rest)).rejected
        assert (rejected.code, rejected.column) == ("missing", f"data.{missing}")


@pytest.mark.parametrize("name", list(KINDS))
def test_every_column_says_what_it_means(name: str) -> None:
    for column in SCHEMA["$defs"][name]["properties"]["data"]["properties"].values():
        assert column["description"]
        assert column["type"]


def test_the_schema_is_json() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
