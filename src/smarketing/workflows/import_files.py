"""Bring files of a CRM export into the facts: every row is accepted, rejected with a reason, or a duplicate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.failpoints import reach
from smarketing.ledger.receipts import (
    IMPORTS_FOLDER,
    LINKING,
    REPEATED,
    UNKNOWN,
    UNREADABLE,
    FileReceipt,
    Receipt,
    RejectedCell,
)
from smarketing.ledger.staging import TAG, Staging, accepted_tags, per_file, staging_place
from smarketing.ledger.store import Facts, Prepared
from smarketing.ledger.upsert import TableCounts
from smarketing.sources.export import Export, match_export
from smarketing.sources.headers import Matched
from smarketing.sources.profile import Profile
from smarketing.sources.read_cells import ROW
from smarketing.sources.read_export import FileCount, read_export_file
from smarketing.sources.read_profile import profile_fingerprint
from smarketing.sources.rejection import REASONS
from smarketing.sources.rejects import RejectsFile
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.import_sentences import sentences_of


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after every chunk: which file of how many, how much of it is read, how many rows so far.

    After the last file it is `share` of all rows that is written.
    """

    file: str
    number: int
    n_files: int
    share: float
    n_rows: int

    @property
    def whole(self) -> float:
        """How much of the import is done, of which reading is about half."""
        return (self.number + self.share) / self.n_files / 2 if self.number < self.n_files else (1 + self.share) / 2


Tell = Callable[[Progress], None]
Wish = Callable[[], bool]


class Cancelled(UserError):
    """Somebody changed their mind: nothing of the import is kept."""


def import_files(
    files: Sequence[Path],
    *,
    profile: Profile,
    facts: Facts,
    now: datetime,
    source: str = "",
    zone: str = "",
    is_dry_run: bool = False,
    progress: Tell | None = None,
    is_cancelled: Wish = lambda: False,
    keep: Callable[[Receipt], None] = lambda _: None,
    words: Words = ENGLISH,
) -> Receipt:
    """Read `files` through `profile` and merge what they tell into `facts`, all at once.

    Takes    source        name of the connection in the facts; the profile's where left out
             zone          zone of times without an offset, before the profile's
             now           when we learned it
             is_cancelled  asked after every chunk that is read or written; what was written is not published then
             keep          given the receipt in the transaction of the facts, once they are written
    Returns  the receipt, also kept with the facts; a dry run changes nothing and keeps nothing
    Raises   UserError when no file can be read through the profile, FactsError when the facts cannot be written,
             Cancelled
    """
    export = match_export(files, profile, src=source or profile.src, zone=zone)
    if not export.everything:
        raise nothing_to_read(export)
    if not is_dry_run:
        facts.make()
    with _scratch() if is_dry_run else staging_place(facts.home) as place:
        work = _Import(export, facts, place, now, is_dry_run, words)
        for position, found in enumerate(export.matched):
            work.read(position, found, progress, is_cancelled)
        if not work.is_worth_keeping:
            raise nothing_to_read(export)
        if is_dry_run:
            return work.finish()
        with facts.in_turn():
            work.write(progress, is_cancelled)
            with facts.in_one_piece():
                receipt = work.finish()
                keep(receipt)
                reach("import.receipt.before_commit")
            reach("import.receipt.after_commit")
        return receipt


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


