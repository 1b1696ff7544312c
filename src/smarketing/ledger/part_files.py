"""The files of a table: read together, as the schema has them now."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from smarketing.facts.frames import empty
from smarketing.facts.schema import Table
from smarketing.ledger.manifest import RESTORE
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_


def scan_files(files: list[Path], table: Table) -> pl.LazyFrame:
    """The rows of `files`; columns that came to the schema after a file was written are null."""
    if not files:
        return empty(table).lazy()
    return pl.scan_parquet(
        files, schema=table.schema, missing_columns="insert", glob=False, hive_partitioning=False
    ).select(table.names)


def read_whole(frame: pl.LazyFrame, where: Path) -> pl.DataFrame:
    """Collect `frame`; a damaged file is the user's to mend."""
    try:
        return frame.collect()
    except (OSError, pl.exceptions.ComputeError) as error:
        raise damaged(where, error) from error


class Damaged(FactsError):
    """A file of the facts is not what was written; nobody who brings new ones is at fault."""


def damaged(where: Path, error: Exception) -> Damaged:
    return Damaged(N_("The facts cannot be read: {reason}."), where=str(where), hint=RESTORE, reason=error)
