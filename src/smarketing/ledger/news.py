"""What a merge is about to change, and what that makes of the open clocks: told from rows, or from files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

from smarketing.ledger.dirty import JUDGED, dirt_of, held_by, said_of
from smarketing.ledger.folder import Folder
from smarketing.ledger.keys import Texts, keys_in, texts_in
from smarketing.ledger.names import Names
from smarketing.ledger.open_clocks import Opened, Terms, changed, clocks_of, few_enough, judged
from smarketing.ledger.replica_refresh import Made
from smarketing.ledger.row_history import made_of_rows
from smarketing.ledger.row_names import names_in, owners_in
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


@dataclass(frozen=True, slots=True)
class RowNews:
    """A merge of few rows, which are not in the database yet."""

    ties: RowTies

    def changed(self) -> pl.DataFrame | None:
        moved = {name: self.ties.moved(name) for name in JUDGED}
        dirt = dirt_of(moved, lambda: self.ties)
        return few_enough(dirt, lambda: held_by(texts_in(moved["owner"].rows, "owner_id"), lambda: self.ties))

    def clocks_of(self, leads: pl.DataFrame, terms: Terms, now: datetime) -> Opened:
        if leads.is_empty() or not terms:
            return Opened.joined(())
        return judged(*self.told_of(leads, terms), terms, now)

    def told_of(self, leads: pl.DataFrame, terms: Terms) -> tuple[Made, Names]:
        """What happened to some leads, after the merge."""
        said = said_of(keys_in(leads, leads=("lead_id",)), self.ties, self.ties.touches)
        owners = owners_in(said)
        ids = frozenset(owner for _, owner in owners)
        named = frozenset(rep for versions in terms.values() for version in versions for rep in _reps(version))
        names = names_in(said, owners, self.ties.owners(ids), _shared(self.ties, named, ids))
        return made_of_rows(said, names, leads), names


def _reps(version: Agreement) -> set[str]:
    """How an agreement names single owners: by name, by id, or by source and id."""
    scopes = [scope for each in version.commitments for scope in (each.only, *(over.only for over in each.overrides))]
    return {rep for scope in scopes for rep in scope.reps}


def _shared(ties: RowTies, named: Texts, owners: Texts) -> set[str]:
    """Those ids of `owners` that two sources use, as far as an agreement names them: they are not looked up quickly."""
    ids = (named | {name.partition(":")[2] for name in named}) & owners
    told = [owner for _, owner in ties.owners_among(ids)] if ids else []
    return {owner for owner in ids if told.count(owner) > 1}
