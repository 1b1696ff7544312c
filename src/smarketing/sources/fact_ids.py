"""Ids of facts that have none at their source: hashes of what they say, the same whenever they are read."""

from __future__ import annotations

from hashlib import sha256

import polars as pl

from smarketing.facts.schema import DType, Table

HASHED = ("lead", "touch", "deal", "spend", "delivery")
CONTENT_ID = "h-"  # begins the ids of rows that have none of their own
UNIT = "\x1f"


def change_ids(facts: pl.DataFrame) -> pl.Series:
    """The id of a stage change: the same step told twice is one."""
    at = pl.col("changed_at").dt.timestamp("ms").cast(pl.String)
    text = pl.concat_str(
        [pl.col(name).fill_null("") for name in ("src", "entity", "entity_id", "field")]
        + [at.fill_null(""), pl.col("to_value").fill_null("")],
        separator=UNIT,
    )
    return _hashed(facts.select(text).to_series())


def content_ids(facts: pl.DataFrame, table: Table) -> pl.Series:
    """A hash of everything a row says; equal rows get equal ids, which the importer then numbers."""
    texts = [
        _as_text(column.name, column.dtype) for column in table.columns if column.name not in ("seen_at", table.key[-1])
    ]
    return CONTENT_ID + _hashed(facts.select(pl.concat_str(texts, separator=UNIT)).to_series())


def _as_text(name: str, dtype: DType) -> pl.Expr:
    column = pl.col(name)
    if dtype is DType.INSTANT:
        column = column.cast(pl.Int64)
    elif dtype is DType.NUMBER:
        column = column.round(6)
    return column.cast(pl.String).fill_null("")


def _hashed(texts: pl.Series) -> pl.Series:
    return pl.Series([sha256(text.encode()).hexdigest()[:32] for text in texts], dtype=pl.String)
