"""Take one merge back: what it brought goes, what it wrote over returns, what came later stays.

A row's versions form a chain: each merge that wrote it kept the version before. Taking a merge back takes its link
out of the chain, wherever it is.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import connections

from smarketing.facts.schema import TABLES, Table
from smarketing.ledger.bulk import delete, fetch
from smarketing.ledger.change import Change
from smarketing.ledger.models import Overwritten, Removed
from smarketing.ledger.row_writes import as_blob, as_blobs, from_blobs, keep_overwritten, write_over


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Rows that are gone, rows that are as they were before, and rows that a later merge had changed and which stay."""

    n_removed: int = 0
    n_restored: int = 0
    n_kept: int = 0


def take_back(change: Change, seq: int, using: str) -> TakenBack:
    """Write the database and the parts of `change` as if merge `seq` had never been."""
    found = [_taken(change, table, seq, using) for name, table in TABLES.items() if name != "source"]
    return TakenBack(
        sum(each.n_removed for each in found),
        sum(each.n_restored for each in found),
        sum(each.n_kept for each in found),
    )


def _taken(change: Change, table: Table, seq: int, using: str) -> TakenBack:
    before = _before(table, seq, using)
    current = _brought(table, seq, using)
    relinked = _relinked(table, seq, before, using)
    restored = before.join(current, on=table.key, how="semi")
    removed = current.join(before, on=table.key, how="anti")
    delete(connections[using], f"ledger_{table.name}", removed)
    write_over(table, restored, change.sequence, using)
    if current.height:
        change.replace(table, current, restored.select(table.names).lazy())
    if removed.height:
        Removed.objects.using(using).create(seq=change.sequence, table=table.name, rows=as_blob(removed))
    return TakenBack(removed.height, restored.height, relinked)


def _before(table: Table, seq: int, using: str) -> pl.DataFrame:
    """What the merge wrote over; forgotten by the database from now on."""
    kept = Overwritten.objects.using(using).filter(table=table.name, seq=seq)
    rows = from_blobs(kept.values_list("rows", flat=True).iterator())
    kept.delete()
    return pl.concat([pl.DataFrame(schema={**table.schema, "brought_by": pl.Int64()}), *rows])


def _brought(table: Table, seq: int, using: str) -> pl.DataFrame:
    """The keys of rows that still say what the merge brought."""
    tail = f'FROM "ledger_{table.name}" WHERE "seq" >= {seq} AND "brought_by" = {seq}'
    with tempfile.TemporaryDirectory() as place:
        keys = {name: table.schema[name] for name in table.key}
        return fetch(connections[using], keys, tail, Path(place)).collect()


def _relinked(table: Table, seq: int, before: pl.DataFrame, using: str) -> int:
    """Later merges that wrote over this one's rows have written over what was there before it."""
    n_found = 0
    for later in Overwritten.objects.using(using).filter(table=table.name, seq__gt=seq).order_by("pk").iterator():
        (rows,) = from_blobs(iter([later.rows]))
        of_merge = rows.filter(pl.col("brought_by") == seq)
        if of_merge.is_empty():
            continue
        n_found += of_merge.height
        linked = before.join(of_merge, on=table.key, how="semi").select(rows.columns)
        others = rows.filter(pl.col("brought_by") != seq)
        later.delete(using=using)
        keep_overwritten(table, as_blobs(pl.concat([others, linked])), later.seq, using)
    return n_found
