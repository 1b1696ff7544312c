"""Small made-up exports brought in through a small profile, and the check that no row was lost on the way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from smarketing.ledger.folder import folder_to_fill, open_folder
from smarketing.ledger.receipts import FileReceipt, Receipt
from smarketing.sources.profile import Profile
from smarketing.sources.read_profile import read_profile_text
from smarketing.workflows.import_files import import_files

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEADS = """
profile: small
zone: Europe/Madrid
currency: EUR
format: ["%d/%m/%Y %H:%M"]
files:
  leads:
    files: ["*"]
    take:
      - table: lead
        columns:
          lead_id: Id
          created_at: Created
          owner_id: Owner
          channel: Source
          score: Score
          status: Status
"""
DEALS = """
profile: small
zone: Europe/Madrid
currency: EUR
decimal: either
files:
  deals:
    files: ["*"]
    take:
      - table: deal
        columns:
          deal_id: Id
          status: {value: won}
          created_at: {column: Created, if_empty: "2026-01-01"}
          amount: Amount
          currency: Currency
"""


def profile(text: str = LEADS) -> Profile:
    return read_profile_text(text, where="small.yaml")


@dataclass(frozen=True)
class Brought:
    """An import of one file and the facts after it."""

    folder: Path
    receipt: Receipt

    @property
    def file(self) -> FileReceipt:
        return self.receipt.files[0]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.file.n_rows, self.file.n_accepted, self.file.n_rejected, self.file.n_duplicates

    def frame(self, table: str = "lead") -> pl.DataFrame:
        return open_folder(self.folder).frame(table)

    def column(self, name: str, table: str = "lead") -> list[object]:
        frame = self.frame(table)
        return frame.sort(frame.columns[1])[name].to_list()

    @property
    def rejects(self) -> list[dict[str, str]]:
        path = self.folder / self.file.rejects_file
        if not self.file.rejects_file:
            return []
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def bring(
    tmp_path: Path,
    content: bytes | str,
    *,
    name: str = "leads.csv",
    by: str | Profile = LEADS,
    folder: str = "facts",
    now: datetime = NOW,
) -> Brought:
    """Write a file and import it. Raises whatever the import raises; a UserError is an answer, anything else is not."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    read = by if isinstance(by, Profile) else profile(by)
    facts = folder_to_fill(tmp_path / folder)
    return Brought(facts.path, import_files([path], profile=read, facts=facts, now=now))


def check_adds_up(found: Brought) -> None:
    for file in found.receipt.files:
        assert file.n_rows == file.n_accepted + file.n_rejected + file.n_duplicates, file
        assert min(file.n_accepted, file.n_rejected, file.n_duplicates, file.n_blank, file.n_unused) >= 0, file
    rejected = sum(reason for reason in found.file.reasons.values())
    assert rejected == found.file.n_rejected == len(found.rejects)


def check_nothing_lost(found: Brought, ids: Iterable[str], table: str = "lead") -> None:
    """Every id that went in is a fact or stands in the rejects file."""
    check_adds_up(found)
    facts = set(found.column(found.frame(table).columns[1], table))
    text = (found.folder / found.file.rejects_file).read_text(encoding="utf-8") if found.file.rejects_file else ""
    lost = [each for each in ids if each not in facts and each not in text]
    assert lost == []
