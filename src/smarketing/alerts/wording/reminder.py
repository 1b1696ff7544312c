"""A clock is running out."""

from __future__ import annotations

from smarketing.alerts.wording.awaited import Awaited
from smarketing.alerts.wording.told import Told, Worded, lead_facts
from smarketing.terms.language import N_

SUBJECTS = {
    Awaited.ANSWER: N_("{lead}: answer by {due}"),
    Awaited.CONNECTION: N_("{lead}: reach the person by {due}"),
    Awaited.OWNER: N_("{lead}: give it an owner by {due}"),
    Awaited.TOUCHES: N_("{lead}: follow up by {due}"),
    Awaited.DECISION: N_("{lead}: decide by {due}"),
    Awaited.NEXT_TOUCH: N_("{lead}: get in touch by {due}"),
    Awaited.THING: N_("{promise}: hand it over by {due}"),
}
KEEPS = {
    Awaited.ANSWER: N_("A first touch before then keeps the promise."),
    Awaited.CONNECTION: N_("Reaching the person before then keeps the promise."),
    Awaited.OWNER: N_("An owner before then keeps the promise."),
    Awaited.DECISION: N_("Accept it, disqualify it or send it back before then to keep the promise."),
    Awaited.NEXT_TOUCH: N_("A touch before then keeps the promise, and so does closing the opportunity."),
    Awaited.THING: N_("Handing it over before then keeps the promise."),
}


def worded(told: Told) -> Worded:
    subject = told.words(
        SUBJECTS[told.awaited], lead=told.lead_words, promise=told.thing_words, due=told.clock(told.due_at)
    )
    return Worded(subject, (_waits(told), _keeps(told)), lead_facts(told), "open")


def _waits(told: Told) -> str:
    words, due = told.words, told.clock(told.due_at)
    if told.awaited is Awaited.THING:
        return words("{promise} is still missing; the time for it ends on {due}.", promise=told.thing_words, due=due)
    if told.awaited is Awaited.NEXT_TOUCH:
        return words("{lead} has an open opportunity; the next touch is due on {due}.", lead=told.lead_words, due=due)
    if told.is_own:
        return words("Your lead is still waiting; the time for it ends on {due}.", due=due)
    return words("{lead} is still waiting; the time for it ends on {due}.", lead=told.lead_words, due=due)


def _keeps(told: Told) -> str:
    if told.awaited is not Awaited.TOUCHES:
        return told.words(KEEPS[told.awaited])
    need, done = (int(told.payload.get(name) or 0) for name in ("need", "count"))
    return told.words.plural("{n} more touch keeps the promise.", "{n} more touches keep the promise.", need - done)
