"""Leave an event about an import, in the transaction that brings its facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from smarketing.ledger.receipts import Receipt
from smarketing.records.events import one_write
from smarketing.records.models import Person


def note_import(*, by: Person | None, now: datetime) -> Callable[[Receipt], None]:
    """What `import_files` is to do with the receipt of an import into the ledger."""

    def note(receipt: Receipt) -> None:
        with one_write(verb="import_files", by=by, now=now) as write:
            write.about(
                "import",
                receipt.id,
                files=[file.file for file in receipt.files],
                n_rows=receipt.n_rows,
                n_accepted=receipt.n_accepted,
                n_rejected=receipt.n_rejected,
                n_duplicates=receipt.n_duplicates,
            )

    return note
