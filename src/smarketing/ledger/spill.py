"""Rows on their way to their bucket: one scratch file each, so that memory holds one chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable
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
    schema = {name: pl.DataFrame({name: np.empty(0, dtype)}).schema[name] for name, dtype in columns.items()}
    wanted = pl.Schema({"number": pl.Int32(), **schema})
    whole = pl.concat([pl.DataFrame(schema=wanted), *(chunk.select(list(wanted)).cast(wanted) for chunk in chunks)])
    return whole.rename({"number": "lead"})
