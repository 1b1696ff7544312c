"""Which rows of the facts are not what they were, told from the files that two generations do not share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from smarketing.facts.frames import empty, table_named
from smarketing.ledger.folder import Folder, read_whole, scan_files
from smarketing.ledger.manifest import Part

UNREAD = ("seen_at", "updated_at")  # columns that nothing in the replica depends on


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of one table that are there no longer as they were, and rows that were not there like this."""

    gone: pl.DataFrame
    came: pl.DataFrame

    def __bool__(self) -> bool:
        return bool(self.gone.height or self.came.height)

    @property
    def rows(self) -> pl.DataFrame:
        return pl.concat([self.gone, self.came])

    def by(self, *columns: str) -> pl.DataFrame:
        """The rows that differ in one of these columns, which hold the table's key."""
        gone, came = self.gone[list(columns)], self.came[list(columns)]
        if gone.is_empty() or came.is_empty():
            return pl.concat([gone, came])
        return pl.concat(
            [
                gone.join(came, on=list(columns), how="anti", nulls_equal=True),
                came.join(gone, on=list(columns), how="anti", nulls_equal=True),
            ]
        )

    def where(self, column: str, value: str) -> Moved:
        return Moved(*(rows.filter(pl.col(column) == value) for rows in (self.gone, self.came)))


def moved(before: Folder, after: Folder, name: str) -> Moved:
    """What happened to table `name`. Files that both have are not read."""
    old = {Path(part.file).name: part for part in before.parts(name)}
    new = {Path(part.file).name: part for part in after.parts(name)}
    left = _rows(before, name, [part for file, part in old.items() if file not in new])
    come = _rows(after, name, [part for file, part in new.items() if file not in old])
    return differing(left, come)


def differing(left: pl.DataFrame, come: pl.DataFrame) -> Moved:
    """Rows that went and rows that came, but for those that did both."""
    if left.is_empty() or come.is_empty():
        return Moved(left, come)
    was, now = left.hash_rows(), come.hash_rows()
    return Moved(left.filter(~was.is_in(now.implode())), come.filter(~now.is_in(was.implode())))


def _rows(facts: Folder, name: str, parts: list[Part]) -> pl.DataFrame:
    if not parts:
        return empty(table_named(name)).drop(UNREAD, strict=False)
    rows = scan_files([facts.path / part.file for part in parts], table_named(name)).drop(UNREAD, strict=False)
    return read_whole(rows, facts.path)
