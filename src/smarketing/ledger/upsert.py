"""New rows meet stored ones: which win, which are the same again, which come too late.

A row is found by its table's `key`. Among rows of one key the greatest `order` wins, null before everything; where
that ties, the greater content wins, so that the answer never depends on which row came first. Content is every
column but `seen_at`: the same content learnt again is a duplicate and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from smarketing.facts.schema import Table

STORED = "_stored"  # suffix of a stored row's columns beside the new row's
FEW = 1_000  # rows whose keys are sooner looked at one by one
DUPLICATE, UPDATED, OUTDATED = "duplicate", "updated", "outdated"


@dataclass(frozen=True, slots=True)
class TableCounts:
    """What became of the rows of one table; the four outcomes add up to `n_rows`."""

    n_rows: int = 0
    n_new: int = 0
    n_updated: int = 0
    n_duplicate: int = 0
    n_outdated: int = 0

    @property
    def n_accepted(self) -> int:
        return self.n_new + self.n_updated

    def __add__(self, other: TableCounts) -> TableCounts:
        return TableCounts(
            self.n_rows + other.n_rows,
            self.n_new + other.n_new,
            self.n_updated + other.n_updated,
            self.n_duplicate + other.n_duplicate,
            self.n_outdated + other.n_outdated,
        )


def content_columns(table: Table) -> list[str]:
    return [name for name in table.schema if name not in table.key and name != "seen_at"]


def winners(rows: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, TableCounts]:
    """One row per key of `rows`, and what became of the others.

    Takes    rows  every column of the table
    Returns  the winning rows; counts with only n_duplicate (content of the winner) and n_outdated set
    """
    key, content = list(table.key), content_columns(table)
    if rows.height < 2:
        return rows, TableCounts()
    if rows.height <= FEW and len(set(zip(*(rows[name].to_list() for name in key), strict=True))) == rows.height:
        return rows, TableCounts()
    same = rows.select(pl.col(name).eq_missing(pl.col(name).first()).all() for name in key).row(0)
    apart = [name for name, is_same in zip(key, same, strict=True) if not is_same] or key
    repeated = rows[apart[0]].is_duplicated() if len(apart) == 1 else rows[apart].is_duplicated()
    if not repeated.any():
        return rows, TableCounts()
    marked = rows.with_columns(repeated.alias("_repeated"))
    single = marked.filter(~pl.col("_repeated")).drop("_repeated")
    ranked = marked.filter("_repeated").drop("_repeated").sort([*key, *table.order, *content], nulls_last=False)
    won = ranked.unique(key, keep="last", maintain_order=True)
    n_same = ranked.join(won, on=[*key, *content], how="semi", nulls_equal=True).height
    lost = TableCounts(n_duplicate=n_same - won.height, n_outdated=ranked.height - n_same)
    return pl.concat([single, won]), lost


def outcomes(pairs: pl.DataFrame, table: Table) -> pl.Series:
    """DUPLICATE, UPDATED or OUTDATED for each new row beside the stored row of its key (suffix `_stored`)."""
    content = content_columns(table)
    same = pl.all_horizontal(
        [pl.col(name).eq_missing(pl.col(name + STORED)) for name in content] or [pl.lit(value=True)]
    )
    after = pl.lit(value=False)
    for name in reversed([*table.order, *content]):
        new, old = pl.col(name), pl.col(name + STORED)
        greater = (new.is_not_null() & old.is_null()) | (new > old).fill_null(value=False)
        after = greater | (new.eq_missing(old) & after)
    outcome = pl.when(same).then(pl.lit(DUPLICATE)).when(after).then(pl.lit(UPDATED)).otherwise(pl.lit(OUTDATED))
    return pairs.select(outcome.alias("outcome")).to_series()


def counts_of(outcome: pl.Series) -> TableCounts:
    return TableCounts(
        n_updated=int((outcome == UPDATED).sum()),
        n_duplicate=int((outcome == DUPLICATE).sum()),
        n_outdated=int((outcome == OUTDATED).sum()),
    )
