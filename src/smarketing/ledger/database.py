"""The ledger: facts whose truth is the database, read through the folder that mirrors them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, OperationalError, connections, transaction

from smarketing.facts.frames import conforming, table_named
from smarketing.ledger.change import Change
from smarketing.ledger.folder import Folder, MergeCounts
from smarketing.ledger.import_rows import kept_receipt, receipts_by_fingerprint
from smarketing.ledger.mirror import dropped, publish, refreshed
from smarketing.ledger.models import Merge
from smarketing.ledger.receipts import Receipt
from smarketing.ledger.row_writes import write_upserted
from smarketing.ledger.taking_back import TakenBack, take_back
from smarketing.ledger.values import settled
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

MIRROR = "facts"
FULL = 2  # of SQLite's synchronous
WRITER_LOCK = 5_303_117  # any number, the same in every process: PostgreSQL's advisory lock of whoever merges


class Ledger(Folder):
    """The facts as they were when this was opened, or after the latest merge through it.

    `by` is the id of the person for whom it was opened; imports remember it.
    """

    def __init__(self, home: Path, *, by: int | None = None, using: str = DEFAULT_DB_ALIAS) -> None:
        self._home, self.by, self.using, self._depth = home, by, using, 0
        super().__init__(home / MIRROR, refreshed(home / MIRROR, using))

    @property
    def home(self) -> Path:
        return self._home

    def make(self) -> None:
        """There is always a ledger."""

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """One transaction, and nobody else merges while it lasts; the facts are the latest when it begins.

        Raises FactsError when somebody else has been writing for too long, or the database refuses a value.
        """
        with _said_plainly(), transaction.atomic(using=self.using):
            if not self._depth:
                self._lock()
                self.manifest = refreshed(self.path, self.using)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def merge(self, frames: Mapping[str, pl.DataFrame], *, import_id: str = "") -> MergeCounts:  # noqa: ARG002
        """Upsert `frames` by table name, all of them or none: into the database, and then into its mirror.

        Takes, Returns and Raises as a folder's does; the database knows imports by their receipts.
        """
        tables = {name: table_named(name) for name in frames}
        rows = {name: settled(conforming(frame, tables[name]), tables[name]) for name, frame in frames.items()}
        with self.in_one_piece():
            change = self._change()
            found = {name: change.upsert(tables[name], frame) for name, frame in rows.items()}
            if any(each.counts.n_accepted for each in found.values()):
                for name, upserted in found.items():
                    write_upserted(tables[name], upserted, change.sequence, self.using)
                self._enter(change)
        return MergeCounts({name: upserted.counts for name, upserted in found.items()})

    def take_back(self, seq: int) -> TakenBack:
        """Undo one merge: rows it brought go, rows it wrote over come back, unless a later merge wrote over them."""
        with self.in_one_piece():
            change = self._change()
            found = take_back(change, seq, self.using)
            self._enter(change, undoes=seq)
        return found

    def rebuild(self) -> None:
        """Throw away the mirror and all that was made from it, and make the mirror again from the database."""
        dropped(self.path)
        self.manifest = refreshed(self.path, self.using)

    def keep_receipt(self, receipt: Receipt) -> Receipt:
        return kept_receipt(receipt, self.by, self.using)

    def earlier_receipts(self) -> dict[str, dict[str, Any]]:
        return receipts_by_fingerprint(self.using)

    def _lock(self) -> None:
        """On SQLite the transaction itself is the lock, since it begins IMMEDIATE.

        Raises FactsError when SQLite would not bring a commit to the disk before it says that it has.
        """
        connection = connections[self.using]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            elif cursor.execute("PRAGMA synchronous").fetchone()[0] < FULL:
                raise FactsError(
                    N_("The database does not bring what it keeps to the disk."),
                    hint=N_("Set PRAGMA synchronous=FULL for its connections."),
                )

    def _change(self) -> Change:
        return Change(self.path, self.manifest, tag=f"-{uuid4().hex[:8]}")

    def _enter(self, change: Change, undoes: int | None = None) -> None:
        """Give the change its number; the mirror's manifest follows the commit, or the next reader catches up."""
        merge = Merge.objects.using(self.using).create(seq=change.sequence, stamp=uuid4().hex, undoes=undoes)
        self.manifest = replace(change.manifest(), sequence=merge.seq, stamp=merge.stamp)
        swap = partial(publish, self.path, change.before, self.manifest)
        transaction.on_commit(swap, using=self.using, robust=True)


def the_ledger(home: Path, *, by: int | None = None, using: str = DEFAULT_DB_ALIAS) -> Ledger:
    """The facts of this installation, their mirror in HOME/facts brought up to date."""
    return Ledger(home, by=by, using=using)


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
