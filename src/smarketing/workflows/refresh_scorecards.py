"""Bring the stored clocks of every signed agreement up to the facts, so that no reader waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from smarketing.records.models import Agreement
from smarketing.terms.language import N_, Words
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.open_terms import SIGNED, versions_of
from smarketing.workflows.refresh_clocks import refresh_clocks


def refresh_scorecards(*, now: datetime, words: Words, tell: Callable[[float, str], None]) -> dict[str, Any]:
    """Returns how many agreements there were; where everything is fresh nothing is written."""
    facts = open_ledger()
    slugs = Agreement.objects.filter(versions__status__in=SIGNED).distinct().values_list("slug", flat=True)
    if not facts.sequence or not slugs:
        return {"n_agreements": 0}
    for position, slug in enumerate(slugs):
        tell(position / len(slugs), words(N_("Clocks of {agreement}"), agreement=slug))
        refresh_clocks(facts, versions_of(slug, words=words), now=now)
    return {"n_agreements": len(slugs)}
