"""The benchmark's facts on disk: the replica that the engine reads and the flat files that peers read."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bench.company import NOW, company, histories
from smarketing.engine.history import History
from smarketing.ledger.bucket_files import write_bucket, write_codebook

DATA = Path(__file__).parent / "data"
FLAT = {
    "leads": ("created_at", "owner", "grade", "source", "void"),
    "touches": ("lead", "at", "flags"),
    "stages": ("lead", "at", "stage"),
    "deals": ("lead", "created_at", "closed_at", "status", "amount"),
}


def prepare(n_leads: int) -> Path:
    """The folder of `n_leads`, made once; refuses to go on with files that are not what the seed makes."""
    folder = DATA / str(n_leads)
    note = folder / "made.json"
    if note.exists():
        made = json.loads(note.read_text())
        if made["first_bucket"] == _digest(next(histories(n_leads))):
            return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "flat").mkdir(parents=True)
    write_codebook(folder, company().codebook)
    writers: dict[str, pq.ParquetWriter] = {}
    made = {"leads": n_leads, "touches": 0, "stages": 0, "deals": 0, "now": NOW}
    for number, history in enumerate(histories(n_leads)):
        write_bucket(folder, number, history)
        for name in FLAT:
            table = _flat(history, name).to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in writers:
                path = folder / "flat" / f"{name}.parquet"
                writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=3)
            writers[name].write_table(table)
            if name != "leads":
                made[name] += table.num_rows
        if number == 0:
            made["first_bucket"] = _digest(history)
    for writer in writers.values():
        writer.close()
    note.write_text(json.dumps(made, indent=1))
    return folder


def made(folder: Path) -> dict[str, Any]:
    """Row counts and checksum of a prepared folder."""
    return dict(json.loads((folder / "made.json").read_text()))


def _flat(history: History, name: str) -> pl.DataFrame:
    """A table as a CRM's warehouse would hold it: global lead numbers, real timestamps, nulls for never."""
    part = getattr(history, name)
    columns: dict[str, Any] = {column: getattr(part, column) for column in FLAT[name]}
    if name == "leads":
        columns = {"lead": np.arange(len(part), dtype=np.int32) + history.first, **columns}
    else:
        columns["lead"] = columns["lead"] + np.int32(history.first)
    frame = pl.DataFrame(columns)
    instants = [column for column in frame.columns if column.endswith("at")]
    never = np.iinfo(np.int64).max
    return frame.with_columns(
        pl.when(pl.col(column) != never).then(pl.col(column)).cast(pl.Datetime("us")).alias(column)
        for column in instants
    )


def _digest(history: History) -> str:
    digest = hashlib.sha256()
    for part in (history.leads, history.touches, history.stages, history.assignments, history.deals):
        for field in fields(part):
            digest.update(np.ascontiguousarray(getattr(part, field.name)).tobytes())
    return digest.hexdigest()
