"""A clock has run out."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded, lead_facts


def worded(told: Told) -> Worded:
    words = told.words
    lines = [
        words(
            "{lead} was not dealt with in time: it was due on {due}.", lead=told.lead_words, due=told.clock(told.due_at)
        )
    ]
    if told.payload.get("is_answered"):
        lines.append(words("It has been dealt with since, late."))
    else:
        lines.append(words("It still waits. An answer now is late, and better than none."))
    return Worded(words("Missed: {lead}", lead=told.lead_words), tuple(lines), lead_facts(told), "bad")
