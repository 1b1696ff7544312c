"""A step seen twice: what a snapshot noticed late and the history then told exactly.

A snapshot_diff row knows only the latest possible instant. Once an exact row tells the same step (same entity, field
and value, at or before that instant, with no other value in between), the snapshot's row says nothing more. Both stay
in the facts; readers leave the superseded one out.
"""

from __future__ import annotations

import polars as pl

STEP = ("src", "entity", "entity_id", "field")
KEY = ("src", "change_id")
SNAPSHOT = "snapshot_diff"


def superseded(changes: pl.LazyFrame) -> pl.LazyFrame:
    """The keys of superseded rows of the stage_change table: src, change_id."""
    is_snapshot = pl.col("origin").eq_missing(pl.lit(SNAPSHOT))
    seen_by_snapshot = changes.filter(is_snapshot).select(STEP).unique()
    steps = changes.select(*STEP, "change_id", "to_value", "changed_at", is_snapshot.alias("is_snapshot")).join(
        seen_by_snapshot, on=STEP, how="semi"
    )
    ordered = steps.sort(*STEP, "changed_at", "is_snapshot", "to_value", "change_id")
    is_new_value = ~pl.col("to_value").eq_missing(pl.col("to_value").shift()).over(STEP)
    runs = ordered.with_columns(is_new_value.fill_null(value=True).cum_sum().over(STEP).alias("run"))
    told = (~pl.col("is_snapshot")).cum_max().over([*STEP, "run"])
    return runs.filter(pl.col("is_snapshot") & told).select(KEY)


def without_superseded(changes: pl.LazyFrame) -> pl.LazyFrame:
    """The stage_change rows that still say something."""
    return changes.join(superseded(changes), on=KEY, how="anti")
