"""The common case of patches, column by column: records that nobody told of before and that one patch tells whole."""

from __future__ import annotations

import polars as pl

from smarketing.facts.patches import AT, OLDEST, SET, WHOLE, Folded, Key, Marks
from smarketing.facts.schema import Table


def fold_fresh(table: Table, patches: pl.DataFrame, stored: pl.DataFrame) -> tuple[Folded, pl.DataFrame]:
    """What facts.patches.fold makes of the patches that are alone with their record, and the patches that are not.

    Takes    patches, stored  as fold
    """
    key = list(table.key)
    is_alone = ~(pl.struct(key).is_duplicated() if len(key) > 1 else pl.col(key[0]).is_duplicated())
    required = [column.name for column in table.columns if column.required]
    marked = patches.with_columns(
        pl.all_horizontal(is_alone, *(pl.col(name).is_not_null() for name in required)).alias("_fresh")
    )
    if stored.height:
        known = stored.select(key).with_columns(pl.lit(value=True).alias("_known"))
        marked = marked.join(known, on=key, how="left", maintain_order="left")
        marked = marked.with_columns(pl.col("_fresh") & pl.col("_known").is_null()).drop("_known")
    fresh = marked.filter(pl.col("_fresh")).drop("_fresh")
    rest = marked.filter(~pl.col("_fresh")).drop("_fresh")
    return Folded(fresh.select(table.names), _marks(table, fresh), {}), rest


def _marks(table: Table, fresh: pl.DataFrame) -> dict[Key, Marks]:
    written = [OLDEST] * fresh.height
    if "updated_at" in table.names:
        written = fresh["updated_at"].dt.timestamp("us").fill_null(OLDEST).to_list()
    at = fresh[AT].dt.timestamp("us").to_list()
    keys = zip(*(fresh[name].to_list() for name in table.key), strict=True)
    said = fresh[SET].to_list()
    return {
        key: {**dict.fromkeys(names, age), WHOLE: whole}
        for key, names, age, whole in zip(keys, said, at, written, strict=True)
    }
