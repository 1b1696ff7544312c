"""The ledger's tables: facts, the merges that brought them, the imports behind those, the inbox, open clocks."""

from smarketing.ledger.models.facts import FACTS
from smarketing.ledger.models.imports import Import, ImportFile
from smarketing.ledger.models.inbox import InboxRow, InboxTally, PatchMarks, RowState
from smarketing.ledger.models.merges import LedgerId, Merge, Overwritten, Removed
from smarketing.ledger.models.open_clocks import DrainLease, OpenClock, OpenClockState

__all__ = [
    "FACTS",
    "DrainLease",
    "Import",
    "ImportFile",
    "InboxRow",
    "InboxTally",
    "LedgerId",
    "Merge",
    "OpenClock",
    "OpenClockState",
    "Overwritten",
    "PatchMarks",
    "Removed",
    "RowState",
]
