"""The `--facts DIR` folder: canonical tables as Parquet files behind one manifest that is swapped atomically.

A table is a list of parts that share no key. A merge writes the rows that are new into a part of their own, rewrites
only the parts whose rows changed, and then replaces the manifest: a process killed at any point leaves the facts as
they were before or as they are after. Files that no manifest needs are swept by the next writer, one change late, so
that whoever opened the facts before the change can still read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import polars as pl

from smarketing.facts.frames import conforming, empty, table_named
from smarketing.facts.schema import Table
from smarketing.ledger.durable import TEMPORARY, sync_folder, write_durably
from smarketing.ledger.lock import sole_writer
from smarketing.ledger.manifest import MANIFEST, RESTORE, Manifest, Part, read_manifest, write_manifest
from smarketing.ledger.upsert import STORED, UPDATED, TableCounts, counts_of, outcomes, winners
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

MANY_PARTS = 8
SMALL_PART_ROWS = 1_000_000
TABLES_FOLDER = "tables"


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

    def parts(self, name: str) -> tuple[Part, ...]:
        return self.manifest.tables.get(table_named(name).name, ())

    def scan_part(self, name: str, part: Part) -> pl.LazyFrame:
        return scan_files([self.path / part.file], table_named(name))

    def merge(self, frames: Mapping[str, pl.DataFrame], *, import_id: str = "") -> MergeCounts:
        """Upsert `frames` by table name, all of them or none.

        Takes    frames     rows as facts.schema has them; optional columns may be left out
                 import_id  remembered in the manifest if anything changed
        Returns  what became of the rows; when nothing changed, nothing is written
        Raises   FactsError when a frame breaks its table's rules or another process is writing
        """
        rows = {name: conforming(frame, table_named(name)) for name, frame in frames.items()}
        with sole_writer(self.path):
            self.manifest = read_manifest(self.path)
            _sweep(self.path, self.manifest)
            change = _Change(self.path, self.manifest)
            counts = {name: change.upsert(table_named(name), frame) for name, frame in rows.items()}
            self.manifest = change.publish(import_id)
        return MergeCounts(counts)


def open_folder(path: Path) -> Folder:
    """The facts in `path`.

    Raises FactsError when there are none or they are damaged.
    """
    return Folder(path, read_manifest(path))


def create_folder(path: Path) -> Folder:
    """The facts in `path`; an empty folder of facts is made where there is none.

    Raises FactsError when `path` cannot be a folder.
    """
    try:
        (path / TABLES_FOLDER).mkdir(parents=True, exist_ok=True)
        if not (path / MANIFEST).exists():
            with sole_writer(path):
                if not (path / MANIFEST).exists():
                    write_manifest(path, Manifest(id=uuid4().hex))
    except OSError as error:
        raise FactsError(
            N_("A folder of facts cannot be made here: {reason}."),
            where=str(path),
            hint=N_("Choose another path for --facts."),
            reason=error,
        ) from error
    return open_folder(path)


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


def damaged(where: Path, error: Exception) -> FactsError:
    return FactsError(N_("The facts cannot be read: {reason}."), where=str(where), hint=RESTORE, reason=error)


class _Change:
    """The next generation of a folder while it is being written."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.before, self.tables = path, manifest, dict(manifest.tables)
        self.sequence, self.n_written = manifest.sequence + 1, 0

    def upsert(self, table: Table, rows: pl.DataFrame) -> TableCounts:
        new, counts = winners(rows, table)
        parts: list[Part] = []
        for part in self.tables.get(table.name, ()):
            stored = self._stored(table, part, new)
            if stored.is_empty():
                parts.append(part)
                continue
            pairs = new.join(stored, on=table.key, how="inner", suffix=STORED)
            outcome = outcomes(pairs, table)
            update = pairs.filter(outcome == UPDATED).select(table.names)
            parts.append(self._with(table, part, update) if update.height else part)
            counts += counts_of(outcome)
            new = new.join(stored, on=table.key, how="anti")
        if new.height:
            parts.append(self._written(table, new))
        self.tables[table.name] = self._compacted(table, parts)
        return counts + TableCounts(rows.height, new.height)

    def _stored(self, table: Table, part: Part, new: pl.DataFrame) -> pl.DataFrame:
        """The rows of `part` that `new` has news of. Keys first: most parts have none, and need not be read."""
        keys = new.lazy().select(table.key)
        met = read_whole(self._scan(table, part).select(table.key).join(keys, on=table.key, how="semi"), self.path)
        if met.is_empty():
            return met
        return read_whole(self._scan(table, part).join(met.lazy(), on=table.key, how="semi"), self.path)

    def _with(self, table: Table, part: Part, update: pl.DataFrame) -> Part:
        kept = read_whole(self._scan(table, part).join(update.lazy(), on=table.key, how="anti"), self.path)
        return self._written(table, pl.concat([kept, update]))

    def _compacted(self, table: Table, parts: list[Part]) -> tuple[Part, ...]:
        """Many small parts become one; parts share no key, so their rows are simply put together."""
        small = [part for part in parts if part.n_rows < SMALL_PART_ROWS]
        if len(small) <= MANY_PARTS:
            return tuple(parts)
        together = read_whole(pl.concat([self._scan(table, part) for part in small]), self.path)
        large = [part for part in parts if part.n_rows >= SMALL_PART_ROWS]
        return (*large, self._written(table, together))

    def _scan(self, table: Table, part: Part) -> pl.LazyFrame:
        return scan_files([self.path / part.file], table)

    def _written(self, table: Table, rows: pl.DataFrame) -> Part:
        self.n_written += 1
        file = f"{TABLES_FOLDER}/{table.name}-{self.sequence}-{self.n_written}.parquet"
        path = self.path / file
        write_durably(path, lambda temporary: rows.write_parquet(temporary, compression="zstd", compression_level=1))
        return Part(file, rows.height, path.stat().st_size)

    def publish(self, import_id: str) -> Manifest:
        """The change happens here, with the renaming of the manifest."""
        tables = {name: parts for name, parts in self.tables.items() if parts}
        if tables == self.before.tables:
            return self.before
        sync_folder(self.path / TABLES_FOLDER)
        imports = (*self.before.imports, import_id) if import_id else self.before.imports
        manifest = Manifest(self.before.id, self.sequence, tables, imports)
        write_manifest(self.path, manifest)
        return manifest


def _sweep(path: Path, manifest: Manifest) -> None:
    """Remove what no reader of the latest facts needs: torn writes and files of generations past."""
    for file in [*(path / TABLES_FOLDER).glob("*.parquet*"), *path.glob("*" + TEMPORARY)]:
        if file.relative_to(path).as_posix() not in manifest.files:
            file.unlink(missing_ok=True)
