"""Columns that a row takes from another file of the same export, by equal values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from smarketing.sources.conditions import holds
from smarketing.sources.headers import Headers
from smarketing.sources.profile import Lookup
from smarketing.sources.read_cells import PIECE

KEY = "\x00key"


def looked_up_names(lookup: Lookup) -> list[str]:
    """What the columns are called on this side: the other file's name before each."""
    return [f"{lookup.file}.{name}" for name in lookup.columns]


def with_lookups(
    frame: pl.DataFrame, lookups: Sequence[Lookup], files: Mapping[str, pl.DataFrame], headers: Headers
) -> pl.DataFrame:
    """The rows of `frame` with what they look up; null where the file, the column or the value is not there.

    With `many: rows` a row comes once for every match, its PIECE telling the copies apart; otherwise the match that
    sorts first is taken, whatever the order of the other file.
    """
    for lookup in lookups:
        there = _found(lookup, files.get(lookup.file))
        here = [headers.find(name) for name in lookup.on]
        if there is None or None in here:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in looked_up_names(lookup))
            continue
        keys = [name for name in there.columns if name.startswith(KEY)]
        left = [str(name) for name in here]
        frame = frame.join(there, left_on=left, right_on=keys, how="left", maintain_order="left_right")
        if lookup.many == "rows":
            pieces = pl.concat_str(looked_up_names(lookup), separator="~", ignore_nulls=True)
            frame = frame.with_columns(pl.when(pieces != "").then(pieces).alias(PIECE))
    return frame


def _found(lookup: Lookup, there: pl.DataFrame | None) -> pl.DataFrame | None:
    """The other file as keys and wanted columns, each row once and in an order of its own."""
    if there is None:
        return None
    headers = Headers(there.columns, lookup.file)
    keys = [headers.find(name) for name in lookup.on.values()]
    wanted = [headers.find(name) for name in lookup.columns]
    if None in keys or None in wanted:
        return None
    named = dict(zip(looked_up_names(lookup), wanted, strict=True))
    rows = there.filter(holds(lookup.when, headers)).select(
        *[pl.col(str(key)).alias(f"{KEY}{n}") for n, key in enumerate(keys)],
        *[pl.col(str(name)).alias(alias) for alias, name in named.items()],
    )
    rows = rows.unique().sort(pl.all())
    if lookup.many == "rows":
        return rows
    return rows.unique([name for name in rows.columns if name.startswith(KEY)], keep="first", maintain_order=True)
