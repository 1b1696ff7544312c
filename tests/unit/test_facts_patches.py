"""Patches fold into the stored row column by column; what was written whole since counts as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from smarketing.facts.patch_marks import MARKS
from smarketing.facts.patches import fold, marks_schema, patch_schema
from smarketing.facts.schema import TABLES

LEAD = TABLES["lead"]
START = datetime(2026, 9, 21, 10, tzinfo=UTC)
KEY = ("crm", "a")
NONE = pl.DataFrame(schema=marks_schema(LEAD))


def _at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def _patches(*told: tuple[int, dict[str, Any]]) -> pl.DataFrame:
    rows = [
        {
            "src": "crm",
            "lead_id": "a",
            "seen_at": _at(60),
            "updated_at": _at(minute),
            **values,
            "_row": n,
            "_at": _at(minute),
            "_set": " ".join(values),
        }
        for n, (minute, values) in enumerate(told)
    ]
    schema = patch_schema(LEAD)
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)


def _stored(minute: int | None, **values: Any) -> pl.DataFrame:
    updated = None if minute is None else _at(minute)
    row = {"src": "crm", "lead_id": "a", "created_at": _at(0), "updated_at": updated, "seen_at": _at(60), **values}
    return pl.DataFrame({name: [row.get(name)] for name in LEAD.schema}, schema=LEAD.schema)


def _row(stored: pl.DataFrame, marks: pl.DataFrame, *told: tuple[int, dict[str, Any]]) -> Any:
    folded = fold(LEAD, _patches(*told), stored, marks)
    assert folded.rows.schema == pl.Schema(LEAD.schema)
    return folded.rows.row(0, named=True) if folded.rows.height else None


def test_only_the_columns_that_are_said_change() -> None:
    row = _row(_stored(1, status="New", grade="A"), NONE, (2, {"status": "Called"}))
    assert (row["status"], row["grade"], row["updated_at"]) == ("Called", "A", _at(2))


def test_an_older_patch_still_tells_of_a_column_that_nobody_told_of_since() -> None:
    first = fold(LEAD, _patches((5, {"owner_id": "x"})), _stored(1, status="New"), NONE)
    row = _row(first.rows, first.marks.filter(pl.col(MARKS).is_not_null()), (3, {"status": "Called", "owner_id": "y"}))
    assert (row["status"], row["owner_id"], row["updated_at"]) == ("Called", "x", _at(5))


def test_a_row_that_changes_though_it_is_no_newer_is_learnt_later_than_the_stored_one() -> None:
    first = fold(LEAD, _patches((5, {"owner_id": "x"})), _stored(1), NONE)
    row = _row(first.rows, first.marks.filter(pl.col(MARKS).is_not_null()), (3, {"status": "Called"}))
    assert row["seen_at"] > first.rows["seen_at"][0]


def test_a_row_written_whole_since_is_newer_than_every_earlier_patch() -> None:
    first = fold(LEAD, _patches((5, {"owner_id": "x"})), _stored(1), NONE)
    imported = _stored(9, owner_id="z", status="Done")
    assert (
        _row(imported, first.marks.filter(pl.col(MARKS).is_not_null()), (6, {"owner_id": "y", "status": "Called"}))
        is None
    )
    assert _row(imported, first.marks.filter(pl.col(MARKS).is_not_null()), (6, {"grade": "B"}))["grade"] == "B"


def test_a_row_of_unknown_age_gives_way_to_every_patch() -> None:
    assert _row(_stored(None, status="New"), NONE, (2, {"status": "Called"}))["status"] == "Called"


def test_null_empties_a_column_and_loses_to_a_value_of_the_same_instant() -> None:
    assert _row(_stored(1, owner_id="x"), NONE, (2, {"owner_id": None}))["owner_id"] is None
    assert _row(_stored(1, owner_id="x"), NONE, (2, {"owner_id": None}), (2, {"owner_id": "y"}))["owner_id"] == "y"


def test_the_same_again_writes_nothing() -> None:
    assert _row(_stored(2, status="Called"), NONE, (2, {"status": "Called"})) is None


def test_a_record_that_nobody_told_of_waits_with_what_it_lacks() -> None:
    folded = fold(LEAD, _patches((2, {"status": "Called"})), _stored(1).clear(), NONE)
    assert folded.rows.is_empty()
    assert folded.waiting[KEY].lacking == ("created_at",)
    assert folded.waiting[KEY].rows == (0,)
