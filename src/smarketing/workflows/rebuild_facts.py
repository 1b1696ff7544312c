"""Throw away everything that is made from the database's facts, and make it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smarketing.facts.schema import TABLES
from smarketing.ledger.replica import open_replica
from smarketing.workflows.open_facts import open_ledger


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Where, at which sequence number, how many rows of each table, and how many leads the replica numbers."""

    path: Path
    sequence: int
    n_rows: dict[str, int]
    n_leads: int


def rebuild_facts() -> Rebuilt:
    """The mirror from the database, and the replica from the mirror; nothing is asked of what was there.

    Raises FactsError when the database cannot be read or the folder cannot be written.
    """
    ledger = open_ledger()
    ledger.rebuild()
    n_rows = {name: ledger.n_rows(name) for name in TABLES}
    return Rebuilt(ledger.path, ledger.sequence, n_rows, open_replica(ledger).n_leads)
