"""What becomes of the moments of clocks when facts or terms change: written, moved, armed again, stood down, held."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from smarketing.ledger.clock_moments import SCHEMA
from smarketing.ledger.running_clocks import KEY
from smarketing.records.models.notices import MomentState

RULE = (*KEY, "rule")
ROW = {**SCHEMA, "level": pl.Int64(), "arming": pl.Int64(), "state": pl.String(), "why": pl.String()}
NOTHING = pl.DataFrame(schema=ROW)
NOTHING_HELD = pl.DataFrame(schema={"agreement": pl.String, "rule": pl.String, "day": pl.Date, "n": pl.UInt32})
MOVED_LATER, OVER, CHANGED = "moved_later", "over", "changed"
WAITING, RAISED, STOOD_DOWN = (
    str(state) for state in (MomentState.WAITING, MomentState.RAISED, MomentState.STOOD_DOWN)
)


class Changes(NamedTuple):
    """`rows` are written over those of the same arming; `n_held` counts by agreement, rule and day what is too old."""

    rows: pl.DataFrame
    n_held: pl.DataFrame


def changes(made: pl.DataFrame, stored: pl.DataFrame, known: pl.DataFrame, *, now: int, oldest: int) -> Changes:
    """What to write so that what is stored says what was made.

    A rule that has spoken speaks again only for a deadline that moved to an instant still ahead. What stood down and is
    due again waits again, for it has not spoken. A moment from before `oldest` of a clock that nobody knew is held.

    Takes    made    the moments as they are now, columns as ledger.clock_moments.SCHEMA
             stored  those of the same clocks in the database, columns as ROW, any armings
             known   clocks (KEY) that were known before
    """
    if made.is_empty() and stored.is_empty():
        return Changes(NOTHING, NOTHING_HELD)
    latest = stored.sort("arming").unique([*RULE, "level"], keep="last", maintain_order=True)
    first = latest.filter(pl.col("level") == 0).drop("level", "occasion", "why")
    both = made.join(first, on=RULE, how="left", suffix="_was", maintain_order="left")
    is_new, is_old = pl.col("state").is_null(), pl.col("at") < oldest
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_was") for name in ("at", "due_at", "version"))
    is_again = (pl.col("state") == RAISED) & (pl.col("at") > pl.col("at_was")) & (pl.col("at") > now)
    again = both.filter(is_again)
    rows = [
        _rows(both.filter(is_new & ~is_old), pl.lit(1), WAITING),
        _rows(both.filter((pl.col("state") == WAITING) & differs), pl.col("arming"), WAITING),
        _rows(both.filter((pl.col("state") == STOOD_DOWN) & ~is_old), pl.col("arming"), WAITING),
        _rows(again, pl.col("arming") + 1, WAITING, MOVED_LATER),
        *_over(latest.filter(pl.col("state") == WAITING), made, again),
    ]
    return Changes(pl.concat(rows), _held(both.filter(is_new & is_old), known))


def _over(waiting: pl.DataFrame, made: pl.DataFrame, again: pl.DataFrame) -> list[pl.DataFrame]:
    """What waits for a clock that has stopped, a rule that is gone, or a step of a ladder that begins anew."""
    if waiting.is_empty():
        return []
    gone = waiting.join(made, on=RULE, how="anti")
    steps = waiting.filter(pl.col("level") > 0).join(again, on=RULE, how="semi")
    stopped, running = gone.join(made, on=KEY, how="anti"), gone.join(made, on=KEY, how="semi")
    arming = pl.col("arming")
    return [
        _rows(stopped, arming, STOOD_DOWN, OVER),
        _rows(running, arming, STOOD_DOWN, CHANGED),
        _rows(steps, arming, STOOD_DOWN, MOVED_LATER),
    ]


def _rows(rows: pl.DataFrame, arming: pl.Expr, state: str, why: str = "") -> pl.DataFrame:
    if rows.is_empty():
        return NOTHING
    level = pl.col("level") if "level" in rows.columns else pl.lit(0)
    told = {"level": level, "arming": arming, "state": pl.lit(state), "why": pl.lit(why)}
    return rows.with_columns(**told).select(list(ROW)).cast(ROW)  # type: ignore[arg-type]


def _held(old: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """agreement, rule, day, n."""
    if old.is_empty():
        return NOTHING_HELD
    unknown = old.join(known, on=KEY, how="anti")
    day = pl.from_epoch("at", "us").dt.date().alias("day")
    return unknown.group_by("agreement", "rule", day).agg(pl.len().alias("n")).sort("agreement", "rule", "day")
