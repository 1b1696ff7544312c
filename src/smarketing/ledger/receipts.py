"""What an import did, file by file: kept beside the facts, and asked before a file is read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from smarketing.ledger.durable import sync_folder, write_durably
from smarketing.ledger.upsert import TableCounts
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

IMPORTS_FOLDER = "imports"
# What became of a file: read, read before, only looked into, not known to the profile, damaged.
IMPORTED, REPEATED, LINKING, UNKNOWN, UNREADABLE = "imported", "repeated", "linking", "unknown", "unreadable"


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """The fault of one row, as it may be shown: the value is shortened and personal data hidden."""

    row: int
    column: str
    value: str
    reason: str
    because: str


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """One table of one file. `n_rows` = accepted + rejected + duplicates, always.

    Beside them stand rows that are none: blank ones, headers that came again, rows the profile says are not facts.
    `fingerprint` tells this content read in this way; the same again is not read twice. `notes` and `problem` are in
    the words of whoever brought it; `sentences` keeps what they say them by, for readers of another language.
    """

    file: str
    sheet: str = ""
    status: str = IMPORTED
    read_as: str = ""
    kind: str = ""
    form: str = ""
    fingerprint: str = ""
    n_rows: int = 0
    n_accepted: int = 0
    n_rejected: int = 0
    n_duplicates: int = 0
    n_blank: int = 0
    n_unused: int = 0
    n_twice: int = 0
    n_emptied: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[RejectedCell, ...] = ()
    lost_ids: tuple[str, ...] = ()
    rejects_file: str = ""
    unread_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    sentences: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One import. `sequence` is that of the facts after it."""

    id: str
    at: datetime
    profile: str
    source: str
    zone: str
    is_dry_run: bool
    sequence: int
    files: tuple[FileReceipt, ...]
    tables: Mapping[str, TableCounts] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        return sum(file.n_rows for file in self.files)

    @property
    def n_accepted(self) -> int:
        return sum(file.n_accepted for file in self.files)

    @property
    def n_rejected(self) -> int:
        return sum(file.n_rejected for file in self.files)

    @property
    def n_duplicates(self) -> int:
        return sum(file.n_duplicates for file in self.files)

    def as_json(self) -> dict[str, Any]:
        totals = {name: getattr(self, name) for name in ("n_rows", "n_accepted", "n_rejected", "n_duplicates")}
        plain = asdict(self)
        return {**{name: plain[name] for name in plain if name not in ("files", "tables", "at")},
                "at": self.at.isoformat().replace("+00:00", "Z"), **totals,
                "files": plain["files"], "tables": plain["tables"]}  # fmt: skip


def write_receipt(folder: Path, receipt: Receipt) -> Path:
    """Keep a receipt beside the facts in `folder`."""
    path = folder / IMPORTS_FOLDER / f"{receipt.id}.json"
    text = json.dumps(receipt.as_json(), indent=1, ensure_ascii=False) + "\n"
    write_durably(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    sync_folder(path.parent)
    return path


def receipts(folder: Path) -> Iterator[dict[str, Any]]:
    """The receipts of a folder as JSON objects, oldest first.

    Raises FactsError when one is damaged.
    """
    for path in sorted((folder / IMPORTS_FOLDER).glob("*.json")):
        try:
            yield json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FactsError(
                N_("This receipt cannot be read: {problem}."),
                where=str(path),
                hint=N_("Delete it; the facts stay as they are."),
                problem=error,
            ) from None


def earlier_receipts(folder: Path) -> dict[str, dict[str, Any]]:
    """By fingerprint: how each file that entered this folder was counted when it was read."""
    found: dict[str, dict[str, Any]] = {}
    for receipt in receipts(folder):
        for file in receipt["files"]:
            if file["status"] == IMPORTED:
                found.setdefault(file["fingerprint"], file)
    return found
