"""The clocks of every lead at rest beside the replica: made once for an agreement, read by every list and page.

FACTS/clocks/KEY/GENERATION holds one Parquet file per bucket. The key stands for everything but the facts that a clock
depends on: the versions of the agreement and when each was in force, the program, the time zones and holidays. The
generation is the replica's; where the one before is there, only the clocks of dirty leads are made again, and the files
are those that making all of them gives. A folder appears whole or not at all, and all of it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import polars as pl

from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.ledger.bucket_files import damaged, write_codebook
from smarketing.ledger.clock_frames import clock_frame, clock_path, has_begun, is_at_risk, verdict, write_clocks
from smarketing.ledger.clock_splice import Splice, splice_for
from smarketing.ledger.durable import sync_files, sync_folder
from smarketing.ledger.effort import EFFORT
from smarketing.ledger.folder import read_whole
from smarketing.ledger.foundation import foundation
from smarketing.ledger.generations import latest_first, outlived
from smarketing.ledger.lock import in_turn
from smarketing.ledger.mirror_shown import shown_beginnings
from smarketing.ledger.replica import Replica
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, EPOCH_ORDINAL, ERA_END

CLOCKS = "clocks"
FORMAT = 1  # of the files; another number has all clocks made again
N_KEYS = 8  # agreements whose clocks are kept
MOST_THREADS = 8
NOTE = "clocks.json"
BUILDING = ".building"

Progress = Callable[[int, int], None]

__all__ = ["StoredClocks", "has_begun", "is_at_risk", "open_clocks", "verdict"]


@dataclass(frozen=True, slots=True)
class StoredClocks:
    """The clocks of all leads of `replica`; `tiers` and `calendars` are the names behind the codes of a row.

    Owners and sources are codes of the replica's codebook, `void` is 1 + a code of its reasons.
    """

    path: Path
    replica: Replica
    tiers: tuple[str, ...]
    calendars: tuple[str, ...]

    def scan(self, numbers: Collection[int] | None = None) -> pl.LazyFrame:
        """All clocks, unread, in the order of the leads. Columns as ledger.clock_frames.clock_schema.

        Takes numbers  of leads: only the buckets in which these lie, which hold other leads as well
        """
        buckets = set(range(max(self.replica.n_buckets, 1)))
        if numbers is not None:
            buckets = {self.replica.bucket_of(number) for number in numbers} or {0}
        files = [self._file(bucket) for bucket in sorted(buckets)]
        return pl.scan_parquet(files, glob=False, hive_partitioning=False)

    def frame(self, bucket: int) -> pl.DataFrame:
        """The clocks of one bucket.

        Raises FactsError when the file is missing or damaged.
        """
        return read_whole(pl.scan_parquet(self._file(bucket), glob=False), self.path)

    def of_lead(self, number: int) -> pl.DataFrame:
        """The clocks of one lead, by its number in the whole replica."""
        bucket = self.replica.bucket_of(number)
        rows = pl.scan_parquet(self._file(bucket), glob=False).filter(pl.col("number") == number)
        return read_whole(rows, self.path)

    def _file(self, bucket: int) -> Path:
        return clock_path(self.path, bucket)


def open_clocks(
    replica: Replica, versions: Sequence[Agreement], *, now: int | None = None, progress: Progress | None = None
) -> StoredClocks:
    """The clocks of every lead under all versions of one agreement, made first where there are none yet.

    What they say is what evaluate says with all facts known: at any `now` from the latest fact on, verdict(now) is
    the verdict of each. At an earlier one, counts and reassignments may already know what came later.

    Takes    now       clocks that run out by themselves are known until the end of the year after this one;
                       the latest fact when None
             progress  told how many buckets of how many are done
    Raises   FactsError when the replica is damaged or the clocks cannot be written, TermsError as compile_terms
    """
    horizon = horizon_of(max(replica.latest_at, now or 0))
    root = replica.path.parent.parent / CLOCKS / _key(versions, horizon)
    path = root / replica.path.name
    try:
        if not path.is_dir():
            root.mkdir(parents=True, exist_ok=True)
            with in_turn(root), EFFORT.counted():
                if not path.is_dir():
                    _sweep(root)
                    _make(replica, versions, horizon, path, progress or _quietly)
        tiers, calendars = _note(path)
    except OSError as error:
        what = N_("The clocks cannot be kept beside the replica: {reason}.")
        hint = N_("The folder must be writable and not full; deleting it is safe, it is made again.")
        raise FactsError(what, where=str(root), hint=hint, reason=error) from error
    return StoredClocks(path, replica, tiers, calendars)


def _note(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of tiers and of calendars."""
    try:
        note = json.loads((path / NOTE).read_text(encoding="utf-8"))
        return tuple(note["tiers"]), tuple(note["calendars"])
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path / NOTE, error) from error


def _quietly(_done: int, _of: int) -> None:
    pass


def _key(versions: Sequence[Agreement], horizon: int) -> str:
    content = [FORMAT, foundation(versions), horizon]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20]


def horizon_of(at: int) -> int:
    """The end of the next year: far enough for what runs out by itself, and the same on every day of a year."""
    year = date.fromordinal(min(at, ERA_END - 1) // DAY_US + EPOCH_ORDINAL).year
    return min((date(year + 2, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY_US, ERA_END)


def _make(replica: Replica, versions: Sequence[Agreement], horizon: int, path: Path, progress: Progress) -> None:
    compiled = compile_terms(versions, replica.codebook, start=replica.first_at, end=horizon)
    building = path.with_name(f"{path.name}-{uuid4().hex[:8]}{BUILDING}")
    building.mkdir()
    n_buckets, splice = max(replica.n_buckets, 1), splice_for(replica, path.parent)
    buckets = range(n_buckets)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        made = pool.map(lambda number: _make_bucket(building, number, replica, compiled, horizon, splice), buckets)
        for done, _ in enumerate(made, 1):
            progress(done, n_buckets)
    write_codebook(building, replica.codebook)
    note = {"tiers": compiled.tiers, "calendars": [calendar.id for calendar in compiled.calendars]}
    (building / NOTE).write_text(json.dumps(note, indent=1), encoding="utf-8")
    sync_files(building)
    building.rename(path)
    sync_folder(path.parent)


def _make_bucket(
    folder: Path, bucket: int, replica: Replica, compiled: Compiled, horizon: int, splice: Splice | None
) -> None:
    if bucket >= replica.n_buckets:  # there are no leads
        write_clocks(clock_path(folder, bucket), clock_frame(Evaluation({}, {}), 0, compiled))
    elif splice:
        splice.write(folder, bucket, replica, compiled, horizon - 1)
    else:
        history = replica.history(bucket)
        found = evaluate(history, compiled, now=horizon - 1)
        write_clocks(clock_path(folder, bucket), clock_frame(found, history.first, compiled))


def _sweep(root: Path) -> None:
    """Remove torn folders, generations past, and the agreements whose clocks were made longest ago."""
    folders = {folder for folder in root.iterdir() if folder.is_dir()}
    torn = {folder for folder in folders if folder.name.endswith(BUILDING)}
    agreements = latest_first(folder for folder in root.parent.iterdir() if folder.is_dir())
    for folder in [*torn, *outlived(folders - torn, shown_beginnings(root.parent.parent)), *agreements[N_KEYS:]]:
        shutil.rmtree(folder, ignore_errors=True)
