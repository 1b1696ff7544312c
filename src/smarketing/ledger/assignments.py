"""When a lead received which person: owner changes, and the first owner where the history is silent about it.

The first owner is the one from before the first change, else the current one; he received the lead at `assigned_at`
where the source says so (and the history has not begun), else at creation. A lead that another took over brings its
history along, but no first owner is guessed for it.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray


def assignment_rows(
    leads: pl.DataFrame, changes: pl.DataFrame, persons: NDArray[np.bool_], merged: int
) -> pl.DataFrame:
    """Every assignment to a person, by lead and time; the same owner twice in a row is one assignment.

    Takes    leads    one row per lead of the bucket: created_at, assigned_at (null unknown), owner, void
             changes  lead, at, owner, before: codes, −1 none
             persons  which owner codes are persons
             merged   the value of `void` that says another lead took this one over
    Returns  lead, at, owner; sorted
    """
    known = changes.select("lead", "at", "owner", "before").sort("lead", "at", "owner", "before")
    rows = pl.concat([_first_owners(leads, known, merged), known.drop("before")]).sort("lead", "at", "owner")
    is_same = ((pl.col("lead") == pl.col("lead").shift()) & (pl.col("owner") == pl.col("owner").shift())).fill_null(
        value=False
    )
    kept = rows.filter(~is_same)
    is_person = np.append(persons, False)[kept["owner"].to_numpy()]  # −1 finds the False at the end
    return kept.filter(pl.Series(is_person))


def _first_owners(leads: pl.DataFrame, changes: pl.DataFrame, merged: int) -> pl.DataFrame:
    """lead, at, owner for leads whose first owner no change tells; `changes` are sorted."""
    begins = (
        changes.group_by("lead", maintain_order=True).first().select("lead", "before", begun_at="at", after="owner")
    )
    own = leads.with_row_index("lead").with_columns(pl.col("lead").cast(pl.Int32)).join(begins, on="lead", how="left")
    is_told = pl.col("begun_at").is_not_null()
    is_early = (pl.col("assigned_at") < pl.col("begun_at")).fill_null(value=True)
    starts_history = is_early & pl.col("assigned_at").is_not_null()
    told = pl.when(pl.col("before") >= 0).then("before").when(starts_history).then("after").otherwise(-1)
    first = pl.when(is_told).then(told).otherwise("owner")
    at = pl.when(is_early).then(pl.coalesce("assigned_at", "created_at")).otherwise("created_at")
    guessed = own.filter(pl.col("void") != merged).select("lead", at.alias("at"), first.alias("owner"))
    return guessed.filter(pl.col("owner") >= 0)


def assigned(
    created_at: int, assigned_at: int | None, owner: int | None, changes: list[tuple[int, int, int]]
) -> list[tuple[int, int]]:
    """The same of one lead, queues included: at, owner.

    Takes    owner    None where no first owner is guessed
             changes  at, owner, before: sorted
    """
    rows = [(at, after) for at, after, _ in changes]
    if owner is not None:
        rows += _first_owner(created_at, assigned_at, owner, changes)
    rows.sort()
    return [row for place, row in enumerate(rows) if not place or row[1] != rows[place - 1][1]]


def _first_owner(
    created_at: int, assigned_at: int | None, owner: int, changes: list[tuple[int, int, int]]
) -> list[tuple[int, int]]:
    is_early = not changes or assigned_at is None or assigned_at < changes[0][0]
    if changes:
        _, after, before = changes[0]
        owner = before if before >= 0 else after if is_early and assigned_at is not None else -1
    return [(created_at if assigned_at is None or not is_early else assigned_at, owner)] if owner >= 0 else []
