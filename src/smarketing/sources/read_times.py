"""Instants and days of a column in the zone, formats and habits that a profile names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from smarketing.facts.local_clock import local_clock
from smarketing.facts.local_time import instants as parsed_instants
from smarketing.terms.offsets import DAY_US


@dataclass(frozen=True, slots=True)
class Style:
    """How the local times of one column are to be read."""

    zone: str = ""
    format: tuple[str, ...] = ()
    twice: Literal["earlier", "later", "reject"] = "earlier"
    gap: Literal["reject", "later"] = "reject"
    day: Literal["start", "end"] = "start"
    is_day: bool = False  # times of day mean nothing in this column


@dataclass(frozen=True, slots=True)
class Times:
    """Instants with their precision and, where a cell could not be read, a key of rejection.REASONS.

    `n_twice` counts local times that came twice and were read as the style says.
    """

    values: pl.Series
    precisions: pl.Series
    reasons: pl.Series
    n_twice: int = 0


def instants(texts: pl.Series, style: Style) -> Times:
    """The instant behind each cell; a date alone is the first or last instant of its local day."""
    gap: Literal["reject", "gap_end"] = "reject" if style.gap == "reject" else "gap_end"
    zone = style.zone or "UTC"
    parsed = parsed_instants(texts, zone=zone, formats=style.format, gap=gap, fold=style.twice)
    reasons = _named(parsed.reason)
    values = parsed.at
    if not style.zone:
        # Without a zone only times that name their offset mean something: those are the same in any zone.
        elsewhere = parsed_instants(texts, zone="Etc/GMT+12", formats=style.format).at
        is_local = (elsewhere != values).fill_null(value=False)
        reasons = pl.select(pl.when(is_local).then(pl.lit("no_zone")).otherwise(reasons)).to_series()
        values = pl.select(pl.when(~is_local).then(values)).to_series()
    if style.day == "end" or style.is_day:
        is_day = (parsed.precision == "day").fill_null(value=False) | style.is_day
        edges = _edges_of_days(values, zone, is_end=style.day == "end")
        values = pl.select(pl.when(is_day & values.is_not_null()).then(edges).otherwise(values)).to_series()
    return Times(values, parsed.precision, reasons, int(parsed.is_folded.sum()))


def _edges_of_days(at: pl.Series, zone: str, *, is_end: bool) -> pl.Series:
    """The first or last microsecond of the local day in which each instant lies."""
    clock = local_clock(zone)
    micros = at.cast(pl.Int64).fill_null(0).to_numpy()
    midnight = clock.reading(micros) // DAY_US * DAY_US
    edge = clock.reached(midnight + DAY_US) - 1 if is_end else clock.reached(midnight)
    return pl.Series(edge).cast(pl.Datetime("us", "UTC"))


def days(texts: pl.Series, style: Style) -> tuple[pl.Series, pl.Series]:
    """The local date of each cell (pl.Date), and the reasons; a time with an offset is read on the zone's clock."""
    times = instants(texts, Style(style.zone or "UTC", style.format, "earlier", "later"))
    micros = times.values.cast(pl.Int64).fill_null(0).to_numpy()
    local = (local_clock(style.zone or "UTC").reading(micros) // DAY_US).astype(np.int32)
    dates = pl.select(pl.when(times.values.is_not_null()).then(pl.Series(local).cast(pl.Date))).to_series()
    return dates, times.reasons


def _named(reasons: pl.Series) -> pl.Series:
    return pl.select(pl.when(reasons.is_not_null()).then(pl.concat_str(pl.lit("time_"), reasons))).to_series()
