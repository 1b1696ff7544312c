"""The names in the facts and the small integers that stand for them in the buckets.

Every list is sorted, so the codes follow from what the facts say and not from the order in which they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.history import Codebook
from smarketing.ledger.folder import Folder, read_whole

MERGED, REMOVED, TEST, DUPLICATE, SPAM, OTHER = "merged", "deleted", "test", "duplicate", "spam", "other"
FIXED_REASONS = (MERGED, REMOVED, TEST, DUPLICATE, SPAM, OTHER)
OPPORTUNITY = "opportunity"
STATUS = "status:"


@dataclass(frozen=True, slots=True)
class Names:
    """`owners` has one row per owner, in the order of their codes: src, owner_id, owner (code), is_person."""

    codebook: Codebook
    owners: pl.DataFrame

    @property
    def persons(self) -> NDArray[np.bool_]:
        return self.owners["is_person"].to_numpy()


def codes(column: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    """The code of each name of `column`, −1 where it is null or not listed."""
    if not names:
        return pl.lit(-1, pl.Int32)
    return column.replace_strict(list(names), list(range(len(names))), default=-1, return_dtype=pl.Int32)


def names_of(folder: Folder) -> Names:
    owners = _owners(folder)
    teams = tuple(owners["team"].drop_nulls().unique().sort())
    codebook = Codebook(
        owners=_labels(owners),
        owner_names=tuple(owners["name"].fill_null(owners["owner_id"])),
        owner_calendars=tuple(owners["calendar"].fill_null("")),
        teams=teams,
        team_of=owners.with_columns(team_code=codes(pl.col("team"), teams))["team_code"].to_numpy(),
        grades=_distinct(folder, "lead", pl.col("grade")),
        sources=_distinct(folder, "lead", lead_source()),
        stages=_stages(folder),
        reasons=_reasons(folder),
        currencies=_distinct(folder, "deal", pl.col("currency")),
        deliverables=_distinct(folder, "delivery", pl.col("deliverable")),
    )
    return Names(codebook, owners.select("src", "owner_id", "owner", "is_person"))


def lead_source() -> pl.Expr:
    return pl.coalesce("channel", "source_raw")


def stage_name() -> pl.Expr:
    """How a stage_change row of a lead is called in the codebook; null where it names no stage."""
    value = pl.coalesce("to_value", "to_raw")
    return pl.when(pl.col("field") == "lifecycle").then(value).otherwise(STATUS + value.fill_null(""))


def is_lead_stage() -> pl.Expr:
    return (pl.col("entity") == "lead") & pl.col("field").is_in(["lifecycle", "status", "stage"])


def is_owner_change() -> pl.Expr:
    return (pl.col("entity") == "lead") & (pl.col("field") == "owner")


def _owners(folder: Folder) -> pl.DataFrame:
    """Everybody who owns or did anything, with what the owner table knows of them; unknown ones are persons."""
    changes = folder.scan("stage_change").filter(is_owner_change())
    mentions = [
        folder.scan("owner").select("src", "owner_id"),
        folder.scan("lead").select("src", "owner_id"),
        folder.scan("touch").select("src", "owner_id"),
        folder.scan("deal").select("src", "owner_id"),
        changes.select("src", owner_id="to_value"),
        changes.select("src", owner_id="from_value"),
    ]
    mentioned = pl.concat([read_whole(frame.drop_nulls().unique(), folder.path) for frame in mentions]).unique()
    known = folder.frame("owner")
    is_person = (pl.col("kind") == "person").fill_null(value=True).alias("is_person")
    joined = mentioned.join(known, on=["src", "owner_id"], how="left").sort("src", "owner_id")
    return joined.with_row_index("owner").with_columns(pl.col("owner").cast(pl.Int32), is_person)


def _labels(owners: pl.DataFrame) -> tuple[str, ...]:
    """The id, with its source in front where two sources use the same one."""
    label = pl.when(pl.col("owner_id").is_duplicated()).then(pl.concat_str("src", "owner_id", separator=":"))
    return tuple(owners.select(label.otherwise("owner_id").alias("label")).to_series())


def _distinct(folder: Folder, table: str, column: pl.Expr) -> tuple[str, ...]:
    return _values(folder, folder.scan(table).select(column.alias("name")))


def _values(folder: Folder, names: pl.LazyFrame) -> tuple[str, ...]:
    return tuple(read_whole(names.drop_nulls().unique(), folder.path).to_series().sort())


def _stages(folder: Folder) -> tuple[str, ...]:
    named = _values(folder, folder.scan("stage_change").filter(is_lead_stage()).select(stage_name().alias("name")))
    converts = folder.scan("lead").select(pl.col("converted_at").is_not_null().any())
    derived = {OPPORTUNITY} if read_whole(converts, folder.path).item() else set()
    return tuple(sorted({*named, *derived}))


def _reasons(folder: Folder) -> tuple[str, ...]:
    """The fixed ones, then those of leads, most frequent first so that one byte holds them, then those of changes."""
    counted = folder.scan("lead").select(name="reason").drop_nulls().group_by("name").len()
    of_leads = read_whole(counted, folder.path).sort(pl.col("len"), "name", descending=[True, False])["name"]
    changes = folder.scan("stage_change").filter(pl.col("entity") == "lead").select(name="reason")
    return tuple(dict.fromkeys([*FIXED_REASONS, *of_leads, *_values(folder, changes)]))
