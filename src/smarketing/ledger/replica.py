"""The columnar replica of a facts folder: disposable, refreshed when the facts have moved on, swapped atomically.

DIR/replica/replica.json points to the generation in use. A new generation is built in a folder of its own, from the
one before where that says enough (ledger.replica_refresh), and published by replacing that pointer, so two processes
may build at once and nobody reads half of anything. The pointer is kept beside each generation as well: whoever opened
the facts before they moved on finds theirs.
"""

from __future__ import annotations

import difflib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from uuid import uuid4

import polars as pl

from smarketing.engine.history import Codebook, Deliveries, History
from smarketing.ledger.bucket_files import (
    BUCKET_LEADS,
    bucket_path,
    bucket_span,
    read_bucket,
    read_codebook,
    read_deliveries,
)
from smarketing.ledger.durable import sync_files, sync_folder, write_durably
from smarketing.ledger.effort import EFFORT
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.generations import latest_first, outlived
from smarketing.ledger.lock import in_turn
from smarketing.ledger.mirror_shown import shown_beginnings
from smarketing.ledger.part_links import Parts, link_parts, linked_facts, parts_of
from smarketing.ledger.replica_build import LEAD_IDS, build
from smarketing.ledger.replica_refresh import Refreshed, refresh
from smarketing.ledger.succession import SUCCESSION, write_succession
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

