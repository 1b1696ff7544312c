"""The reference rows say what the schema says."""

from __future__ import annotations

from smarketing.facts.reference import fact_columns
from smarketing.facts.schema import TABLES


def test_every_column_of_every_table_is_a_row_with_a_meaning() -> None:
    rows = fact_columns()
    assert [(row.table, row.column) for row in rows] == [(t.name, c.name) for t in TABLES.values() for c in t.columns]
    assert all(row.meaning for row in rows)


def test_keys_units_and_values_are_told() -> None:
    rows = {(row.table, row.column): row for row in fact_columns()}
    assert rows["touch", "touch_id"].key
    assert not rows["touch", "lead_id"].key
    assert rows["touch", "duration_s"].unit == "seconds"
    assert rows["touch", "occurred_at"].unit == "UTC, microseconds"
    assert rows["deal", "status"].values == ("open", "won", "lost")
