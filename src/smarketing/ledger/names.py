"""The names in the facts and the small integers that stand for them in the buckets.

Every list is sorted, so the codes follow from what the facts say and not from the order in which they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.history import Codebook
from smarketing.ledger.folder import Folder
from smarketing.ledger.mentions import Question, mentioned

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
    return column.replace_strict(*_coded(names), default=-1, return_dtype=pl.Int32)


@lru_cache(maxsize=64)
def _coded(names: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
    return pl.Series(names), pl.Series(range(len(names)), dtype=pl.Int32)


def names_of(folder: Folder) -> Names:
    """The names in some facts."""
    owners = _owners(folder)
    teams = _once(owners["team"])
    codebook = Codebook(
        owners=_labels(owners),
        owner_names=tuple(owners["name"].fill_null(owners["owner_id"]).to_list()),
        owner_calendars=tuple(owners["calendar"].fill_null("").to_list()),
        teams=teams,
        team_of=owners.with_columns(team_code=codes(pl.col("team"), teams))["team_code"].to_numpy(),
        grades=_values(folder, "lead", _grades),
        sources=_values(folder, "lead", _lead_sources),
        stages=_stages(folder),
        reasons=_reasons(folder),
        currencies=_values(folder, "deal", _currencies),
        deliverables=_values(folder, "delivery", _deliverables),
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
    tables = ("owner", "lead", "touch", "deal")
    mentions = [*(mentioned(folder, table, _by_owner) for table in tables), mentioned(folder, "stage_change", _swapped)]
    everybody = pl.concat(mentions).unique()
    known = folder.frame("owner")
    is_person = (pl.col("kind") == "person").fill_null(value=True).alias("is_person")
    joined = everybody.join(known, on=["src", "owner_id"], how="left").sort("src", "owner_id")
    return joined.with_row_index("owner").with_columns(pl.col("owner").cast(pl.Int32), is_person)


def _labels(owners: pl.DataFrame) -> tuple[str, ...]:
    """The id, with its source in front where two sources use the same one."""
    label = pl.when(pl.col("owner_id").is_duplicated()).then(pl.concat_str("src", "owner_id", separator=":"))
    return tuple(owners.select(label.otherwise("owner_id").alias("label")).to_series().to_list())


def _values(folder: Folder, table: str, question: Question) -> tuple[str, ...]:
    return _once(mentioned(folder, table, question).to_series())


def _once(texts: pl.Series) -> tuple[str, ...]:
    """In the order of their letters; those of null are left out."""
    return tuple(sorted(set(texts.to_list()) - {None}))


def _stages(folder: Folder) -> tuple[str, ...]:
    converts = mentioned(folder, "lead", _converts).to_series().any()
    return tuple(sorted({*_values(folder, "stage_change", _stage_names), *({OPPORTUNITY} if converts else ())}))


def _reasons(folder: Folder) -> tuple[str, ...]:
    """The fixed ones, then those of leads, most frequent first so that one byte holds them, then those of changes."""
    counted = mentioned(folder, "lead", _reason_counts).group_by("name").agg(pl.col("len").sum())
    of_leads = counted.sort(pl.col("len"), "name", descending=[True, False])["name"]
    return tuple(dict.fromkeys([*FIXED_REASONS, *of_leads, *_values(folder, "stage_change", _change_reasons)]))


# What is asked of each file of a table


def _by_owner(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select("src", "owner_id").drop_nulls().unique()


def _swapped(changes: pl.LazyFrame) -> pl.LazyFrame:
    """Everybody whom a lead was taken from or given to."""
    of_owners = changes.filter(is_owner_change())
    sides = [of_owners.select("src", owner_id=side) for side in ("to_value", "from_value")]
    return pl.concat(sides).drop_nulls().unique()


def _stage_names(changes: pl.LazyFrame) -> pl.LazyFrame:
    return changes.filter(is_lead_stage()).select(name=stage_name()).unique()


def _change_reasons(changes: pl.LazyFrame) -> pl.LazyFrame:
    return changes.filter(pl.col("entity") == "lead").select("reason").drop_nulls().unique()


def _reason_counts(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select(name="reason").drop_nulls().group_by("name").len()


def _converts(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select(pl.col("converted_at").is_not_null().any())


def _grades(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select("grade").unique()


def _lead_sources(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select(name=lead_source()).unique()


def _currencies(deals: pl.LazyFrame) -> pl.LazyFrame:
    return deals.select("currency").unique()


def _deliverables(deliveries: pl.LazyFrame) -> pl.LazyFrame:
    return deliveries.select("deliverable").unique()
