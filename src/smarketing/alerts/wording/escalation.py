"""Nobody has answered some time after a clock ran out."""

from __future__ import annotations

from smarketing.alerts.wording.awaited import Awaited
from smarketing.alerts.wording.told import Told, Worded, lead_facts
from smarketing.terms.language import N_

SUBJECTS = {
    Awaited.OWNER: N_("Still without an owner: {lead}"),
    Awaited.DECISION: N_("Still not decided: {lead}"),
    Awaited.NEXT_TOUCH: N_("Still no touch: {lead}"),
    Awaited.THING: N_("Not handed over: {promise}"),
}
LINES = {
    Awaited.CONNECTION: N_("{lead} was due on {due} and has not been reached, {late} later."),
    Awaited.OWNER: N_("{lead} was due on {due} and still has no owner, {late} later."),
    Awaited.TOUCHES: N_("{lead} was due on {due} and has not been followed up as often as promised, {late} later."),
    Awaited.DECISION: N_("{lead} was due on {due} and is still not decided on, {late} later."),
    Awaited.NEXT_TOUCH: N_(
        "{lead} has an open opportunity; a touch was due on {due} and is still missing, {late} later."
    ),
    Awaited.THING: N_("{promise} was due on {due} and has not been handed over in its period; that is {late} ago."),
}
USUAL_SUBJECT = N_("Still waiting: {lead}")
USUAL_LINE = N_("{lead} was due on {due} and still waits, {late} later.")


def worded(told: Told) -> Worded:
    words, what, said = told.words, told.awaited, _said(told)
    lines = [words(LINES.get(what, USUAL_LINE), **said)]
    level = int(told.payload.get("level") or 0)
    if level:
        lines.append(words.plural("This was said {n} time before.", "This was said {n} times before.", level))
    return Worded(words(SUBJECTS.get(what, USUAL_SUBJECT), **said), tuple(lines), lead_facts(told), "bad")


def _said(told: Told) -> dict[str, str]:
    late = told.words.duration((told.now - told.due_at).total_seconds()) if told.due_at else "–"
    return {"lead": told.lead_words, "promise": told.thing_words, "due": told.clock(told.due_at), "late": late}
