"""Rows on their way to their bucket: one scratch file each, so that memory holds one chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.ledger.bucket_files import BUCKET_LEADS


class Spill:
    """Rows of one kind; `columns` names their integers beside `number`, the lead's number in the whole replica."""

    def __init__(self, folder: Path, name: str, columns: dict[str, str]) -> None:
        self.folder, self.name = folder, name
        self.dtype = np.dtype([("number", "<i4"), *columns.items()])

    def add(self, rows: pl.DataFrame) -> None:
        """Append `rows` (number and the columns, none null) to the files of their buckets."""
        if rows.is_empty():
            return
        ordered = rows.select(self.dtype.names).sort(pl.col("number") // BUCKET_LEADS, maintain_order=True)
        records = np.empty(ordered.height, self.dtype)
        for name in self.dtype.names or ():
            records[name] = ordered[name].to_numpy()
        buckets = records["number"] // BUCKET_LEADS
        starts = np.flatnonzero(np.diff(buckets, prepend=-1))
        for start, stop in zip(starts, np.append(starts, len(records))[1:], strict=True):
            with self._path(int(buckets[start])).open("ab") as file:
                records[start:stop].tofile(file)

    def take(self, bucket: int) -> pl.DataFrame:
        """The rows of `bucket` with `lead`, the position in the bucket, in place of number; their file is removed."""
        path = self._path(bucket)
        records = np.fromfile(path, self.dtype) if path.exists() else np.empty(0, self.dtype)
        path.unlink(missing_ok=True)
        columns: dict[str, NDArray[np.generic]] = {"lead": records["number"] - np.int32(bucket * BUCKET_LEADS)}
        columns |= {name: np.ascontiguousarray(records[name]) for name in (self.dtype.names or ())[1:]}
        return pl.DataFrame(columns)

    def _path(self, bucket: int) -> Path:
        return self.folder / f"{self.name}_{bucket:04}.spill"


def gathered(columns: dict[str, str], chunks: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The rows of all chunks as `take` gives them, when all leads are one bucket and nothing needs the disk."""
    nothing = _no_rows(tuple(columns.items()))
    told = [_of_schema(chunk[nothing.columns], nothing) for chunk in chunks if chunk.height]
    found = pl.concat(told) if told else nothing.clone()
    found.columns = ["lead", *columns]
    return found


def _of_schema(chunk: pl.DataFrame, nothing: pl.DataFrame) -> pl.DataFrame:
    return chunk if chunk.schema == nothing.schema else chunk.cast(nothing.schema)


@lru_cache
def _no_rows(columns: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    return pl.DataFrame({name: np.empty(0, dtype) for name, dtype in (("number", "<i4"), *columns)})
