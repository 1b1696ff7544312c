"""Buckets on disk: the arrays of engine.history as Parquet files that are read back without a copy.

Per bucket five files, `leads_0000.parquet` … `deals_0000.parquet`: one row group each, zstd level 1, columns and
dtypes those of the arrays. Decoding writes straight into the buffers that the arrays then show, so reading a bucket
costs what scanning it costs; narrower columns, or offsets in place of `lead`, were measured and gain nothing, since
widening them again touches as much memory as it saves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from smarketing.engine.history import (
    NEVER,
    Assignments,
    Codebook,
    Columns,
    Deals,
    Deliveries,
    History,
    Leads,
    Stages,
    Touches,
)
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

BUCKET_LEADS = 131_072
ONE_ROW_GROUP = 2**30
CODEBOOK = "codebook.json"
DELIVERIES = "deliveries.parquet"
UNREADABLE = (OSError, pl.exceptions.ComputeError)

PARTS: dict[str, type[Columns]] = {
    "leads": Leads,
    "touches": Touches,
    "stages": Stages,
    "assignments": Assignments,
    "deals": Deals,
}

Part = TypeVar("Part", bound=Columns)


def bucket_path(folder: Path, part: str, number: int) -> Path:
    return folder / f"{part}_{number:04}.parquet"


def write_bucket(folder: Path, number: int, history: History) -> None:
    """Write the five files of bucket `number` into `folder`, replacing those that are there."""
    earliest, latest = _span(history)
    for part in PARTS:
        metadata = {"first": history.first, "earliest": earliest, "latest": latest}
        write_columns(bucket_path(folder, part, number), getattr(history, part), metadata)


def read_bucket(folder: Path, number: int) -> History:
    """The bucket that `write_bucket` wrote. Its arrays are read-only.

    Raises FactsError when a file is missing or damaged.
    """
    paths = {part: bucket_path(folder, part, number) for part in PARTS}
    try:
        frames = pl.collect_all([_scan(paths[part], kind) for part, kind in PARTS.items()])
    except UNREADABLE:
        frames = [_frame(paths[part], kind) for part, kind in PARTS.items()]  # tells which of them it is
    parts: dict[str, Any] = {
        part: _arrays(frame, kind) for frame, (part, kind) in zip(frames, PARTS.items(), strict=True)
    }
    return History(first=_number(paths["leads"], "first"), **parts)


def bucket_span(folder: Path, number: int) -> tuple[int, int]:
    """The earliest and the latest instant of anything in a bucket, in µs; earliest after latest when it has none.

    Raises FactsError when the file is missing or damaged.
    """
    path = bucket_path(folder, "leads", number)
    return _number(path, "earliest"), _number(path, "latest")


def write_columns(path: Path, columns: Columns, metadata: Mapping[str, int] | None = None) -> None:
    frame = pl.DataFrame({f.name: getattr(columns, f.name) for f in fields(columns)})
    frame.write_parquet(
        path,
        compression="zstd",
        compression_level=1,
        statistics=False,
        row_group_size=ONE_ROW_GROUP,
        metadata={name: str(value) for name, value in (metadata or {}).items()},
    )


def read_columns(path: Path, kind: type[Part]) -> Part:
    """The table of `path` as arrays that share the decoded buffers."""
    return _arrays(_frame(path, kind), kind)


def _scan(path: Path, kind: type[Columns]) -> pl.LazyFrame:
    whole = pl.scan_parquet(path, glob=False, hive_partitioning=False, use_statistics=False)
    return whole.select(f.name for f in fields(kind))


def _frame(path: Path, kind: type[Columns]) -> pl.DataFrame:
    try:
        return _scan(path, kind).collect()
    except UNREADABLE as error:
        raise damaged(path, error) from error


def _arrays(frame: pl.DataFrame, kind: type[Part]) -> Part:
    return kind(**{f.name: frame[f.name].to_numpy(writable=False) for f in fields(kind)})


def _number(path: Path, name: str) -> int:
    try:
        return int(pl.read_parquet_metadata(path)[name])
    except (*UNREADABLE, KeyError, ValueError) as error:
        raise damaged(path, error) from error


def _span(history: History) -> tuple[int, int]:
    deals = history.deals
    instants = [history.leads.created_at, deals.created_at, deals.closed_at[deals.closed_at != NEVER]]
    instants += [history.touches.at, history.stages.at, history.assignments.at]
    return (
        min((int(at.min()) for at in instants if len(at)), default=NEVER),
        max((int(at.max()) for at in instants if len(at)), default=-NEVER),
    )


def write_codebook(folder: Path, codebook: Codebook) -> None:
    content = {f.name: getattr(codebook, f.name) for f in fields(codebook)}
    content["team_of"] = codebook.team_of.tolist()
    (folder / CODEBOOK).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read_codebook(folder: Path) -> Codebook:
    """The names behind the codes of every bucket in `folder`.

    Raises FactsError when the file is missing or damaged.
    """
    path = folder / CODEBOOK
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        team_of = np.asarray(content.pop("team_of"), np.int32)
        return Codebook(team_of=team_of, **{name: tuple(names) for name, names in content.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, error) from error


def write_deliveries(folder: Path, deliveries: Deliveries) -> None:
    write_columns(folder / DELIVERIES, deliveries)


def read_deliveries(folder: Path) -> Deliveries:
    return read_columns(folder / DELIVERIES, Deliveries)


def damaged(path: Path, error: Exception) -> FactsError:
    return FactsError(
        N_("This part of the replica cannot be read: {reason}."),
        where=str(path),
        hint=N_("Delete the folder it is in; it is rebuilt from the facts by the next command."),
        reason=error,
    )
