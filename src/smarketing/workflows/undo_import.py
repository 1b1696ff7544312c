"""Take an import back: what it brought goes, what it wrote over returns."""

from __future__ import annotations

from datetime import datetime

from smarketing.ledger.models import Import
from smarketing.ledger.taking_back import TakenBack
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_
from smarketing.workflows.open_facts import open_ledger


def undo_import(*, import_id: str, by: Person, now: datetime) -> TakenBack:
    """Every row as if the import had never been; rows that a later import changed stay as that left them.

    A row that another import had brought as well goes too: reading that import's file again brings it back.
    Raises FactsError when there is no such import, or it is undone already.
    """
    ledger = open_ledger(by=by.pk)
    with ledger.in_one_piece(), one_write(verb="undo_import", by=by, now=now) as write:
        row = Import.objects.filter(pk=import_id).first()
        if row is None:
            raise FactsError(N_("There is no such import."), where=import_id)
        if row.status == Import.UNDONE:
            raise FactsError(N_("This import is undone already."), where=import_id)
        found = TakenBack() if row.seq is None else ledger.take_back(row.seq)
        row.status, row.undone_at, row.undone_by, row.undone_seq = Import.UNDONE, now, by.pk, ledger.sequence
        row.save()
        write.about(row, n_removed=found.n_removed, n_restored=found.n_restored, n_kept=found.n_kept)
    return found
