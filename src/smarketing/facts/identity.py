"""Follow merges to the end: which record goes on for one that was merged, deduplicated or converted."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

ENDS = {"src": pl.String(), "from_id": pl.String(), "to_id": pl.String(), "is_cycle": pl.Boolean()}


def ends(steps: pl.DataFrame) -> pl.DataFrame:
    """The last record of every chain.

    Takes    steps  one row per step: src, from_id, to_id; of several for one from_id the first counts
    Returns  one row per (src, from_id), sorted: to_id is where the chain ends (`ENDS`)
    Null     nothing; a record whose chain runs in a circle ends at itself, with is_cycle true
    """
    known = (
        steps.select("src", "from_id", "to_id")
        .drop_nulls()
        .unique(["src", "from_id"], keep="first", maintain_order=True)
    )
    known = known.sort("src", "from_id")
    if known.is_empty():
        return pl.DataFrame(schema=ENDS)
    ids = pl.concat([known.select("src", id="from_id"), known.select("src", id="to_id")]).unique().sort("src", "id")
    numbered = ids.with_row_index("n")
    start = _numbers(known, numbered, "from_id")
    step = np.arange(numbered.height)
    step[start] = _numbers(known, numbered, "to_id")
    end = _last(step)
    is_cycle = step[end[start]] != end[start]
    to_id = numbered["id"].gather(np.where(is_cycle, start, end[start]))
    return known.with_columns(to_id.alias("to_id"), pl.Series("is_cycle", is_cycle))


def _numbers(steps: pl.DataFrame, numbered: pl.DataFrame, column: str) -> NDArray[np.int64]:
    found = steps.join(numbered, left_on=["src", column], right_on=["src", "id"], how="left", maintain_order="left")
    return found["n"].cast(pl.Int64).to_numpy()


def _last(step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Doubles its stride until it has gone further than any chain without a circle can be long."""
    end, stride = step, 1
    while stride < len(step):
        further = end[end]
        if np.array_equal(further, end):
            break
        end, stride = further, stride * 2
    return end
