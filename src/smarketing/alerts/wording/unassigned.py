"""A lead was handed over, and nobody has it."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded, lead_facts


def worded(told: Told) -> Worded:
    words = told.words
    lines = (
        words("{lead} was handed over and nobody has it.", lead=told.lead_words),
        words("Give it to somebody: its clock is running, and is due on {due}.", due=told.clock(told.due_at)),
    )
    return Worded(words("Nobody has it: {lead}", lead=told.lead_words), lines, lead_facts(told), "open")
