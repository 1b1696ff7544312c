"""What a merge is about to change, and what that makes of the open clocks: told from rows, or from files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import polars as pl

from smarketing.facts.frames import empty, table_named
from smarketing.facts.schema import TABLES
from smarketing.ledger.dirty import JUDGED, Excerpt, Touches, dirt_of, held_by, said_of
from smarketing.ledger.folder import Folder
from smarketing.ledger.manifest import Manifest
from smarketing.ledger.names import names_of
from smarketing.ledger.open_clocks import Opened, Terms, changed, clocks_of, few_enough, judged
from smarketing.ledger.replica_refresh import made_of
from smarketing.ledger.row_ties import RowTies
from smarketing.terms.agreement import Agreement


class News(Protocol):
    def changed(self) -> pl.DataFrame | None:
        """The leads (src, lead_id) whose open clocks may be others after the merge; None for all."""

    def clocks_of(self, leads: pl.DataFrame, terms: Terms, now: datetime) -> Opened:
        """The open clocks of some leads after the merge."""


@dataclass(frozen=True, slots=True)
class FileNews:
    """A merge of many rows: two generations of a folder."""

    before: Folder
    after: Folder

    def changed(self) -> pl.DataFrame | None:
        return changed(self.before, self.after)

    def clocks_of(self, leads: pl.DataFrame, terms: Terms, now: datetime) -> Opened:
        return clocks_of(self.after, leads, terms, now)


@dataclass(slots=True)
class RowNews:
    """A merge of few rows, which are not in the database yet; `touches` are those that were looked through."""

    ties: RowTies
    touches: Touches | None = None

    def changed(self) -> pl.DataFrame | None:
        moved = {name: self.ties.moved(name) for name in JUDGED}
        dirt = dirt_of(moved, lambda: self.ties)
        self.touches = dirt.touches
        return few_enough(dirt, lambda: held_by(moved["owner"].rows["owner_id"], lambda: self.ties))

    def clocks_of(self, leads: pl.DataFrame, terms: Terms, now: datetime) -> Opened:
        if leads.is_empty() or not terms:
            return Opened.joined(())
        nothing = {name: empty(table_named(name)) for name in TABLES}
        said = {**nothing, **said_of(leads, self.ties, self.touches), "owner": self.ties.everything("owner")}
        few = Excerpt(Folder(Path(), Manifest()), said)
        named = {rep for versions in terms.values() for version in versions for rep in _reps(version)}
        names = names_of(few, ())
        if shared := _shared(self.ties, named, names.owners["owner_id"]):
            names = names_of(few, shared)
        return judged(made_of(few, names, leads), names, terms, now)


def _reps(version: Agreement) -> set[str]:
    """How an agreement names single owners: by name, by id, or by source and id."""
    scopes = [scope for each in version.commitments for scope in (each.only, *(over.only for over in each.overrides))]
    return {rep for scope in scopes for rep in scope.reps}


def _shared(ties: RowTies, named: Collection[str], owners: pl.Series) -> set[str]:
    """Those ids of `owners` that two sources use, as far as an agreement names them: they are not looked up quickly."""
    ids = sorted({*named, *(name.partition(":")[2] for name in named)} & set(owners))
    if not ids:
        return set()
    told = ties.owners_among(pl.Series(ids, dtype=pl.String))
    return set(told.group_by("owner_id").agg(pl.col("src").n_unique()).filter(pl.col("src") > 1)["owner_id"])
