"""Bring uploaded files into the ledger while somebody watches how far it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from smarketing.failpoints import reach
from smarketing.ledger.receipts import IMPORTS_FOLDER, Receipt
from smarketing.records.models import Person
from smarketing.sources.read_profile import read_profile
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.workflows.import_files import Progress, Wish, import_files
from smarketing.workflows.note_import import note_import
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.refresh_scorecards import refresh_scorecards

READING = 0.9  # of the whole; the rest is for the clocks of agreements


def import_in_background(
    *,
    files: Sequence[str],
    profile: str,
    source: str = "",
    zone: str = "",
    by: Person | None = None,
    now: datetime,
    words: Words,
    tell: Callable[[float, str], None],
    is_cancelled: Wish,
) -> dict[str, Any]:
    """Import once; run again after a kill it finds what it had brought in already. Then bring the clocks up to date.

    Returns  the receipt as JSON
    Raises   UserError as import_files does, Cancelled
    """

    def told(step: Progress) -> None:
        rows = words.plural("{n} row", "{n} rows", step.n_rows)
        tell(READING * step.whole, f"{step.file}: {rows}")

    ledger = open_ledger(by=by.pk if by else None)
    receipt = import_files(
        [Path(file) for file in files],
        profile=read_profile(profile, words),
        facts=ledger,
        now=now,
        source=source,
        zone=zone,
        progress=told,
        is_cancelled=is_cancelled,
        keep=note_import(by=by, now=now),
        words=words,
    )
    _keep_reading(receipt, Path(profile), ledger.home)
    _refresh(now, words, tell)
    reach("import.finish")
    return receipt.as_json()


def kept_reading(import_id: str, home: Path) -> Path:
    """Where the profile of an import is kept, so that its corrected rejects are read in the same way."""
    return home / IMPORTS_FOLDER / f"{import_id}-profile.yaml"


def _keep_reading(receipt: Receipt, profile: Path, home: Path) -> None:
    if profile.is_file():
        shutil.copyfile(profile, kept_reading(receipt.id, home))


def _refresh(now: datetime, words: Words, tell: Callable[[float, str], None]) -> None:
    """So that no reader waits. What cannot be refreshed now says why on its own page; the import is done."""
    try:
        refresh_scorecards(now=now, words=words, tell=lambda share, what: tell(READING + (1 - READING) * share, what))
    except UserError as error:
        error.translate(words)
        tell(1.0, str(error))
