"""The order of a list of leads: rows come by lead, and a page of another order is found without sorting them all."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

NAMES = ("owner_name", "source", "lifecycle")  # few names stand in many rows
FEW = 4  # a page in the first quarter of the list is looked for, one further down is sorted for


def in_lead_order(rows: pl.DataFrame) -> pl.DataFrame:
    """By number, then episode where there is one; rows that agree in both keep their order."""
    keys = [name for name in ("number", "episode") if name in rows.columns]
    step = np.diff(rows["number"].to_numpy())
    is_so = step >= 0
    if "episode" in keys:
        is_so = (step > 0) | ((step == 0) & (np.diff(rows["episode"].to_numpy()) >= 0))
    return rows if is_so.all() else rows.sort(keys, maintain_order=True)


def n_leads(numbers: pl.Series) -> int:
    """Different leads among rows that come by lead."""
    return int(np.count_nonzero(np.diff(numbers.to_numpy()))) + bool(len(numbers))


def of_leads(rows: pl.DataFrame, leads: pl.DataFrame, n: int) -> pl.DataFrame:
    """The rows that are about one of `leads`, with what `leads` say besides; both come by number, which is below n."""
    if leads.height < n:
        rows = rows.filter(is_among(rows["number"], leads["number"], n))
    more = [name for name in leads.columns if name not in rows.columns]
    if not more:
        return rows
    place = np.zeros(n, np.int64)
    place[leads["number"].to_numpy()] = np.arange(leads.height)
    at = pl.Series(place[rows["number"].to_numpy()])
    return rows.with_columns(leads[name].gather(at) for name in more)


def is_among(numbers: pl.Series, wanted: pl.Series, n: int) -> pl.Series:
    """Whether each number, all of them below n, is one of the wanted."""
    is_wanted = np.zeros(n, np.bool_)
    is_wanted[wanted.to_numpy()] = True
    return pl.Series(is_wanted[numbers.to_numpy()])


def with_ranks(leads: pl.DataFrame, key: str) -> pl.DataFrame:
    """Names that the list is ordered by become their places among all names: numbers are compared sooner."""
    if key not in NAMES or key not in leads.columns:
        return leads
    names = leads[key].unique().drop_nulls().sort()
    return leads.with_columns(leads[key].cast(pl.Enum(names)).to_physical().alias(key))


def in_order(rows: pl.DataFrame, key: str, *, is_down: bool) -> pl.DataFrame:
    """Rows that come by lead, ordered by the key; where it says the same, they stay as they were."""
    if rows[key].null_count() == rows.height:
        return rows
    return rows.sort(key, descending=is_down, nulls_last=True, maintain_order=True)


def page_of(rows: pl.DataFrame, key: str, first: int, size: int, *, is_down: bool) -> pl.DataFrame:
    """The rows from `first` on that in_order gives: only those are ordered that could be among them."""
    values, until = rows[key], first + size
    if until * FEW > len(values) - values.null_count():
        return in_order(rows, key, is_down=is_down).slice(first, size)
    limit = (values.top_k(until).min() if is_down else values.bottom_k(until).max()) if until else None
    near = rows.filter(values >= limit if is_down else values <= limit)
    return in_order(near, key, is_down=is_down).slice(first, size)


def most_urgent(clocks: pl.DataFrame) -> pl.DataFrame:
    """Of clocks that come by lead the one of each lead that is due first."""
    if clocks.is_empty():
        return clocks
    number, due_at = clocks["number"].to_numpy(), clocks["due_at"].to_numpy()
    begins: NDArray[np.intp] = np.flatnonzero(np.diff(number, prepend=number[0] - 1))
    lengths = np.diff(begins, append=len(number))
    rows = np.flatnonzero(due_at == np.repeat(np.minimum.reduceat(due_at, begins), lengths))
    found: pl.DataFrame = clocks[rows[np.diff(number[rows], prepend=number[0] - 1) != 0]]
    return found
