"""Whether there is anything to count yet."""

from __future__ import annotations

from smarketing.ledger.models import Import


def has_facts() -> bool:
    """Whether an import brought anything that was not undone."""
    return Import.objects.filter(status=Import.DONE).exists()
