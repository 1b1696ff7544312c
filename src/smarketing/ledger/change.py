"""The next generation of a folder of facts while it is being written: which parts stay, which are written anew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from smarketing.facts.schema import Table
from smarketing.ledger.durable import TEMPORARY, sync_folder, write_durably
from smarketing.ledger.manifest import Manifest, Part, write_manifest
from smarketing.ledger.part_files import read_whole, scan_files
from smarketing.ledger.upsert import STORED, UPDATED, TableCounts, counts_of, outcomes, winners

MANY_PARTS = 8
SMALL_PART_ROWS = 1_000_000
TABLES_FOLDER = "tables"


@dataclass(frozen=True, slots=True)
class Upserted:
    """What an upsert came to: rows of unknown keys, rows that took the place of others, and those others."""

    new: pl.DataFrame
    updated: pl.DataFrame
    overwritten: pl.DataFrame
    counts: TableCounts


def met(new: pl.DataFrame, stored: pl.DataFrame, table: Table) -> Upserted:
    """What becomes of `new` rows, one for each key, beside the stored rows of their keys; counts lack the new ones."""
    pairs = new.join(stored, on=table.key, how="inner", suffix=STORED)
    outcome = outcomes(pairs, table)
    updated = pairs.filter(outcome == UPDATED).select(table.names)
    overwritten = stored.join(updated, on=table.key, how="semi")
    return Upserted(new.join(stored, on=table.key, how="anti"), updated, overwritten, counts_of(outcome))


class Change:
    """The next generation of a folder while it is being written; `tag` keeps its files apart from other attempts'."""

    def __init__(self, path: Path, manifest: Manifest, *, tag: str = "") -> None:
        self.path, self.before, self.tables = path, manifest, dict(manifest.tables)
        self.sequence, self.n_written, self.tag = manifest.sequence + 1, 0, tag

    def upsert(self, table: Table, rows: pl.DataFrame) -> Upserted:
        new, counts = winners(rows, table)
        parts: list[Part] = []
        updated, overwritten = [rows.clear().select(table.names)], [rows.clear().select(table.names)]
        for part in self.tables.get(table.name, ()):
            stored = self._stored(table, part, new)
            if stored.is_empty():
                parts.append(part)
                continue
            here = met(new, stored, table)
            parts.append(self._with(table, part, here.updated) if here.updated.height else part)
            updated.append(here.updated)
            overwritten.append(here.overwritten)
            counts += here.counts
            new = here.new
        if new.height:
            parts.append(self._written(table, new))
        self.tables[table.name] = self._compacted(table, parts)
        counts += TableCounts(rows.height, new.height)
        return Upserted(new, pl.concat(updated), pl.concat(overwritten), counts)

    def replace(self, table: Table, keys: pl.DataFrame, rows: pl.LazyFrame) -> None:
        """Take the rows with these `keys` out, whatever they hold, and put `rows` in."""
        parts: list[Part] = []
        for part in self.tables.get(table.name, ()):
            if self._stored(table, part, keys).is_empty():
                parts.append(part)
                continue
            kept = read_whole(self._scan(table, part).join(keys.lazy(), on=table.key, how="anti"), self.path)
            if kept.height:
                parts.append(self._written(table, kept))
        part = self._sunk(table, rows)
        if part.n_rows:
            parts.append(part)
        self.tables[table.name] = self._compacted(table, parts)

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

    def _sunk(self, table: Table, rows: pl.LazyFrame) -> Part:
        """A part of rows that are never all in memory."""
        return self._kept(table, lambda place: rows.sink_parquet(place, compression="zstd", compression_level=1))

    def _written(self, table: Table, rows: pl.DataFrame) -> Part:
        return self._kept(table, lambda place: rows.write_parquet(place, compression="zstd", compression_level=1))

    def _kept(self, table: Table, write: Callable[[Path], object]) -> Part:
        self.n_written += 1
        file = f"{TABLES_FOLDER}/{table.name}-{self.sequence}-{self.n_written}{self.tag}.parquet"
        path = self.path / file
        write_durably(path, write)
        n_rows = pl.scan_parquet(path, glob=False, hive_partitioning=False).select(pl.len()).collect().item()
        return Part(file, n_rows, path.stat().st_size)

    def manifest(self, import_id: str = "") -> Manifest:
        """What the folder will be; as it was when nothing changed."""
        tables = {name: parts for name, parts in self.tables.items() if parts}
        if tables == self.before.tables:
            return self.before
        imports = (*self.before.imports, import_id) if import_id else self.before.imports
        return Manifest(self.before.id, self.sequence, tables, imports)

    def publish(self, import_id: str = "") -> Manifest:
        """The change happens here, with the renaming of the manifest."""
        manifest = self.manifest(import_id)
        if manifest != self.before:
            sync_folder(self.path / TABLES_FOLDER)
            write_manifest(self.path, manifest)
        return manifest


def sweep(path: Path, *kept: Collection[str]) -> None:
    """Remove what no reader of the latest facts needs: torn writes, and files that none of `kept` names."""
    files = {file for names in kept for file in names}
    for file in [*(path / TABLES_FOLDER).glob("*.parquet*"), *path.glob("*" + TEMPORARY)]:
        if file.relative_to(path).as_posix() not in files:
            file.unlink(missing_ok=True)
