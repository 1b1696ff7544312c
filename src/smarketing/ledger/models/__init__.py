"""The ledger's tables: facts, the merges that brought them, and the imports behind those."""

from smarketing.ledger.models.facts import FACTS
from smarketing.ledger.models.imports import Import, ImportFile
from smarketing.ledger.models.merges import LedgerId, Merge, Overwritten, Removed

__all__ = ["FACTS", "Import", "ImportFile", "LedgerId", "Merge", "Overwritten", "Removed"]
