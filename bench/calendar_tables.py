"""The compiled calendars as two tables that a SQL or data-frame peer can join."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.company import BEGIN, DAY, NOW, company
from smarketing.engine.segments import segments

FIRST_YEAR, UNTIL_YEAR = 2023, 2030
ORIGIN = BEGIN - 400 * DAY


def open_stretches() -> pl.DataFrame:
    """calendar, opens, closes, before: open microseconds before this stretch; one stretch of length 0 leads."""
    frames = []
    for number, calendar in enumerate(company().agreement.calendars):
        stretch = segments(calendar, FIRST_YEAR, UNTIL_YEAR)
        opens = np.append(ORIGIN, stretch.starts[stretch.starts > ORIGIN])
        closes = np.append(ORIGIN, stretch.ends[stretch.starts > ORIGIN])
        before = np.append(0, np.cumsum(closes - opens)[:-1])
        frames.append(
            pl.DataFrame({"calendar": np.full(len(opens), number), "opens": opens, "closes": closes, "before": before})
        )
    return pl.concat(frames).with_columns(pl.col("calendar").cast(pl.Int16)).sort("calendar", "opens")


def working_days() -> pl.DataFrame:
    """calendar, day (counted from 0), begins, closing."""
    frames = []
    for number, calendar in enumerate(company().agreement.calendars):
        stretch = segments(calendar, FIRST_YEAR, UNTIL_YEAR)
        frames.append(
            pl.DataFrame(
                {
                    "calendar": np.full(len(stretch.closings), number),
                    "day": np.arange(len(stretch.closings)),
                    "begins": stretch.day_starts,
                    "closing": stretch.closings,
                }
            )
        )
    return pl.concat(frames).with_columns(pl.col("calendar").cast(pl.Int16)).sort("calendar", "begins")


assert NOW < (UNTIL_YEAR - 1971) * 365 * DAY
