"""The clocks of a new generation of the replica from those of the one before: only dirty leads are judged again.

Clocks of clean leads move with their leads to their new numbers, and codes that moved are looked up. That holds as
long as what an agreement may ask of an owner is as it was: the name, the team and the calendar.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.compiled import Compiled
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import Codebook
from smarketing.ledger.bucket_files import read_codebook
from smarketing.ledger.clock_frames import INTEGERS, clock_frame, clock_path, in_order, write_clocks
from smarketing.ledger.folder import read_whole
from smarketing.ledger.recoded import Recoding
from smarketing.ledger.regrouped import chosen
from smarketing.ledger.replica import Replica
from smarketing.ledger.succession import Succession, read_succession
from smarketing.terms.errors import FactsError


@dataclass(frozen=True, slots=True)
class Splice:
    """How the clocks in the folder `before` become those of the replica."""

    before: Path
    succession: Succession
    recoding: Recoding

    def write(self, target: Path, bucket: int, replica: Replica, compiled: Compiled, now: int) -> None:
        """Write the clocks of one bucket, or take its file over where nothing in it moved."""
        is_coded = self.recoding.tables.keys().isdisjoint({"owner", "source", "reason"})
        if is_coded and self.succession.is_same(bucket):
            _take_over(clock_path(self.before, bucket), clock_path(target, bucket))
        else:
            write_clocks(clock_path(target, bucket), self._clocks(bucket, replica, compiled, now))

    def _clocks(self, bucket: int, replica: Replica, compiled: Compiled, now: int) -> pl.DataFrame:
        wanted = self.succession.bucket(bucket)
        pieces = [self._kept(home, leads, places) for home, leads, places in wanted.kept]
        if len(wanted.made):
            dirty = chosen(replica.history(bucket), wanted.made_at)
            made = clock_frame(evaluate(dirty, compiled, now=now), 0, compiled)
            pieces.append(made.with_columns(_looked_up("lead", wanted.made_at.astype(np.int32))))
        first = pl.lit(bucket * self.succession.size, pl.Int64)
        return in_order(pl.concat(pieces).with_columns((pl.col("lead").cast(pl.Int64) + first).alias("number")))

    def _kept(self, home: int, leads: NDArray[np.intp], places: NDArray[np.intp]) -> pl.DataFrame:
        """The clocks of some leads of an earlier bucket, at their new positions and in the new codes."""
        clocks = read_whole(pl.scan_parquet(clock_path(self.before, home), glob=False), self.before)
        at = np.full(self.succession.size, -1, np.int32)
        at[leads] = places
        moved = clocks.with_columns(_looked_up("lead", at), pl.Series("void", self._void(clocks)))
        codes = [self._coded(moved, name) for name in ("owner", "source")]
        return moved.with_columns(codes).filter(pl.col("lead") >= 0)

    def _void(self, clocks: pl.DataFrame) -> NDArray[np.uint8]:
        return self.recoding.void(clocks["void"].to_numpy())

    def _coded(self, clocks: pl.DataFrame, name: str) -> pl.Series:
        return pl.Series(name, self.recoding.codes(name, clocks[name].to_numpy())).cast(INTEGERS[name])


def splice_for(replica: Replica, root: Path) -> Splice | None:
    """How to make the clocks of `replica` from others in `root`; None when all must be judged anew."""
    known = read_succession(replica.path.parent, replica.path.name)
    if known is None or not (root / known[0]).is_dir():
        return None
    before, succession = root / known[0], known[1]
    try:
        earlier = read_codebook(before)
    except FactsError:
        return None
    recoding = Recoding.between(earlier, replica.codebook)
    if recoding is None or not _are_still(earlier, replica.codebook):
        return None
    return Splice(before, succession, recoding)


def _are_still(before: Codebook, after: Codebook) -> bool:
    """Whether every owner of the earlier codebook has the name, the team and the calendar of then."""
    now = _owners(after)
    return all(now.get(owner) == told for owner, told in _owners(before).items())


def _owners(book: Codebook) -> dict[str, tuple[str, str, str]]:
    teams = [book.teams[code] if code >= 0 else "" for code in book.team_of]
    return dict(zip(book.owners, zip(book.owner_names, teams, book.owner_calendars, strict=True), strict=True))


def _looked_up(column: str, table: NDArray[np.int32]) -> pl.Expr:
    return pl.lit(pl.Series(table)).gather(pl.col(column)).alias(column)


def _take_over(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
