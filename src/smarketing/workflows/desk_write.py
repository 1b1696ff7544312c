"""What people note here about leads, as events of a source of our own: into the inbox and out of it at once.

Each of these events says `src`: whose lead it is about. Its rows are written among that source's, under ids that begin
with `desk:`, so that they never meet the CRM's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from smarketing.ledger.inbox import Arrival, take_in
from smarketing.ledger.inbox_rows import rows_of
from smarketing.ledger.models import InboxRow, RowState
from smarketing.records.events import Write
from smarketing.records.models import Person
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.drain_inbox import drain_delivery
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.tell_events import DESK

if TYPE_CHECKING:
    from smarketing.ledger.database import Ledger

PREFIX = "desk:"
UNUSED = N_("It says nothing that is kept.")


class NotedAlready(Exception):
    """The same deed came before: whoever sends a form twice means it once."""


@dataclass(slots=True)
class Deed:
    """One deed: its audit entry, and the facts that it becomes. `key` is the same however often the form is sent."""

    write: Write
    ledger: Ledger
    asked_key: str = ""
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.asked_key or uuid4().hex

    @property
    def row_id(self) -> str:
        """The id of the fact that the deed makes."""
        return f"{PREFIX}{self.key}"

    def tell(self, src: str, *events: tuple[str, Mapping[str, Any]]) -> None:
        """Make facts of events (type, data) about leads of a source.

        Raises UserError when they cannot become facts, NotedAlready
        """
        self.tell_all([(src, kind, data) for kind, data in events])

    def tell_all(self, events: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
        """The same for leads of several sources: (src, type, data)."""
        now = self.write.now
        said = [
            {"id": f"{self.key}:{n}", "type": kind, "occurred_at": now.isoformat(), "src": src, "data": _plain(data)}
            for n, (src, kind, data) in enumerate(events)
        ]
        found = SHAPES["generic"].split(json.dumps({"events": said}).encode(), {})
        if rows_of(DESK, [each.key for each in found]).exists():
            raise NotedAlready
        receipt = take_in([Arrival(DESK, each.key, each.raw, each.occurred_at) for each in found], now)
        drained = drain_delivery(receipt=receipt.receipt, ledger=self.ledger, now=now)
        if drained.n_done != len(said):
            raise _refusal(receipt.receipt)


@contextmanager
def desk_turn(by: Person) -> Iterator[Ledger]:
    """Nobody else merges inside; a deed that came before undoes what the block wrote, and that is all.

    The write is opened inside: with desk_turn(by) as ledger, one_write(…) as write.
    """
    ledger = open_ledger(by=by.pk, is_to_write=True)
    try:
        with ledger.in_turn():
            yield ledger
    except NotedAlready:
        return


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}


def _refusal(receipt: UUID) -> UserError:
    row = InboxRow.objects.filter(receipt=receipt).exclude(state=RowState.DONE).first()
    said: Mapping[str, Any] = row.trouble if row and row.trouble else {"sentence": UNUSED, "arguments": {}}
    return UserError(said["sentence"], where=str(said.get("column") or ""), **said["arguments"])
