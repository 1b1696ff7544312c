"""Chunks on their way in come out as they went in, whatever their columns have in common."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal
from tests.fact_rows import rows

from smarketing.ledger.staging import TAG, Staging

ROW = "row"


def staged(place: Path, *chunks: pl.DataFrame) -> pl.DataFrame:
    staging = Staging(place)
    for chunk in chunks:
        staging.add("spend", chunk.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)), 0, ROW)
    return staging.facts("spend").drop(TAG)


def spent(**columns: object) -> pl.DataFrame:
    return rows("spend", {"spend_id": "one", **columns}, {"spend_id": "two", **columns})


def test_what_all_chunks_say_alike_and_what_only_one_does(tmp_path: Path) -> None:
    chunks = [spent(channel="web"), spent(channel="web", campaign="late"), spent(channel="web")]
    assert_frame_equal(staged(tmp_path, *chunks), pl.concat(chunks))


def test_one_row_alone(tmp_path: Path) -> None:
    chunk = rows("spend", {"spend_id": "only", "channel": "web"})
    assert_frame_equal(staged(tmp_path, chunk), chunk)


def test_zero_keeps_its_sign(tmp_path: Path) -> None:
    chunks = [rows("delivery", {"delivery_id": "one", "quantity": quantity}) for quantity in (0.0, -0.0)]
    staging = Staging(tmp_path)
    for number, chunk in enumerate(chunks):
        staging.add("delivery", chunk.with_columns(pl.lit(number).alias(ROW)), 0, ROW)
    assert [str(quantity) for quantity in staging.facts("delivery")["quantity"]] == ["0.0", "-0.0"]
