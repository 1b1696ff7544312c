"""Real CRM exports imported through the profiles of tests/profiles, once for each run of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from smarketing.ledger.folder import Folder, folder_to_fill, open_folder
from smarketing.ledger.receipts import FileReceipt, Receipt
from smarketing.sources.read_profile import read_profile
from smarketing.workflows.import_files import import_files

PROFILES = Path(__file__).parent / "profiles"
NOW = datetime(2024, 6, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Imported:
    path: Path
    receipt: Receipt

    @cached_property
    def folder(self) -> Folder:
        return open_folder(self.path)

    def frame(self, table: str) -> pl.DataFrame:
        return self.folder.frame(table)

    def file(self, name: str) -> FileReceipt:
        return next(file for file in self.receipt.files if file.file == name)


def imported(files: list[Path], profile: str, path: Path, *, now: datetime = NOW, zone: str = "") -> Imported:
    """The facts of `files`; `profile` is one of tests/profiles or a shipped one."""
    own = PROFILES / f"{profile}.yaml"
    read = read_profile(str(own) if own.exists() else profile)
    return Imported(path, import_files(files, profile=read, facts=folder_to_fill(path), now=now, zone=zone))


def adds_up(receipt: Receipt) -> bool:
    """Rows in = accepted + rejected + duplicates, for every file and in total."""
    each = all(f.n_rows == f.n_accepted + f.n_rejected + f.n_duplicates for f in receipt.files)
    whole = receipt.n_rows == receipt.n_accepted + receipt.n_rejected + receipt.n_duplicates
    return each and whole and all(f.n_duplicates >= 0 for f in receipt.files)