class _Import:
    """One import on its way: files read into a staging place, then merged in one piece."""

    def __init__(
        self, export: Export, known: Facts, place: Path, now: datetime, is_dry_run: bool, words: Words
    ) -> None:
        self.export, self.known, self.now, self.is_dry_run, self.words = export, known, now, is_dry_run, words
        self.place, self.staging = place, Staging(place)
        self.id = f"{now:%Y%m%dT%H%M%SZ}-{export.fingerprint[:8]}"
        self.earlier = known.earlier_receipts()
        self.counts: dict[int, FileCount] = {}
        self.rejects: dict[int, RejectsFile] = {}
        self.receipts: dict[int, FileReceipt] = {}
        self.accepted: dict[int, int] = {}  # by position: rows that add something
        self.prepared: Prepared | None = None

    def read(self, position: int, found: Matched, progress: Tell | None, is_cancelled: Wish) -> None:
        """Read one file into the staging place, unless just this was read before; damaged, it leaves nothing."""
        fingerprint = self.export.fingerprint_of(found)
        if fingerprint in self.earlier:
            self.receipts[position] = _repeated(self._receipt(found, status=REPEATED), self.earlier[fingerprint])
            return
        decimal = found.rules.decimal or self.export.profile.decimal
        rejects = RejectsFile(self.place / f"{position}-rejects.csv", found.file.headers, decimal, self.words)

        def tell(share: float, n_rows: int) -> None:
            self._tell(found.file.title, position, share, n_rows, progress, is_cancelled)

        try:
            self.counts[position] = read_export_file(
                found,
                self.export,
                now=self.now,
                rejects=rejects,
                keep=lambda table, facts: self.staging.add(table, facts, position, ROW),
                tell=tell,
            )
            self.rejects[position] = rejects
        except Cancelled:
            raise
        except UserError as error:
            self.staging.discard(position)
            self.export.unreadable.append((found.file.path, error))
            self.receipts[position] = self._receipt(found, status=UNREADABLE, error=error)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether any file could be read, now or before."""
        return bool(self.counts or self.export.linking) or any(r.status == REPEATED for r in self.receipts.values())

    def write(self, progress: Tell | None, is_cancelled: Wish) -> None:
        """Find out which rows add something, and write them to where no reader looks yet."""
        frames = self._tagged()
        if not frames:
            return
        n_rows = sum(frame.height for frame in frames.values())

        def tell(share: float) -> None:
            n_files = len(self.export.matched)
            self._tell(self.words("Writing"), n_files, share, round(share * n_rows), progress, is_cancelled)

        tell(0.0)
        self.prepared = self.known.prepare({**frames, "source": self._source()}, tell=tell)

    def finish(self) -> Receipt:
        if self.is_dry_run:
            self._tagged()
        tables = self._publish()
        for position, count in self.counts.items():
            self.receipts[position] = self._counted(position, count, self.accepted.get(position, 0))
        receipt = Receipt(
            id=self.id,
            at=self.now,
            profile=self.export.profile.profile,
            source=self.export.src,
            zone=self.export.zone or self.export.profile.zone,
            is_dry_run=self.is_dry_run,
            sequence=self.known.sequence,
            files=(*[self.receipts[position] for position in sorted(self.receipts)], *self._others()),
            tables=tables,
        )
        return receipt if self.is_dry_run else self.known.keep_receipt(receipt)

    def _tagged(self) -> dict[str, pl.DataFrame]:
        """What was read, by table; rows that add something are counted."""
        facts = {table: self.staging.facts(table) for table in self.staging.tables}
        self.accepted = per_file({table: accepted_tags(rows, table, self.known) for table, rows in facts.items()})
        return {table: rows.drop(TAG) for table, rows in facts.items()}

    def _publish(self) -> dict[str, TableCounts]:
        if self.prepared is None:
            return {}
        counts = self.known.publish(self.prepared, import_id=self.id)
        return {name: counts.tables[name] for name in self.staging.tables}

    def _tell(
        self, title: str, number: int, share: float, n_rows: int, progress: Tell | None, is_cancelled: Wish
    ) -> None:
        if is_cancelled():
            raise Cancelled(N_("The import was cancelled; nothing of it was kept."))
        if progress:
            progress(Progress(title, number, len(self.export.matched), share, n_rows))

    def _source(self) -> pl.DataFrame:
        profile = self.export.profile
        row: dict[str, Any] = {
            "src": self.export.src,
            "kind": profile.kind,
            "zone": self.export.zone or profile.zone or None,
            "currency": profile.currency or None,
            "mapping_version": profile_fingerprint(profile)[:16],
            "seen_at": self.now,
        }
        texts = dict.fromkeys(row, pl.String())
        return pl.DataFrame([row], schema={**texts, "seen_at": pl.Datetime("us", "UTC")})

    def _counted(self, position: int, count: FileCount, n_accepted: int) -> FileReceipt:
        found = self.export.matched[position]
        return self._receipt(
            found,
            n_rows=count.n_rows,
            n_accepted=n_accepted,
            n_rejected=count.n_rejected,
            n_duplicates=count.n_rows - count.n_rejected - n_accepted,
            n_blank=count.n_blank,
            n_unused=count.n_unused,
            n_twice=count.n_twice,
            n_emptied=count.n_emptied,
            reasons=dict(count.reasons.most_common()),
            examples=tuple(
                RejectedCell(row, column, value, reason, self.words(REASONS[reason]))
                for row, column, value, reason in count.examples
            ),
            lost_ids=tuple(count.lost_ids)[:20],
            unread_columns=tuple(count.unread_columns),
            rejects_file=self._kept_rejects(position, found),
        )

    def _kept_rejects(self, position: int, found: Matched) -> str:
        rejects = self.rejects[position]
        if not rejects.n_rows or self.is_dry_run:
            return ""
        stem = found.file.path.stem + (f"-{found.file.sheet}" if found.file.sheet else "")
        plain = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in stem)[:80]
        name = f"{IMPORTS_FOLDER}/{self.id}-{plain}-rejects.csv"
        rejects.path.replace(self.known.home / name)
        return name

    def _others(self) -> list[FileReceipt]:
        """Files that gave no facts, each with why."""
        linking = [self._receipt(found, status=LINKING) for found in self.export.linking]
        unknown = [FileReceipt(file.path.name, status=UNKNOWN, kind=file.kind) for file in self.export.unknown]
        told = {receipt.file for receipt in self.receipts.values()}
        unreadable = [
            FileReceipt(path.name, status=UNREADABLE, problem=self._told(error), sentences=sentences_of((), error))
            for path, error in self.export.unreadable
            if path.name not in told
        ]
        return [*linking, *unknown, *unreadable]

    def _told(self, error: UserError | None) -> str:
        if error is None:
            return ""
        error.translate(self.words)
        return str(error)

    def _receipt(self, found: Matched, *, error: UserError | None = None, **said: Any) -> FileReceipt:
        return FileReceipt(
            file=found.file.path.name,
            sheet=found.file.sheet,
            read_as=found.name,
            kind=found.file.kind,
            form=found.file.form,
            fingerprint=self.export.fingerprint_of(found),
            notes=tuple(note.told(self.words) for note in found.file.notes),
            problem=self._told(error),
            sentences=sentences_of(found.file.notes, error),
            **said,
        )


def _repeated(receipt: FileReceipt, earlier: dict[str, Any]) -> FileReceipt:
    """The same content read in the same way: what was accepted then is a duplicate now."""
    return replace(
        receipt,
        n_rows=earlier["n_rows"],
        n_rejected=earlier["n_rejected"],
        n_duplicates=earlier["n_accepted"] + earlier["n_duplicates"],
        reasons=earlier["reasons"],
        rejects_file=earlier["rejects_file"],
    )


def nothing_to_read(export: Export) -> UserError:
    """Why the first of the files could not be read, when none could."""
    if export.unreadable:
        return export.unreadable[0][1]
    if not export.unknown:
        hint = N_("Write: smarketing import FILE --profile PROFILE --facts DIR.")
        return UserError(N_("No file is named."), hint=hint)
    file = export.unknown[0]
    return UserError(
        N_("The profile {profile} has no rules for this file. Its columns are {columns}."),
        where=file.title,
        hint=N_("Choose another profile, or let one be proposed: --guess profile.yaml."),
        profile=export.profile.profile,
        columns=", ".join(file.headers[:8]) + (" …" if len(file.headers) > 8 else ""),
    )
