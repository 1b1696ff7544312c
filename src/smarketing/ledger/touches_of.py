"""The touches of one lead as their source tells them: what the replica's byte of flags leaves out."""

from __future__ import annotations

import polars as pl

from smarketing.ledger.folder import Folder, read_whole

COLUMNS = ("touch_id", "kind", "occurred_at", "duration_s", "outcome", "deleted_at")


def touches_of(folder: Folder, lead_id: str) -> pl.DataFrame:
    """Touches about the lead, about records that were merged into it, about its person and about its deals.

    Returns  touch_id, kind, occurred_at, duration_s, outcome, deleted_at, by occurred_at; possibly a few of other
             requests of the same person, which the caller tells apart by their instants
    """
    merged = pl.concat(
        [
            folder.scan("identity").filter(pl.col("to_id") == lead_id).select("from_id"),
            folder.scan("identity").filter(pl.col("from_id") == lead_id).select(from_id="to_id"),
            folder.scan("lead").filter(pl.col("merged_into") == lead_id).select(from_id="lead_id"),
        ]
    )
    ids = [lead_id, *read_whole(merged, folder.path)["from_id"].drop_nulls()]
    person = folder.scan("lead").filter(pl.col("lead_id") == lead_id).select("person_key")
    people = read_whole(person, folder.path)["person_key"].drop_nulls().to_list()
    deals = read_whole(folder.scan("deal").filter(pl.col("lead_id").is_in(ids)).select("deal_id"), folder.path)
    is_about = (
        pl.col("lead_id").is_in(ids)
        | pl.col("person_key").is_in(people)
        | pl.col("deal_id").is_in(deals["deal_id"].to_list())
    )
    return read_whole(folder.scan("touch").filter(is_about).select(COLUMNS), folder.path).sort(
        "occurred_at", "touch_id"
    )
