"""Facts on their way in: chunks on disk, so that an import of any size is merged in one piece or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.facts.schema import Table
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.lock import in_turn, sole_writer
from smarketing.ledger.receipts import IMPORTS_FOLDER
from smarketing.ledger.upsert import STORED, UPDATED, outcomes, winners
from smarketing.terms.errors import FactsError

PREFIX = ".staging-"
CONTENT = "\x00content"
TAG = "\x00tag"  # number of the file and of the row in it, as one integer
ROWS_OF_A_FILE = 1 << 40
CONTENT_HASH = "^h-[0-9a-f]{32}$"
MAY_REPEAT = ("lead", "touch", "deal", "spend", "delivery")  # two equal rows are two facts


class Staging:
    """A folder of chunks that belongs to one import and goes with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts: dict[str, list[Path]] = {}
        self._alike: dict[str, pl.DataFrame] = {}  # one row of the columns that say the same in all rows of a table
        self._n_written = 0

    def add(self, table: str, facts: pl.DataFrame, file_number: int, row: str) -> None:
        """Keep rows of a table; `row` is the column with the number of the file's row that gave them."""
        if facts.is_empty():
            return
        parts = self._parts.setdefault(table, [])
        self._n_written += 1
        path = self.path / f"{file_number}-{table}-{self._n_written}.parquet"
        tagged = facts.with_columns((pl.col(row) + file_number * ROWS_OF_A_FILE).alias(TAG)).drop(row)
        tagged.write_parquet(path, compression="lz4", statistics=False)
        parts.append(path)
        self._alike[table] = _alike(tagged, self._alike.get(table, tagged.drop(TAG).head(1)))

    @property
    def tables(self) -> list[str]:
        return [table for table, parts in self._parts.items() if parts]

    def discard(self, file_number: int) -> None:
        """Forget the rows of a file that turned out to be damaged."""
        for parts in self._parts.values():
            for path in [path for path in parts if path.name.startswith(f"{file_number}-")]:
                parts.remove(path)
                path.unlink()

    def _read(self, table: str) -> pl.DataFrame:
        """Memory holds once what all rows say: in most exports that is half of the columns."""
        rows, alike = pl.scan_parquet(self._parts[table], glob=False, hive_partitioning=False), self._alike[table]
        names = rows.collect_schema().names()
        read = rows.select(name for name in names if name not in alike.columns).collect()
        return read.with_columns(pl.lit(alike[name]).first().alias(name) for name in alike.columns).select(names)

    def facts(self, table: str) -> pl.DataFrame:
        """All rows of a table with their TAG.

        Where an id is a hash of content, equal rows of one file are told apart by a number; equal rows of two files
        are the same rows exported twice.
        """
        facts = self._read(table)
        own = table_named(table).key[-1]
        is_hash = pl.col(own).str.contains(CONTENT_HASH)
        if table not in MAY_REPEAT or not facts.select(is_hash.any()).item():
            return facts
        nth = pl.int_range(pl.len()).over(own, pl.col(TAG) // ROWS_OF_A_FILE)
        return facts.sort(TAG).with_columns(
            pl.when(is_hash & (nth > 0)).then(pl.format("{}-{}", own, nth + 1)).otherwise(pl.col(own)).alias(own)
        )


def _alike(rows: pl.DataFrame, one: pl.DataFrame) -> pl.DataFrame:
    """The columns of `one` that say in all `rows` what they say there; 0.0 and −0.0 pass for the same and are not."""
    same = rows.select(
        pl.col(name).is_null().all()
        if column.dtype.is_float()
        else pl.col(name).eq_missing(pl.lit(column).first()).all()
        for name, column in zip(one.columns, one, strict=True)
    )
    return one.select(name for name in same.columns if same[name].item())


def accepted_tags(facts: pl.DataFrame, table_name: str, folder: Folder) -> pl.Series:
    """The tags of rows that add something: a new fact, or a newer state of a known one.

    Of equal rows only the first adds anything, and of several states of one fact only the latest.
    """
    table = table_named(table_name)
    carriers = _carriers(facts, table)
    if not folder.n_rows(table_name):
        return carriers[TAG]
    key = list(table.key)
    stored = read_whole(folder.scan(table_name).join(carriers.lazy().select(key), on=key, how="semi"), folder.path)
    pairs = carriers.join(stored, on=key, how="inner", suffix=STORED)
    updates = pairs.filter(outcomes(pairs, table) == UPDATED)[TAG]
    new = carriers.select(*key, TAG).join(stored, on=key, how="anti")[TAG]
    return pl.concat([new, updates])


def _carriers(facts: pl.DataFrame, table: Table) -> pl.DataFrame:
    """For each key the first row that says what the winning one says."""
    won, lost = winners(facts.select(table.names), table)
    if not lost.n_duplicate + lost.n_outdated:
        return facts
    key, content = list(table.key), pl.struct([name for name in table.names if name != "seen_at"]).hash(seed=0)
    same = facts.with_columns(content.alias(CONTENT)).join(
        won.select(*key, content.alias(CONTENT)), on=[*key, CONTENT], how="semi"
    )
    return same.sort(TAG).unique(key, keep="first", maintain_order=True)


@contextmanager
def staging_place(folder: Path) -> Iterator[Path]:
    """A fresh place for the chunks of one import, swept away at the end; so is what killed imports left behind."""
    imports = folder / IMPORTS_FOLDER
    imports.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # Between a place's making and its locking nobody may sweep: one process at a time does either.
        with in_turn(imports):
            for left in imports.glob(PREFIX + "*"):
                _sweep(left)
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=imports))
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            stack.enter_context(sole_writer(place))
        yield place


def _sweep(left: Path) -> None:
    try:
        with sole_writer(left):
            pass
    except FactsError:
        return  # its import is alive
    shutil.rmtree(left, ignore_errors=True)


def per_file(tags: Mapping[str, pl.Series]) -> dict[int, int]:
    """How many rows of each file added something to any table."""
    if not tags:
        return {}
    files = pl.concat([series.cast(pl.Int64) for series in tags.values()]).unique() // ROWS_OF_A_FILE
    counts = files.value_counts(name="n")
    return dict(zip(counts[files.name].to_list(), counts["n"].to_list(), strict=True))
