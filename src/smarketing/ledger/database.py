"""The ledger: facts whose truth is the database, read through the folder that mirrors them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from smarketing.facts.frames import conforming, table_named
from smarketing.failpoints import reach
from smarketing.ledger.change import Change, Upserted
from smarketing.ledger.few_rows import upserted
from smarketing.ledger.folder import Folder, MergeCounts, Prepared, Tell
from smarketing.ledger.import_rows import kept_receipt, receipts_by_fingerprint
from smarketing.ledger.lag import Lag, is_behind_on
from smarketing.ledger.manifest import Manifest
from smarketing.ledger.merge_turns import merge_turn, sweep_unpublished
from smarketing.ledger.mirror import dropped, publish_with_commit, refreshed, state_of
from smarketing.ledger.models import Merge
from smarketing.ledger.news import FileNews, News, RowNews
from smarketing.ledger.receipts import Receipt
from smarketing.ledger.row_ties import RowTies
from smarketing.ledger.row_writes import Aside, load_unpublished, publish_aside
from smarketing.ledger.taking_back import TakenBack, take_back
from smarketing.ledger.values import settled
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

MIRROR = "facts"
FEW_ROWS = 5_000  # of a merge: looked up one by one they are found sooner than by reading the mirror


@dataclass(frozen=True, slots=True)
class Planned(Prepared):
    """What a merge will come to, found out without a write to the database.

    `change` is the next generation of the mirror; None for few rows, which it takes over when somebody reads it next.
    """

    sequence: int
    found: dict[str, Upserted]
    change: Change | None


@dataclass(frozen=True, slots=True)
class Loaded(Prepared):
    """Rows that are in the database under a number of which nobody knows yet, and those that are aside."""

    sequence: int
    change: Change | None
    asides: list[Aside]


class _Shares:
    def __init__(self, n_rows: int, tell: Tell) -> None:
        self.n_rows, self.n_done, self.tell = n_rows, 0, tell

    def add(self, n_rows: int) -> None:
        self.n_done += n_rows
        self.tell(self.n_done / self.n_rows)


class Ledger(Folder):
    """The facts as they were when this was opened, or after the latest merge through it.

    `by` is the id of the person for whom it was opened; imports remember it. The mirror catches up when it is read:
    at once, unless `is_to_write` says that this was opened for a merge and may never be read. It may stay behind by
    what `lag` says.
    """

    def __init__(
        self,
        home: Path,
        *,
        by: int | None = None,
        using: str = DEFAULT_DB_ALIAS,
        is_to_write: bool = False,
        lag: Lag | None = None,
    ) -> None:
        self._home, self.by, self.using, self._depth = home, by, using, 0
        self.path, self._sequence = home / MIRROR, 0
        self._manifest: Manifest | None = None if is_to_write else refreshed(self.path, using, lag)

    @property
    def manifest(self) -> Manifest:  # type: ignore[override]
        if self._manifest is None:
            self._manifest = refreshed(self.path, self.using)
        return self._manifest

    @property
    def sequence(self) -> int:
        return self._sequence if self._depth else self.manifest.sequence

    def look_again(self) -> None:
        """What was merged through this is undone: the facts are what the database says now."""
        self._manifest, self._sequence = None, state_of(self.using).sequence

    def catch_up_on(self, src: str, lead_id: str) -> None:
        """The facts are what the database says now, if this stayed behind on what is said of a lead."""
        if is_behind_on(self.sequence, src, lead_id, self.using):
            self.look_again()

    @property
    def home(self) -> Path:
        return self._home

    def make(self) -> None:
        """There is always a ledger."""

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Nobody else merges inside the block; the facts are the latest when it begins, and the database is free.

        Raises FactsError when somebody else has been merging for too long, or the database refuses something.
        """
        if self._depth:
            yield
            return
        connection = connections[self.using]
        with _said_plainly(), merge_turn(connection, self.home):
            self.look_again()
            sweep_unpublished(connection, self._sequence)
            self._depth += 1
            try:
                yield
            except BaseException:
                self._forget(connection)
                raise
            finally:
                self._depth -= 1

    def _forget(self, connection: BaseDatabaseWrapper) -> None:
        """What was loaded and will not be published goes at once; where that cannot be, with the next merge."""
        if not connection.in_atomic_block:
            with suppress(DatabaseError, FactsError):
                sweep_unpublished(connection, state_of(self.using).sequence)

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """One transaction in a turn of ours."""
        with self.in_turn(), transaction.atomic(using=self.using):
            yield

    def merge(self, frames: Mapping[str, pl.DataFrame], *, import_id: str = "") -> MergeCounts:
        """Upsert `frames` by table name, all of them or none: into the database, and then into its mirror.

        Takes, Returns and Raises as a folder's does; the database knows imports by their receipts.
        """
        with self.in_turn():
            return self.publish(self.prepare(frames), import_id=import_id)

    def prepare(self, frames: Mapping[str, pl.DataFrame], *, tell: Tell = lambda _: None) -> Loaded:
        """Load `frames` where no reader looks yet, in many short transactions; for `publish` in the same turn.

        `tell` hears which share is written, outside of any transaction; what it raises ends the merge.
        """
        return self.load(self.plan(frames), tell=tell)

    def plan(self, frames: Mapping[str, pl.DataFrame]) -> Planned:
        """What merging `frames` comes to; for `load` in the same turn.

        Few rows are looked up in the database; for many the files of the mirror are read, and written anew.
        """
        tables = {name: table_named(name) for name in frames}
        rows = {name: settled(conforming(frame, tables[name]), tables[name]) for name, frame in frames.items()}
        change = None if sum(frame.height for frame in rows.values()) <= FEW_ROWS else self._change()
        found = {
            name: change.upsert(tables[name], frame) if change else upserted(tables[name], frame, self.using)
            for name, frame in rows.items()
        }
        counts = MergeCounts({name: each.counts for name, each in found.items()})
        return Planned(counts, self._sequence + 1, found, change)

    def news_of(self, planned: Planned) -> News:
        """What the open clocks may want to know of a merge before it is loaded."""
        if planned.change is None:
            return RowNews(RowTies(planned.found, self.using))
        before = Folder(self.path, planned.change.before)
        return FileNews(before, Folder(self.path, planned.change.manifest()))

    def load(self, planned: Planned, *, tell: Tell = lambda _: None) -> Loaded:
        """Load what was planned where no reader looks before it is published; inside a transaction, as part of it."""
        told = _Shares(planned.counts.n_accepted, tell)
        asides = [
            load_unpublished(table_named(name), found, planned.sequence, self.using, told.add)
            for name, found in planned.found.items()
        ]
        return Loaded(planned.counts, planned.sequence, planned.change, [aside for aside in asides if aside])

    def publish(
        self,
        loaded: Prepared,
        *,
        import_id: str = "",  # noqa: ARG002
        streamed_at: datetime | None = None,
    ) -> MergeCounts:
        """Make what was loaded the facts: the change happens with the commit.

        `streamed_at` is when, where events bring it that nobody waits for: readers may see it later (ledger.lag).
        """
        if isinstance(loaded, Loaded) and loaded.counts.n_accepted:
            with self.in_one_piece():
                reach("import.publish.before")
                for aside in loaded.asides:
                    publish_aside(aside, loaded.sequence, self.using)
                self._enter(loaded.sequence, loaded.change, streamed_at=streamed_at)
                reach("import.publish.after")
        return loaded.counts

    def take_back(self, seq: int) -> TakenBack:
        """Undo one merge: rows it brought go, rows it wrote over come back, unless a later merge wrote over them."""
        with self.in_one_piece():
            change = self._change()
            found = take_back(change, seq, self.using)
            self._enter(change.sequence, change, undoes=seq)
        return found

    def rebuild(self) -> None:
        """Throw away the mirror and all that was made from it, and make the mirror again from the database."""
        dropped(self.path)
        self._manifest = refreshed(self.path, self.using)

    def keep_receipt(self, receipt: Receipt) -> Receipt:
        return kept_receipt(receipt, self.by, self.using)

    def earlier_receipts(self) -> dict[str, dict[str, Any]]:
        return receipts_by_fingerprint(self.using)

    def _change(self) -> Change:
        return Change(self.path, self.manifest, tag=f"-{uuid4().hex[:8]}")

    def _enter(self, sequence: int, change: Change | None, **more: Any) -> None:
        """Give the change its number; the mirror's manifest follows the commit, or the next reader catches up."""
        merge = Merge.objects.using(self.using).create(seq=sequence, stamp=uuid4().hex, **more)
        self._manifest, self._sequence = None, sequence
        if change:
            after = self._manifest = replace(change.manifest(), sequence=merge.seq, stamp=merge.stamp)
            publish_with_commit(self.path, change.before, after, self.using)


def the_ledger(
    home: Path,
    *,
    by: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
    is_to_write: bool = False,
    lag: Lag | None = None,
) -> Ledger:
    """The facts of this installation, their mirror in HOME/facts brought up to date before it is read."""
    return Ledger(home, by=by, using=using, is_to_write=is_to_write, lag=lag)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What a database refuses, as a sentence."""
    try:
        yield
    except IntegrityError as error:
        raise FactsError(
            N_("The copy of the facts that is read does not fit the database: {reason}."),
            where=MIRROR,
            hint=N_("Run: smarketing rebuild. Nothing was changed."),
            reason=error,
        ) from error
    except DataError as error:
        raise FactsError(N_("The database refuses a value: {reason}."), reason=error) from error
    except OperationalError as error:
        raise FactsError(
            N_("The database is busy or cannot be reached: {reason}."),
            hint=N_("Try again in a minute; nothing was changed."),
            reason=error,
        ) from error
