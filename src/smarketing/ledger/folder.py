"""The `--facts DIR` folder: canonical tables as Parquet files behind one manifest that is swapped atomically.

A table is a list of parts that share no key. A merge writes the rows that are new into a part of their own, rewrites
only the parts whose rows changed, and then replaces the manifest: a process killed at any point leaves the facts as
they were before or as they are after. Files that no manifest needs are swept by the next writer, one change late, so
that whoever opened the facts before the change can still read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from smarketing.facts.frames import conforming, table_named
from smarketing.ledger.change import TABLES_FOLDER, Change, sweep
from smarketing.ledger.lock import sole_writer
from smarketing.ledger.manifest import MANIFEST, Manifest, Part, read_manifest, write_manifest
from smarketing.ledger.part_files import damaged, read_whole, scan_files
from smarketing.ledger.receipts import Receipt, earlier_receipts, write_receipt
from smarketing.ledger.upsert import TableCounts
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

__all__ = ["Folder", "MergeCounts", "create_folder", "damaged", "open_folder", "read_whole", "scan_files"]


@dataclass(frozen=True, slots=True)
class MergeCounts:
    tables: Mapping[str, TableCounts] = field(default_factory=dict)

    @property
    def total(self) -> TableCounts:
        return sum(self.tables.values(), TableCounts())

    @property
    def n_accepted(self) -> int:
        return self.total.n_accepted

    @property
    def n_duplicates(self) -> int:
        """Rows that added nothing: the same content again, or an older version of what is stored."""
        return self.total.n_duplicate + self.total.n_outdated


Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A merge up to the moment in which it happens."""

    counts: MergeCounts


@dataclass(frozen=True, slots=True)
class Conforming(Prepared):
    rows: Mapping[str, pl.DataFrame]


class Folder:
    """Facts at rest as they were when this was opened, or after the latest merge through it."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    @property
    def sequence(self) -> int:
        """Grows by one with every merge that changed something."""
        return self.manifest.sequence

    def n_rows(self, name: str) -> int:
        return sum(part.n_rows for part in self.parts(name))

    def scan(self, name: str) -> pl.LazyFrame:
        """The table `name`, unread; the order of rows says nothing."""
        return scan_files([self.path / part.file for part in self.parts(name)], table_named(name))

    def frame(self, name: str) -> pl.DataFrame:
        """The whole table `name` in memory; the order of rows says nothing.

        Raises FactsError when a file is damaged.
        """
        return read_whole(self.scan(name), self.path)

    def held(self, name: str) -> pl.DataFrame | None:  # noqa: ARG002
        """The whole table `name` where it is in memory."""
        return None

    def parts(self, name: str) -> tuple[Part, ...]:
        return self.manifest.tables.get(table_named(name).name, ())

    def says_nothing(self, name: str) -> bool:
        """Whether a table has no rows, so that there is nothing to look for in it."""
        return not any(part.n_rows for part in self.parts(name))

    def scan_part(self, name: str, part: Part) -> pl.LazyFrame:
        return scan_files([self.path / part.file], table_named(name))

    def make(self) -> None:
        """Make the folder, unless it is there.

        Raises FactsError when `path` cannot be a folder.
        """
        try:
            (self.path / TABLES_FOLDER).mkdir(parents=True, exist_ok=True)
            if not (self.path / MANIFEST).exists():
                with sole_writer(self.path):
                    if not (self.path / MANIFEST).exists():
                        write_manifest(self.path, Manifest(id=uuid4().hex))
        except OSError as error:
            raise FactsError(
                N_("A folder of facts cannot be made here: {reason}."),
                where=str(self.path),
                hint=N_("Choose another path for --facts."),
                reason=error,
            ) from error
        self.manifest = read_manifest(self.path)

    def merge(self, frames: Mapping[str, pl.DataFrame], *, import_id: str = "") -> MergeCounts:
        """Upsert `frames` by table name, all of them or none.

        Takes    frames     rows as facts.schema has them; optional columns may be left out
                 import_id  remembered in the manifest if anything changed
        Returns  what became of the rows; when nothing changed, nothing is written
        Raises   FactsError when a frame breaks its table's rules or another process is writing
        """
        return self.publish(self.prepare(frames), import_id=import_id)

    def prepare(self, frames: Mapping[str, pl.DataFrame], *, tell: Tell = lambda _: None) -> Prepared:  # noqa: ARG002
        """All of a merge that nobody sees; the ledger's takes long, and tells which share of it is done."""
        rows = {name: conforming(frame, table_named(name)) for name, frame in frames.items()}
        return Conforming(MergeCounts(), rows)

    def publish(self, prepared: Prepared, *, import_id: str = "") -> MergeCounts:
        """Make what `prepare` gave the facts."""
        rows = prepared.rows if isinstance(prepared, Conforming) else {}
        with sole_writer(self.path):
            self.manifest = read_manifest(self.path)
            sweep(self.path, self.manifest.files)
            change = Change(self.path, self.manifest)
            counts = {name: change.upsert(table_named(name), frame).counts for name, frame in rows.items()}
            self.manifest = change.publish(import_id)
        return MergeCounts(counts)

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Nobody else merges inside the block, as far as this place can promise it: a folder promises each merge."""
        yield

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """What is merged and kept inside the block is there whole or not at all, as far as this place can promise it.

        A folder promises each merge; the ledger's database promises the block.
        """
        yield

    def keep_receipt(self, receipt: Receipt) -> Receipt:
        """Keep what an import did with the facts; returns it as it was kept."""
        write_receipt(self.path, receipt)
        return receipt

    def earlier_receipts(self) -> dict[str, dict[str, Any]]:
        """By fingerprint: how each file that entered these facts was counted when it was read."""
        return earlier_receipts(self.path)

    def catch_up_on(self, src: str, lead_id: str) -> None:
        """A folder was never behind."""

    @property
    def home(self) -> Path:
        """The folder in which `imports/` lies, with what was rejected."""
        return self.path


def open_folder(path: Path) -> Folder:
    """The facts in `path`.

    Raises FactsError when there are none or they are damaged.
    """
    return Folder(path, read_manifest(path))


def folder_to_fill(path: Path) -> Folder:
    """The facts in `path`; where there are none, no facts, and `make` makes their folder."""
    return open_folder(path) if (path / MANIFEST).exists() else Folder(path, Manifest())


def create_folder(path: Path) -> Folder:
    """The facts in `path`; an empty folder of facts is made where there is none.

    Raises FactsError when `path` cannot be a folder.
    """
    folder = folder_to_fill(path)
    folder.make()
    return folder
