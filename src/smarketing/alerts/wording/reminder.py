"""A clock is running out."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded, lead_facts


def worded(told: Told) -> Worded:
    words = told.words
    due = told.clock(told.due_at)
    if told.is_own:
        first = words("Your lead is still waiting; the time for it ends on {due}.", due=due)
    else:
        first = words("{lead} is still waiting; the time for it ends on {due}.", lead=told.lead_words, due=due)
    return Worded(
        words("{lead}: answer by {due}", lead=told.lead_words, due=due),
        (first, words("A first touch before then keeps the promise.") if not _is_depth(told) else _missing(told)),
        lead_facts(told),
        "open",
    )


def _is_depth(told: Told) -> bool:
    return told.text("kind") == "follow_up_depth"


def _missing(told: Told) -> str:
    need, done = (int(told.payload.get(name) or 0) for name in ("need", "count"))
    return told.words.plural("{n} more touch keeps the promise.", "{n} more touches keep the promise.", need - done)
