"""Receipts of imports as rows of the database."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from smarketing.ledger.models import Import, ImportFile, Merge
from smarketing.ledger.receipts import IMPORTED, Receipt

COUNTED = ("n_rows", "n_accepted", "n_rejected", "n_duplicates", "reasons", "rejects_file")


def kept_receipt(receipt: Receipt, by: int | None, using: str) -> Receipt:
    """The receipt as it was kept: imports of one second are told apart by a number behind their id."""
    n_alike = Import.objects.using(using).filter(id__startswith=receipt.id).count()
    kept = replace(receipt, id=f"{receipt.id}-{n_alike + 1}") if n_alike else receipt
    has_changed = any(counts.n_accepted for counts in kept.tables.values())
    row = Import.objects.using(using).create(
        id=kept.id,
        seq=kept.sequence if has_changed else None,
        at=kept.at,
        by=by,
        profile=kept.profile,
        source=kept.source,
        zone=kept.zone,
        sequence=kept.sequence,
        tables={name: asdict(counts) for name, counts in kept.tables.items()},
    )
    ImportFile.objects.using(using).bulk_create(
        ImportFile(of=row, position=position, **asdict(file)) for position, file in enumerate(kept.files)
    )
    return kept


def receipts_by_fingerprint(using: str) -> dict[str, dict[str, Any]]:
    """How each file that entered the facts was counted when it was read.

    Files that were read before the latest undo do not count: rows that another import had brought as well were
    duplicates then, and are gone with it, so reading them again may bring something.
    """
    undone = Merge.objects.using(using).filter(undoes__isnull=False).order_by("-seq").first()
    files = ImportFile.objects.using(using).filter(
        status=IMPORTED, of__status=Import.DONE, of__sequence__gte=undone.seq if undone else 0
    )
    found: dict[str, dict[str, Any]] = {}
    for row in files.order_by("of__sequence", "position").values("fingerprint", *COUNTED):
        found.setdefault(row["fingerprint"], row)
    return found