REPLICA = "replica"
POINTER = "replica.json"
OWN_POINTER = ".pointer.json"
FORMAT = 4  # of the buckets; another number has every replica rebuilt


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation holds which facts."""

    format: int
    facts: str  # id of the folder of facts
    sequence: int
    folder: str
    n_leads: int
    first_at: int
    latest_at: int
    parts: Parts  # the files that were the facts


class Replica:
    """Leads in buckets of 131,072, numbered by (created_at, src, lead_id); `first_at`, `latest_at` in µs."""

    def __init__(self, path: Path, *, n_leads: int, first_at: int, latest_at: int) -> None:
        self.path, self.n_leads, self.first_at, self.latest_at = path, n_leads, first_at, latest_at
        self.codebook: Codebook = read_codebook(path)

    @property
    def n_buckets(self) -> int:
        return -(-self.n_leads // BUCKET_LEADS)

    @staticmethod
    def bucket_of(number: int) -> int:
        return number // BUCKET_LEADS

    def history(self, bucket: int) -> History:
        return read_bucket(self.path, bucket)

    def span(self, bucket: int) -> tuple[int, int]:
        """The earliest and the latest instant of anything in a bucket, in µs."""
        return bucket_span(self.path, bucket)

    def deliveries(self) -> Deliveries:
        return read_deliveries(self.path)

    def lead_ids(self, bucket: int) -> pl.Series:
        """The ids at the source of the leads of `bucket`, by position."""
        ids = pl.scan_parquet(bucket_path(self.path, LEAD_IDS, bucket), glob=False).select("lead_id")
        return read_whole(ids, self.path).to_series()

    def lead_id(self, number: int) -> str:
        return str(self.lead_ids(number // BUCKET_LEADS)[number % BUCKET_LEADS])

    def find(self, lead_id: str) -> int:
        """The number of the lead with this id; `source:id` where two sources use it.

        Raises FactsError that suggests the nearest ids.
        """
        found = self._ids().filter(
            (pl.col("lead_id") == lead_id) | (pl.concat_str("src", "lead_id", separator=":") == lead_id)
        )
        rows = read_whole(found, self.path)
        if rows.height == 1:
            return int(rows["number"].item())
        if rows.height > 1:
            choices = ", ".join(f"{row['src']}:{row['lead_id']}" for row in rows.iter_rows(named=True))
            what, hint = N_('"{lead_id}" is a lead of several sources.'), N_("Write one of {choices}.")
            raise FactsError(what, hint=hint, lead_id=lead_id, choices=choices)
        near = ", ".join(self._nearest(lead_id))
        hint = N_("Did you mean {near}?") if near else N_("Ids are those of the source, letter for letter.")
        raise FactsError(N_('There is no lead "{lead_id}".'), hint=hint, lead_id=lead_id, near=near)

    def numbers_of(self, leads: Sequence[tuple[str, str]]) -> list[int]:
        """The number of each (src, lead_id); −1 for one that there is not."""
        if not leads:
            return []
        wanted = pl.LazyFrame(leads, schema={"src": pl.String(), "lead_id": pl.String()}, orient="row").unique()
        rows = read_whole(self._ids().join(wanted, on=["src", "lead_id"], how="semi"), self.path)
        known = {(row["src"], row["lead_id"]): int(row["number"]) for row in rows.iter_rows(named=True)}
        return [known.get(lead, -1) for lead in leads]

    def _ids(self) -> pl.LazyFrame:
        files = [bucket_path(self.path, LEAD_IDS, bucket) for bucket in range(self.n_buckets)]
        schema = {"lead_id": pl.String(), "src": pl.String()}
        ids = pl.scan_parquet(files, glob=False) if files else pl.LazyFrame(schema=schema)
        return ids.with_row_index("number")

    def _nearest(self, lead_id: str) -> list[str]:
        """Up to three ids that look alike: those that begin or end alike are compared letter by letter."""
        wanted = lead_id.strip().lower()
        name = pl.col("lead_id").str.to_lowercase()
        alike = (
            name.str.starts_with(wanted[:3]) | name.str.ends_with(wanted[-4:]) | name.str.contains(wanted, literal=True)
        )
        ids = read_whole(self._ids().filter(alike).select("lead_id").head(5_000), self.path)["lead_id"]
        by_lower = {text.lower(): text for text in ids}
        return [by_lower[near] for near in difflib.get_close_matches(wanted, by_lower, n=3)]


def open_replica(folder: Folder) -> Replica:
    """The replica of `folder`, built first when there is none or the facts have moved on.

    Raises FactsError when the facts cannot be read or the replica cannot be written.
    """
    root = folder.path / REPLICA
    pointer = _fresh_pointer(root, folder)
    if pointer is None:
        try:
            root.mkdir(exist_ok=True)
            with in_turn(root), EFFORT.counted():
                pointer = _fresh_pointer(root, folder) or _rebuilt(folder, root)
        except OSError as error:
            what = N_("The replica cannot be written: {reason}.")
            hint = N_("The folder of facts must be writable; copy it if it is not.")
            raise FactsError(what, where=str(root), hint=hint, reason=error) from error
    path = root / pointer.folder
    return Replica(path, n_leads=pointer.n_leads, first_at=pointer.first_at, latest_at=pointer.latest_at)


def _fresh_pointer(root: Path, folder: Folder) -> Pointer | None:
    """What the pointer says that is about these facts, if the buckets are there; the one in use comes first."""
    wanted = (FORMAT, folder.manifest.id, folder.sequence, parts_of(folder))
    for path in chain([root / POINTER], root.glob(f"{_begin(folder)}*{OWN_POINTER}")):
        pointer = _pointer(path)
        told = pointer and (pointer.format, pointer.facts, pointer.sequence, pointer.parts)
        if pointer and told == wanted and (root / pointer.folder).is_dir():
            return pointer
    return None


def _begin(folder: Folder) -> str:
    """How the names of generations of these facts begin."""
    return f"{folder.sequence:06}-"


def _pointer(path: Path) -> Pointer | None:
    """What a pointer says; one that cannot be read is as good as none."""
    try:
        return Pointer(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _rebuilt(folder: Folder, root: Path) -> Pointer:
    before = _pointer(root / POINTER)
    name = f"{_begin(folder)}{uuid4().hex[:8]}"
    _sweep(root, before.folder if before else "")
    target = root / name
    refreshed = _refreshed(folder, root, before, target)
    if refreshed is None:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
    extent = refreshed.extent if refreshed else build(folder, target)  # if it is killed, the next one sweeps
    sync_files(target)
    if refreshed and before:
        write_succession(root, name, before.folder, refreshed.succession)
    pointer = Pointer(
        FORMAT,
        folder.manifest.id,
        folder.sequence,
        name,
        extent.n_leads,
        extent.first_at,
        extent.latest_at,
        parts_of(folder),
    )
    said = json.dumps(asdict(pointer), indent=1)
    (root / f"{name}{OWN_POINTER}").write_text(said, encoding="utf-8")
    write_durably(root / POINTER, lambda path: path.write_text(said, encoding="utf-8"))
    sync_folder(root)
    link_parts(folder)
    return pointer


def _refreshed(folder: Folder, root: Path, before: Pointer | None, target: Path) -> Refreshed | None:
    """The new generation made from the one before; None when that is not to be had or does not say enough."""
    target.mkdir()
    if before is None or (before.format, before.facts) != (FORMAT, folder.manifest.id):
        return None
    earlier, facts = root / before.folder, linked_facts(folder, before.parts)
    if facts is None or not earlier.is_dir():
        return None
    try:
        return refresh(facts, earlier, before.n_leads, folder, target)
    except FactsError:  # a damaged file of the replica costs time; one of the facts stops the whole build as well
        return None


def _sweep(root: Path, kept: str) -> None:
    """Remove generations past, torn ones, which are later than the one that is `kept`, and what was noted of them."""
    folders = latest_first(folder for folder in root.iterdir() if folder.is_dir())
    names = [folder.name for folder in folders]
    torn = folders[: names.index(kept)] if kept in names else folders
    for folder in {*torn, *outlived(folders[len(torn) :], shown_beginnings(root.parent))}:
        shutil.rmtree(folder, ignore_errors=True)
    for note in {*root.glob(f"*{SUCCESSION}"), *root.glob(f"*{OWN_POINTER}")}:
        name = note.name.partition(".")[0]
        if not (root / name).is_dir() or (note.name.endswith(SUCCESSION) and name != kept):
            note.unlink(missing_ok=True)
