"""Every broken rule of a table is found, and only those."""

from __future__ import annotations

import polars as pl
import pytest
from tests.fact_rows import rows

from smarketing.facts.checks import ISSUES, issues
from smarketing.facts.frames import completed, conforming, empty, table_named
from smarketing.facts.schema import LEAD, POLARS, TABLES, TOUCH, Table
from smarketing.terms.errors import FactsError


def codes(frame: pl.DataFrame, table: Table = TOUCH) -> list[tuple[object, ...]]:
    return issues(frame, table).select("row", "column", "code", "value").rows()


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_an_empty_frame_of_every_table_is_in_order(table: Table) -> None:
    assert issues(empty(table), table).is_empty()


def test_a_frame_in_order_has_no_issues() -> None:
    assert codes(rows("touch", {"touch_id": "t1"})) == []


def test_an_optional_column_may_be_left_out_or_hold_nothing() -> None:
    frame = rows("touch", {"touch_id": "t1"}).drop("campaign").with_columns(pl.lit(None).alias("outcome"))
    assert codes(frame) == []


def test_a_required_column_may_not_be_left_out() -> None:
    assert codes(rows("touch", {"touch_id": "t1"}).drop("kind")) == [(None, "kind", "missing_column", "")]


def test_a_column_that_the_table_does_not_have_is_named() -> None:
    frame = rows("touch", {"touch_id": "t1"}).with_columns(colour=pl.lit("red"))
    assert codes(frame) == [(None, "colour", "unknown_column", "")]


def test_a_dtype_must_be_the_table_s() -> None:
    frame = rows("touch", {"touch_id": "t1"}).with_columns(pl.col("duration_s").cast(pl.Float64))
    assert codes(frame) == [(None, "duration_s", "wrong_dtype", "Float64")]


def test_an_instant_without_a_zone_is_a_wrong_dtype() -> None:
    frame = rows("touch", {"touch_id": "t1"}).with_columns(pl.col("occurred_at").dt.replace_time_zone(None))
    assert [code for _, _, code, _ in codes(frame)] == ["wrong_dtype"]


def test_a_required_value_may_be_neither_null_nor_blank() -> None:
    frame = rows("touch", {"touch_id": "t1"}, {"touch_id": None}, {"touch_id": "  "})
    assert codes(frame) == [(1, "touch_id", "missing_value", None), (2, "touch_id", "missing_value", "  ")]


def test_a_value_outside_the_list_is_shown() -> None:
    frame = rows("touch", {"touch_id": "t1"}, {"touch_id": "t2", "kind": "pigeon"})
    assert codes(frame) == [(1, "kind", "unknown_value", "pigeon")]


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_any_frame_at_all_is_answered_not_refused(table: Table) -> None:
    strange = pl.DataFrame({column.name: pl.Series([[1, 2]], dtype=pl.List(pl.Int64)) for column in table.columns})
    found = issues(strange, table)
    assert found.schema == ISSUES
    assert set(found["code"]) == {"wrong_dtype"}


def test_a_completed_frame_has_every_column_in_order() -> None:
    frame = completed(pl.DataFrame({"lead_id": ["ana"], "src": ["crm"]}), LEAD)
    assert frame.schema == LEAD.schema
    assert frame["owner_id"].to_list() == [None]


def test_a_frame_that_breaks_a_rule_is_refused_with_the_row_and_the_rule() -> None:
    with pytest.raises(FactsError) as refusal:
        conforming(rows("touch", {"touch_id": "t1"}, {"touch_id": "t2", "direction": "up"}), TOUCH)
    assert str(refusal.value).startswith("touch.direction, row 2: direction must be one of out, in, internal")


def test_there_is_no_table_by_another_name() -> None:
    with pytest.raises(FactsError, match="Choose one of source, owner, lead"):
        table_named("contacts")


def test_every_column_has_a_dtype_that_frames_know() -> None:
    assert {column.dtype for table in TABLES.values() for column in table.columns} <= set(POLARS)


def test_a_table_knows_its_columns_by_name() -> None:
    assert LEAD.column("grade").meaning == "quality grade at the source"
    with pytest.raises(KeyError, match="lead has no column colour"):
        LEAD.column("colour")
