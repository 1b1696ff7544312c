"""What became of leads: every step that a lead took for the first time, and every deal that was opened or won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.answers import Answers
from smarketing.engine.history import NEVER, Instants
from smarketing.engine.reading import WON, Reading

Rows = NDArray[np.intp]
STAGES = ("mql", "sal", "sql", "opportunity", "customer", "disqualified", "recycled")
STEPS = ("lead", "handover", "touched", "connected", *STAGES, "deal_opened", "deal_won")


@dataclass(frozen=True, slots=True)
class Became:
    """One row for each thing that happened: the lead's position and the instant.

    `amount` is in ten-thousandths of the agreement's currency; 0 for what is no deal.
    """

    lead: Rows
    at: Instants
    amount: NDArray[np.int64]

    def between(self, start: int, end: int) -> Became:
        rows = np.flatnonzero((self.at >= start) & (self.at < end))
        return Became(self.lead.take(rows), self.at.take(rows), self.amount.take(rows))


def became(reading: Reading, step: str) -> Became:
    """Every time that a lead which counts took this step.

    Takes    step  one of STEPS; `touched` and `connected` are the first since the handover
    Units    at in microseconds UTC
    """
    if step in ("deal_opened", "deal_won"):
        return _deals(reading, is_won=step == "deal_won")
    at = _AT[step](reading) if step in _AT else reading.reached_at(step)
    rows = np.flatnonzero((at != NEVER) & (reading.void == 0) & (reading.history.leads.created_at != NEVER))
    return Became(rows, at.take(rows), np.zeros(len(rows), np.int64))


def _made(reading: Reading) -> Instants:
    return reading.history.leads.created_at


def _answers(reading: Reading) -> Answers:
    return Answers(reading.history.touches, reading.version, reading.handover_at)


_AT: dict[str, Callable[[Reading], Instants]] = {
    "lead": _made,
    "handover": lambda reading: reading.handover_at,
    "touched": lambda reading: _answers(reading).touched_at,
    "connected": lambda reading: _answers(reading).connected_at,
}


def _deals(reading: Reading, *, is_won: bool) -> Became:
    """Deals of leads that count. Amounts in another currency are not added up, and the deal is there with 0."""
    deals = reading.history.deals
    at = deals.closed_at if is_won else deals.created_at
    is_meant = (at != NEVER) & (reading.void.take(deals.lead) == 0)
    if is_won:
        is_meant &= deals.status == WON
    rows = np.flatnonzero(is_meant)
    is_ours = (deals.currency == reading.version.currency) | (deals.currency == -1)
    amount = np.where(is_ours, deals.amount, 0).take(rows)
    return Became(deals.lead.take(rows).astype(np.intp), at.take(rows), amount.astype(np.int64))
