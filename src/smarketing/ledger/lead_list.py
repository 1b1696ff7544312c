"""The leads as a table to search: names instead of codes, made once for each generation of the replica.

FACTS/lists/GENERATION-FORMAT.parquet is disposable; it is made again when it is not there.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from smarketing.ledger.bucket_files import bucket_path
from smarketing.ledger.durable import sync_folder, write_durably
from smarketing.ledger.effort import EFFORT
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.generations import outlived
from smarketing.ledger.lock import in_turn
from smarketing.ledger.mirror_shown import shown_beginnings
from smarketing.ledger.names import lead_source
from smarketing.ledger.replica import Replica
from smarketing.ledger.replica_build import LEAD_IDS
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

LISTS = "lists"
FORMAT = 2  # of the file; another number has it made again
TEXTS = ("person_key", "campaign", "medium", "landing_page", "status", "lifecycle", "reason", "grade")
IDS = {"src": pl.String(), "lead_id": pl.String(), "owner": pl.Int32()}
PLAIN = ("lead_id", "source", "campaign", "landing_page", "status")
SEARCHED = (*PLAIN, "person_key", "owner_name")
ROW_GROUP = 32_768  # a page of leads lies in few of them


def open_lead_list(folder: Folder, replica: Replica) -> pl.LazyFrame:
    """Every lead, by number.

    Returns  number, src, lead_id, created_at; owner (code), owner_id, owner_name, team; source, score; TEXTS; words:
             what a search looks through, in small letters, and plain_words: the same without names of people
    Raises   FactsError when the list cannot be written or read
    """
    root = folder.path / LISTS
    path = root / f"{replica.path.name}-{FORMAT}.parquet"
    try:
        if not path.exists():
            root.mkdir(exist_ok=True)
            with in_turn(root), EFFORT.counted():
                if not path.exists():
                    _sweep(root)
                    table = _made(folder, replica)
                    write_durably(
                        path,
                        lambda part: table.write_parquet(
                            part, compression="zstd", compression_level=1, row_group_size=ROW_GROUP
                        ),
                    )
                    sync_folder(root)
    except OSError as error:
        what = N_("The list of leads cannot be kept: {reason}.")
        hint = N_("The folder must be writable and not full.")
        raise FactsError(what, where=str(root), hint=hint, reason=error) from error
    return pl.scan_parquet(path, glob=False)


def _made(folder: Folder, replica: Replica) -> pl.DataFrame:
    names = pl.LazyFrame(
        {
            "owner": pl.Series(range(len(replica.codebook.owners)), dtype=pl.Int32),
            "owner_label": list(replica.codebook.owners),
            "owner_name": list(replica.codebook.owner_names),
            "team": [replica.codebook.teams[code] if code >= 0 else None for code in replica.codebook.team_of],
        },
        schema_overrides={"owner_label": pl.String(), "owner_name": pl.String(), "team": pl.String()},
    )
    ids = pl.concat([_ids(replica, bucket) for bucket in range(replica.n_buckets)] or [pl.LazyFrame(schema=IDS)])
    facts = folder.scan("lead").select(
        "src", "lead_id", "created_at", "owner_id", "score", lead_source().alias("source"), *TEXTS
    )
    numbered = ids.with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    joined = numbered.join(facts, on=["src", "lead_id"], how="left").join(names, on="owner", how="left").sort("number")
    return read_whole(
        joined.with_columns(_small(SEARCHED).alias("words"), _small(PLAIN).alias("plain_words")), folder.path
    )


def _small(names: tuple[str, ...]) -> pl.Expr:
    texts = [pl.col(name).cast(pl.String) for name in names]
    return pl.concat_str(texts, separator=" ", ignore_nulls=True).str.to_lowercase()


def _ids(replica: Replica, bucket: int) -> pl.LazyFrame:
    """src, lead_id and the owner's code of the leads of a bucket, by position."""
    ids = pl.scan_parquet(bucket_path(replica.path, LEAD_IDS, bucket), glob=False).select("src", "lead_id")
    owners = pl.scan_parquet(bucket_path(replica.path, "leads", bucket), glob=False).select(
        pl.col("owner").cast(pl.Int32)
    )
    return pl.concat([ids, owners], how="horizontal")


def _sweep(root: Path) -> None:
    """Remove what a killed writer left and lists of generations past."""
    lists = set(root.glob("*.parquet"))
    for path in [*outlived(lists, shown_beginnings(root.parent)), *set(root.glob("*.parquet*")) - lists]:
        path.unlink(missing_ok=True)
