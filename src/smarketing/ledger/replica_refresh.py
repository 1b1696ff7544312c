"""The next generation of the replica made from the one before: only leads that changed are built from the facts again.

Buckets without a dirty lead are taken over as they are. In the others dirty leads are taken out and put in anew, and
codes that moved are looked up. A lead that comes before others, because it was created earlier, moves all that follow
by one place: from its bucket on every bucket is written again, from the earlier buckets and not from the facts. The
files are those that a whole build writes, byte for byte. Where the earlier generation does not say enough (a person
became a queue, an owner's label changed, a file is missing, a fifth of all leads is dirty) all is built from the facts.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from smarketing.engine.history import NEVER, History
from smarketing.ledger.bucket_files import (
    BUCKET_LEADS,
    PARTS,
    bucket_path,
    bucket_span,
    read_bucket,
    read_codebook,
    write_bucket,
    write_codebook,
    write_deliveries,
)
from smarketing.ledger.dirty import dirty_leads, excerpt
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.keys import Touches
from smarketing.ledger.names import Names, names_of
from smarketing.ledger.recoded import Recoding
from smarketing.ledger.regrouped import chosen, regrouped
from smarketing.ledger.replica_build import LEAD_IDS, Extent, deliveries_of, small_history, write_lead_ids
from smarketing.ledger.succession import Bucket, Numbers, Succession

MOST_DIRTY = 0.2
MANY_LEADS = 1_000  # below this a share says nothing


@dataclass(frozen=True, slots=True)
class Refreshed:
    extent: Extent
    succession: Succession


@dataclass(frozen=True, slots=True)
class Made:
    """The dirty leads as they are now: their ids in the order of their numbers, and what happened to them."""

    ids: pl.DataFrame
    history: History


def refresh(before: Folder, earlier: Path, n_before: int, facts: Folder, target: Path) -> Refreshed | None:
    """Fill the empty folder `target` with the buckets of `facts`, from those of `earlier`, made from `before`.

    Returns  None when it must be built whole; `target` may then hold files to remove
    Raises   FactsError when facts or buckets cannot be read
    """
    dirt = dirty_leads(before, facts)
    if dirt.is_everything or len(dirt.leads) > max(MOST_DIRTY * n_before, MANY_LEADS):
        return None
    names = names_of(facts)
    recoding = Recoding.between(read_codebook(earlier), names.codebook)
    if recoding is None:
        return None
    old = _Earlier(earlier, n_before, recoding)
    made, gone = made_anew(facts, names, dirt.leads, dirt.touches), old.numbers_of(dirt.leads)
    succession = Succession(
        n_before,
        n_before - len(gone) + len(made.ids),
        gone,
        old.numbers_for(made, gone),
        BUCKET_LEADS,
    )
    for bucket in range(succession.n_buckets):
        if recoding.is_nothing and succession.is_same(bucket):
            _take_over(earlier, target, bucket)
        else:
            _write(target, bucket, succession.bucket(bucket), old, made)
    return Refreshed(_closing(target, facts, names, succession), succession)


def made_anew(facts: Folder, names: Names, leads: pl.DataFrame, touches: Touches | None = None) -> Made:
    """Some leads (src, lead_id) and what happened to them, from the facts, in the codes of `names`."""
    rows, history = small_history(excerpt(facts, leads, touches), names)
    own = rows.select("created_at", "src", "lead_id", pl.int_range(pl.len()).alias("position"))
    wanted = own.join(leads, on=["src", "lead_id"], how="semi", maintain_order="left")
    return Made(wanted.drop("position"), chosen(history, wanted["position"].to_numpy().astype(np.intp)))


class _Earlier:
    """The generation before, in the codes of the new one."""

    def __init__(self, path: Path, n_leads: int, recoding: Recoding) -> None:
        self.path, self.n_leads, self.recoding = path, n_leads, recoding
        self.history = lru_cache(maxsize=2)(self._history)
        self.lead_ids = lru_cache(maxsize=2)(self._lead_ids)

    @property
    def _buckets(self) -> range:
        return range(-(-self.n_leads // BUCKET_LEADS))

    def _history(self, bucket: int) -> History:
        return self.recoding.of(read_bucket(self.path, bucket))

    def _lead_ids(self, bucket: int) -> pl.DataFrame:
        return read_whole(pl.scan_parquet(bucket_path(self.path, LEAD_IDS, bucket), glob=False), self.path)

    def numbers_of(self, leads: pl.DataFrame) -> Numbers:
        """The earlier numbers of `leads` (src, lead_id), rising; those that were not there have none."""
        files = [bucket_path(self.path, LEAD_IDS, bucket) for bucket in self._buckets]
        if not files or leads.is_empty():
            return np.empty(0, np.int64)
        ids = pl.scan_parquet(files, glob=False).with_row_index("number")
        near = ids.filter(pl.col("lead_id").is_in(leads["lead_id"].unique().implode()))
        found = read_whole(near.join(leads.lazy(), on=["src", "lead_id"], how="semi").select("number"), self.path)
        return np.sort(found.to_series().to_numpy()).astype(np.int64)

    def numbers_for(self, made: Made, gone: Numbers) -> Numbers:
        """The new numbers of the leads put in, each after those that come before it by creation, src and id."""
        if made.ids.is_empty():
            return np.empty(0, np.int64)
        files = [bucket_path(self.path, "leads", bucket) for bucket in self._buckets]
        whole = [pl.scan_parquet(file, glob=False).select("created_at") for file in files]
        created = read_whole(pl.concat(whole), self.path).to_series().to_numpy() if whole else np.empty(0, np.int64)
        stayed = np.delete(np.arange(self.n_leads), gone)
        created = created[stayed]
        wanted = made.ids["created_at"].to_numpy()
        first, end = np.searchsorted(created, wanted), np.searchsorted(created, wanted, side="right")
        ties = {
            row: bisect_left(range(int(first[row]), int(end[row])), key, key=lambda rank: self._id(int(stayed[rank])))
            for row in np.flatnonzero(end > first).tolist()
            for key in [made.ids.select("src", "lead_id").row(row)]
        }
        first[list(ties)] += np.array(list(ties.values()), first.dtype)
        return first + np.arange(len(first))

    def _id(self, number: int) -> tuple[str, str]:
        src, lead_id = self.lead_ids(number // BUCKET_LEADS).select("src", "lead_id").row(number % BUCKET_LEADS)
        return src, lead_id


def _take_over(earlier: Path, target: Path, bucket: int) -> None:
    for part in (*PARTS, LEAD_IDS):
        old, new = (bucket_path(folder, part, bucket) for folder in (earlier, target))
        try:
            os.link(old, new)
        except OSError:
            shutil.copyfile(old, new)


def _write(target: Path, number: int, bucket: Bucket, old: _Earlier, made: Made) -> None:
    pieces = [(old.history(home), leads, places) for home, leads, places in bucket.kept]
    pieces.append((made.history, bucket.made, bucket.made_at))
    write_bucket(target, number, regrouped(number * BUCKET_LEADS, bucket.n_leads, pieces))
    frames = [old.lead_ids(home).select("lead_id", "src")[leads] for home, leads, _ in bucket.kept]
    frames.append(made.ids.select("lead_id", "src")[bucket.made])
    places = np.concatenate([*(places for _, _, places in bucket.kept), bucket.made_at])
    write_lead_ids(target, number, pl.concat(frames)[np.argsort(places)])


def _closing(target: Path, facts: Folder, names: Names, succession: Succession) -> Extent:
    """What belongs to no bucket, and how far everything reaches."""
    extent = Extent(succession.n_after)
    for bucket in range(succession.n_buckets):
        extent.cover(np.array([at for at in bucket_span(target, bucket) if abs(at) != NEVER], np.int64))
    deliveries = deliveries_of(facts, names)
    extent.cover(deliveries.at)
    write_deliveries(target, deliveries)
    write_codebook(target, names.codebook)
    return extent.closed()
