"""The leads of the replica in the order of their numbers, with codes in place of names."""

from __future__ import annotations

import polars as pl

from smarketing.engine.clocks import MOST_REASONS
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.names import DUPLICATE, MERGED, OTHER, REMOVED, TEST, Names, codes, lead_source


def lead_table(folder: Folder, names: Names, merged: pl.DataFrame) -> pl.DataFrame:
    """Every lead, sorted by (created_at, src, lead_id).

    Takes    merged  where merged records ended: src, from_id, to_id, reason
    Returns  number, src, lead_id, person_key; created_at, assigned_at, converted_at (µs);
             owner, grade, source (codes), score, void
    Null     owner −1 unless a person; assigned_at and converted_at null when unknown
    """
    book = names.codebook
    persons = names.owners.filter("is_person").select("src", "owner_id", "owner")
    reasons = merged.select("src", lead_id="from_id", merge_reason=pl.col("reason").fill_null("merge"))
    leads = folder.scan("lead").join(reasons.lazy(), on=["src", "lead_id"], how="left")
    coded = leads.join(persons.lazy(), on=["src", "owner_id"], how="left").select(
        "src",
        "lead_id",
        "person_key",
        *[pl.col(name).dt.timestamp("us") for name in ("created_at", "assigned_at", "converted_at")],
        pl.col("owner").fill_null(-1),
        codes(pl.col("grade"), book.grades).alias("grade"),
        codes(lead_source(), book.sources).alias("source"),
        pl.col("score").cast(pl.Float32).fill_null(float("nan")),
        _void(book.reasons).alias("void"),
    )
    ordered = read_whole(coded, folder.path).sort("created_at", "src", "lead_id")
    return ordered.with_row_index("number").with_columns(pl.col("number").cast(pl.Int32))


def _void(reasons: tuple[str, ...]) -> pl.Expr:
    """1 + the code of the gravest reason, 0 without one; reasons beyond one byte are `other`."""
    given = codes(pl.col("reason"), reasons)
    code = {name: pl.lit(position, pl.Int32) for position, name in enumerate(reasons)}
    found = (
        pl.when(pl.col("merge_reason") == "dedupe")
        .then(code[DUPLICATE])
        .when(pl.col("merge_reason").is_not_null())
        .then(code[MERGED])
        .when(pl.col("deleted_at").is_not_null())
        .then(code[REMOVED])
        .when(pl.col("is_test"))
        .then(code[TEST])
        .when(pl.col("duplicate_of").is_not_null())
        .then(code[DUPLICATE])
        .when(given >= MOST_REASONS)
        .then(code[OTHER])
        .otherwise(given)
    )
    return (found + 1).cast(pl.UInt8)
