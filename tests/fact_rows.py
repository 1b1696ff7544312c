"""Frames of the fact tables from a few words: what a test does not say is filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from smarketing.facts.schema import TABLES, DType

SEEN = "2025-07-01T00:00:00Z"
DEFAULTS: dict[str, dict[str, Any]] = {
    "source": {"kind": "file"},
    "owner": {"kind": "person"},
    "lead": {"created_at": "2025-06-02T08:00:00Z"},
    "touch": {"kind": "call", "direction": "out", "occurred_at": "2025-06-02T09:00:00Z"},
    "stage_change": {"entity": "lead", "field": "lifecycle", "changed_at": "2025-06-02T08:30:00Z"},
    "deal": {"status": "open", "created_at": "2025-06-03T08:00:00Z"},
    "deal_lead": {"role": "buyer"},
    "spend": {"day": "2025-06-02"},
    "identity": {},
    "delivery": {"delivered_at": "2025-06-06T08:00:00Z"},
}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def rows(table: str, *given: dict[str, Any]) -> pl.DataFrame:
    """A frame of `table`: instants as RFC 3339 text, every row from source `crm` seen on 1 July 2025."""
    columns = TABLES[table].columns
    filled = [{"src": "crm", "seen_at": SEEN} | DEFAULTS[table] | row for row in given]
    data = {column.name: [_value(row.get(column.name), column.dtype) for row in filled] for column in columns}
    return pl.DataFrame(data, schema=TABLES[table].schema)


def _value(value: Any, dtype: DType) -> Any:
    if isinstance(value, str) and dtype is DType.INSTANT:
        return instant(value)
    if isinstance(value, str) and dtype is DType.DAY:
        return datetime.fromisoformat(value).date()
    return value
