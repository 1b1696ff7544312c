"""The ledger's tables: facts, the merges that brought them, the imports behind those, and the inbox."""

from smarketing.ledger.models.facts import FACTS
from smarketing.ledger.models.imports import Import, ImportFile
from smarketing.ledger.models.inbox import InboxRow, InboxTally, RowState
from smarketing.ledger.models.merges import LedgerId, Merge, Overwritten, Removed

__all__ = [
    "FACTS",
    "Import",
    "ImportFile",
    "InboxRow",
    "InboxTally",
    "LedgerId",
    "Merge",
    "Overwritten",
    "Removed",
    "RowState",
]
