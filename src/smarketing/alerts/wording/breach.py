"""A clock has run out."""

from __future__ import annotations

from smarketing.alerts.wording.awaited import Awaited
from smarketing.alerts.wording.told import Told, Worded, lead_facts
from smarketing.terms.language import N_

WHAT = {
    Awaited.CONNECTION: N_("{lead} was not reached in time: it was due on {due}."),
    Awaited.OWNER: N_("{lead} was not given an owner in time: it was due on {due}."),
    Awaited.TOUCHES: N_("{lead} was not followed up as often as promised: it was due on {due}."),
    Awaited.DECISION: N_("{lead} was not decided on in time: it was due on {due}."),
    Awaited.NEXT_TOUCH: N_("{lead} heard nothing about its opportunity in time: a touch was due on {due}."),
}
USUAL = N_("{lead} was not dealt with in time: it was due on {due}.")
NOW = {
    Awaited.CONNECTION: N_("It still waits. Reaching the person now is late, and better than never."),
    Awaited.OWNER: N_("It still waits. An owner now is late, and better than none."),
    Awaited.TOUCHES: N_("It still waits. A touch now is late, and better than none."),
    Awaited.DECISION: N_("It still waits. A decision now is late, and better than none."),
    Awaited.NEXT_TOUCH: N_("It still waits. A touch now is late, and better than none."),
}


def worded(told: Told) -> Worded:
    if told.awaited is Awaited.THING:
        return _of_thing(told)
    words = told.words
    due = told.clock(told.due_at)
    first = words(WHAT.get(told.awaited, USUAL), lead=told.lead_words, due=due)
    return Worded(words("Missed: {lead}", lead=told.lead_words), (first, _since(told)), lead_facts(told), "bad")


def _since(told: Told) -> str:
    words = told.words
    if told.payload.get("is_answered"):
        return words("It has been dealt with since, late.")
    if told.awaited in NOW:
        return words(NOW[told.awaited])
    return words("It still waits. An answer now is late, and better than none.")


def _of_thing(told: Told) -> Worded:
    """Something owed without a lead; what comes after its period counts for the next one."""
    words, said = told.words, {"promise": told.thing_words, "due": told.clock(told.due_at)}
    lines = (
        words("{promise} was not handed over in its period: it was due on {due}.", **said),
        words("What is handed over from now on counts for the next period."),
    )
    return Worded(words("Missed: {promise}", **said), lines, lead_facts(told), "bad")
