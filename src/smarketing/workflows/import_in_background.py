"""Bring uploaded files into the ledger while somebody watches how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from smarketing.sources.read_profile import read_profile
from smarketing.terms.language import Words
from smarketing.workflows.import_files import Progress, Wish, import_files
from smarketing.workflows.open_facts import open_ledger


def import_in_background(
    *,
    files: Sequence[str],
    profile: str,
    source: str = "",
    zone: str = "",
    now: datetime,
    words: Words,
    tell: Callable[[float, str], None],
    is_cancelled: Wish,
) -> dict[str, Any]:
    """Import once; run again after a kill it finds what it had brought in already.

    Returns  the receipt as JSON
    Raises   UserError as import_files does, Cancelled
    """

    def told(step: Progress) -> None:
        rows = words.plural("{n} row", "{n} rows", step.n_rows)
        tell((step.number + step.share) / max(step.n_files, 1), f"{step.file}: {rows}")

    receipt = import_files(
        [Path(file) for file in files],
        profile=read_profile(profile, words),
        facts=open_ledger(),
        now=now,
        source=source,
        zone=zone,
        progress=told,
        is_cancelled=is_cancelled,
        words=words,
    )
    return receipt.as_json()
