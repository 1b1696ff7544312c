"""Waivers over a table of clocks: the same rows change as on a scorecard, so that a list and its number agree."""

from __future__ import annotations

import polars as pl

from smarketing.engine.clocks import WAIVED
from smarketing.ledger.clock_frames import verdict
from smarketing.ledger.replica import Replica
from smarketing.scorecard.waived import DUE, MET, STARTED, WaivedWindow, Waivers
from smarketing.terms.instants import micros

KEY = ("commitment", "number", "episode")


def with_waivers(clocks: pl.LazyFrame, waivers: Waivers, replica: Replica, now: int) -> pl.LazyFrame:
    """The clocks as they count with the waivers: void, or stopped in time where they are to count as met.

    Takes clocks  as ledger.clock_frames.clock_schema, names of commitments as text or Enum
          now     microseconds UTC: what was kept by then needs no waiver
    """
    if not waivers:
        return clocks
    found = clocks.with_columns(pl.col("commitment").cast(pl.String()).alias("_commitment"))
    found = found.join(_ones(waivers, replica), left_on=["_commitment", *KEY[1:]], right_on=list(KEY), how="left")
    is_open = pl.col("void") == 0
    is_kept = pl.col("_spares") & (verdict(now) == MET)
    is_one = pl.col("_is_met").is_not_null() & is_open & ~is_kept
    is_met = (is_one & pl.col("_is_met")).fill_null(value=False)
    is_void = (is_one & ~pl.col("_is_met")).fill_null(value=False)
    windows = [_is_within(window, replica) for window in waivers.windows]
    is_hour = is_open & ~is_met & pl.any_horizontal(*windows) if windows else pl.lit(value=False)
    stop = pl.when(is_met).then(pl.min_horizontal("stop_at", "due_at", pl.lit(now))).otherwise("stop_at")
    void = pl.when(is_void | is_hour).then(pl.lit(WAIVED, pl.UInt8())).otherwise("void")
    return found.with_columns(stop.alias("stop_at"), void.alias("void")).drop("_commitment", "_is_met", "_spares")


def _ones(waivers: Waivers, replica: Replica) -> pl.LazyFrame:
    numbers = replica.numbers_of([(each.src, each.lead_id) for each in waivers.ones])
    rows = [
        (each.commitment, number, each.episode, each.becomes == MET, each.spares_met)
        for each, number in zip(waivers.ones, numbers, strict=True)
        if number >= 0
    ]
    schema = {
        "commitment": pl.String(),
        "number": pl.Int64(),
        "episode": pl.Int32(),
        "_is_met": pl.Boolean(),
        "_spares": pl.Boolean(),
    }
    return pl.LazyFrame(rows, schema=schema, orient="row").unique(list(KEY), keep="first", maintain_order=True)


def _is_within(window: WaivedWindow, replica: Replica) -> pl.Expr:
    book = replica.codebook
    start, end = (micros(at) for at in (window.from_at, window.until_at))
    started = (pl.col("start_at") >= start) & (pl.col("start_at") < end)
    due = (pl.col("due_at") >= start) & (pl.col("due_at") < end)
    within = {STARTED: started, DUE: due}.get(window.basis, started | due)
    within &= pl.col("_commitment").is_in(list(window.commitments))
    if window.sources:
        within &= pl.col("source").is_in([code for code, name in enumerate(book.sources) if name in window.sources])
    if window.teams:
        teams = [book.teams[team] if team >= 0 else "" for team in book.team_of.tolist()]
        within &= pl.col("owner").is_in([code for code, name in enumerate(teams) if name in window.teams])
    return within
