"""A peer: the whole card as one expert lazy Polars plan on the flat files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from bench.calendar_tables import open_stretches, working_days
from bench.company import CALENDARS, NOW, REPS, TEAMS

HOUR = 3_600_000_000
RESPOND, DISPOSE, DAYS = (1, 4, 16), (16, 24, 40), (5, 10, 15)
ASOF: dict[str, Any] = {"by": "calendar", "check_sortedness": False}


def by_tier(values: tuple[int, ...], unit: int) -> pl.Expr:
    return pl.col("grade").replace_strict({k: value * unit for k, value in enumerate(values)}, return_dtype=pl.Int64)


def positions(frame: pl.LazyFrame, column: str, stretches: pl.LazyFrame) -> pl.LazyFrame:
    """`frame` with `<column>_placed`: open microseconds up to the instants of `column`."""
    placed = pl.col("before") + (pl.min_horizontal(column, "closes") - pl.col("opens"))
    return (
        frame.sort(column)
        .join_asof(stretches.sort("opens"), left_on=column, right_on="opens", coalesce=False, **ASOF)
        .with_columns(placed.alias(f"{column}_placed"))
        .drop("opens", "closes", "before")
    )


def due(frame: pl.LazyFrame, name: str, amount: pl.Expr, stretches: pl.LazyFrame) -> pl.LazyFrame:
    return (
        frame.with_columns((pl.col("start_placed") + amount - 1).alias("reaches"))
        .sort("reaches")
        .join_asof(stretches.sort("before"), left_on="reaches", right_on="before", coalesce=False, **ASOF)
        .with_columns((pl.col("opens") + pl.col("reaches") + 1 - pl.col("before")).alias(name))
        .drop("reaches", "opens", "closes", "before")
    )


def verdict(stop: str, due_at: str) -> pl.Expr:
    late = pl.when(pl.col(due_at) < NOW).then(1).otherwise(2)
    met = pl.when((pl.col(stop) <= pl.col(due_at)).fill_null(False)).then(0).otherwise(late)
    return pl.when(pl.col("void") > 0).then(3).otherwise(met).cast(pl.Int8)


def clocks(folder: Path) -> pl.LazyFrame:
    flat = {name: pl.scan_parquet(folder / "flat" / f"{name}.parquet") for name in ("leads", "touches", "stages")}
    stretches, days = open_stretches().lazy(), working_days().lazy()
    stages = flat["stages"].select("lead", pl.col("at").cast(pl.Int64), "stage")
    starts = stages.filter(pl.col("stage") == 1).group_by("lead").agg(pl.col("at").min().alias("start"))
    base = flat["leads"].select("lead", "owner", "grade", "void").join(starts, on="lead")
    base = base.filter(pl.col("start") <= NOW).with_columns(
        (pl.col("owner") % CALENDARS).cast(pl.Int16).alias("calendar")
    )
    base = positions(base, "start", stretches)
    base = due(base, "respond_due", by_tier(RESPOND, HOUR), stretches)
    base = due(base, "dispose_due", by_tier(DISPOSE, HOUR), stretches)
    base = (
        base.sort("start")
        .join_asof(days.select("calendar", "day", "begins"), left_on="start", right_on="begins", **ASOF)
        .with_columns((pl.col("day").fill_null(-1) + by_tier(DAYS, 1)).alias("day"))
        .join(days.select("calendar", "day", "closing"), on=["calendar", "day"])
        .rename({"closing": "window_end"})
    )
    key = base.select("lead", "start", "window_end")
    calls = flat["touches"].with_columns(pl.col("at").cast(pl.Int64)).join(key, on="lead")
    calls = calls.filter(pl.col("at").is_between(pl.col("start"), NOW))
    counts, reaches = (pl.col("flags") & 7) == 7, (pl.col("flags") & 24) > 0
    reached = calls.group_by("lead").agg(
        pl.col("at").filter(counts).min().alias("touched"), pl.col("at").filter(reaches).min().alias("connected")
    )
    limit = pl.min_horizontal("window_end", pl.col("connected").fill_null(NOW))
    counted = (
        calls.filter(counts)
        .join(reached, on="lead")
        .filter(pl.col("at") <= limit)
        .group_by("lead")
        .agg(pl.len().alias("n"))
    )
    answers = stages.filter(pl.col("stage").is_between(2, 6)).join(key, on="lead")
    answers = answers.filter(pl.col("at").is_between(pl.col("start"), NOW)).group_by("lead")
    frame = base.join(reached, on="lead", how="left").join(counted, on="lead", how="left")
    frame = frame.join(answers.agg(pl.col("at").min().alias("answered")), on="lead", how="left")
    for column in ("touched", "answered"):
        frame = positions(frame, column, stretches)
    n = pl.col("n").fill_null(0)
    is_connected = (pl.col("connected") <= pl.col("window_end")).fill_null(False)
    late = pl.when(pl.col("window_end") < NOW).then(1).otherwise(2)
    return frame.select(
        pl.col("start").cast(pl.Datetime("us")).dt.date().alias("day"),
        pl.col("owner").alias("rep"),
        (pl.col("owner") // (REPS // TEAMS)).alias("team"),
        pl.col("grade").alias("tier"),
        (pl.col("touched_placed") - pl.col("start_placed")).alias("respond_elapsed"),
        (pl.col("answered_placed") - pl.col("start_placed")).alias("dispose_elapsed"),
        verdict("touched", "respond_due").alias("respond"),
        verdict("answered", "dispose_due").alias("dispose"),
        pl.when(pl.col("void") > 0).then(3).when(is_connected | (n >= 5)).then(0).otherwise(late).alias("attempts"),
        n.alias("n"),
        (~is_connected & (pl.col("window_end") < NOW) & (pl.col("void") == 0)).alias("in_depth"),
        (pl.col("void") == 0).alias("counts"),
    )


def cube(frame: pl.DataFrame, period: str, group: str) -> pl.DataFrame:
    truncated = {
        "day": pl.col("day"),
        "week": pl.col("day").dt.truncate("1w"),
        "month": pl.col("day").dt.truncate("1mo"),
    }
    verdicts = [
        (pl.col(name) == value).sum().alias(f"{name}_{value}")
        for name in ("respond", "dispose", "attempts")
        for value in range(4)
    ]
    times = [
        expression.alias(f"{name}_{what}")
        for name in ("respond", "dispose")
        for what, expression in (
            ("mean", pl.col(f"{name}_elapsed").filter("counts").mean()),
            ("median", pl.col(f"{name}_elapsed").filter("counts").median()),
            ("p90", pl.col(f"{name}_elapsed").filter("counts").quantile(0.9, "linear")),
        )
    ]
    depth = pl.col("n").filter("in_depth").mean().alias("depth")
    return frame.lazy().group_by(truncated[period].alias("period"), group).agg(*verdicts, *times, depth).collect()


def card(folder: Path) -> dict[str, Any]:
    """Nine cubes with exact quantiles, funnel, revenue and waterfall."""
    frame = clocks(folder).collect()
    cubes = {(p, g): cube(frame, p, g) for p in ("day", "week", "month") for g in ("rep", "team", "tier")}
    flat = {name: pl.scan_parquet(folder / "flat" / f"{name}.parquet") for name in ("leads", "stages", "deals")}
    month = pl.col("created_at").dt.truncate("1mo")
    sources = flat["leads"].select("lead", "source", month.alias("month"))
    now = pl.lit(NOW).cast(pl.Datetime("us"))
    reached = flat["stages"].filter(pl.col("at") <= now).unique(["lead", "stage"]).join(sources, on="lead")
    funnel = reached.group_by("month", "source", "stage").len()
    won = flat["deals"].filter((pl.col("status") == 1) & (pl.col("closed_at") <= now)).join(sources, on="lead")
    revenue = won.group_by(pl.col("closed_at").dt.truncate("1mo"), "source").agg(pl.col("amount").sum())
    daily = frame.lazy().group_by("day").len().sort("day")
    waterfall = daily.with_columns(pl.col("len").cum_sum().over(pl.col("day").dt.truncate("1mo")))
    pl.collect_all([funnel, revenue, waterfall])
    days = cubes["day", "tier"]
    verdicts = [int(days[f"{name}_{value}"].sum()) for name in ("respond", "dispose", "attempts") for value in range(4)]
    return {"n_cells": sum(len(frame) for frame in cubes.values()), "verdicts": verdicts}
