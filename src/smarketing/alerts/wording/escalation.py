"""Nobody has answered some time after a clock ran out."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded, lead_facts


def worded(told: Told) -> Worded:
    words = told.words
    late = words.duration((told.now - told.due_at).total_seconds()) if told.due_at else "–"
    lines = [
        words(
            "{lead} was due on {due} and still waits, {late} later.",
            lead=told.lead_words,
            due=told.clock(told.due_at),
            late=late,
        )
    ]
    level = int(told.payload.get("level") or 0)
    if level:
        lines.append(words.plural("This was said {n} time before.", "This was said {n} times before.", level))
    return Worded(words("Still waiting: {lead}", lead=told.lead_words), tuple(lines), lead_facts(told), "bad")
