"""A dispute on its way: to whoever decides, to whoever hears of it, and back to whoever raised it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smarketing.alerts.wording.told import Told, Worded
from smarketing.records.models import DisputeReason

REASONS = {value: str(label) for value, label in DisputeReason.choices}
Lines = tuple[str, tuple[str, ...], str]


def worded(told: Told) -> Worded:
    subject, lines, tone = STEPS.get(told.text("step"), _heard)(told)
    path, path_text = f"/disputes/{int(told.payload['dispute'])}/", told.words("Open the dispute")
    found = tuple(line for line in lines if line)
    return Worded(subject, found, _facts(told), tone, path=path, path_text=path_text)


def _raised(told: Told) -> Lines:
    words = told.words
    by = words("You decide, by {due}.", due=told.clock(told.due_at))
    return (
        words("A dispute for you to decide: {promise}", promise=_promise(told)),
        (_what(told), _said(told), by),
        "open",
    )


def _heard(told: Told) -> Lines:
    words = told.words
    by = words("{name} decides, by {due}.", name=told.text("decider"), due=told.clock(told.due_at))
    return words("A dispute was raised: {promise}", promise=_promise(told)), (_what(told), _said(told), by), ""


def _due(told: Told) -> Lines:
    words = told.words
    by = words("It waits for you, and is to be decided by {due}.", due=told.clock(told.due_at))
    silence = words("If nobody decides by then, it is accepted.") if told.payload.get("silence_accepts") else ""
    return words("Still to decide: {promise}", promise=_promise(told)), (_what(told), by, silence), "open"


def _accepted(told: Told) -> Lines:
    words, name = told.words, told.text("decided_by")
    by = words("{name} accepted it.", name=name) if name else words("Nobody decided in time, so it is accepted.")
    number = words("The number changes; the original stays beside it.")
    return words("Your dispute was accepted: {promise}", promise=_promise(told)), (by, _decision(told), number), "good"


def _rejected(told: Told) -> Lines:
    words = told.words
    by = words("{name} rejected it; the number stays as it is.", name=told.text("decided_by"))
    return words("Your dispute was rejected: {promise}", promise=_promise(told)), (by, _decision(told)), "bad"


def _silent(told: Told) -> Lines:
    words = told.words
    line = words("Nobody decided in time, so it is accepted.")
    return words("Accepted by silence: {promise}", promise=_promise(told)), (_what(told), line), "open"


def _revoked(told: Told) -> Lines:
    words = told.words
    line = words("{name} ended the waiver; the number is the original again.", name=told.text("decided_by"))
    return words("A waiver has ended: {promise}", promise=_promise(told)), (line, _decision(told)), "bad"


STEPS: Mapping[str, Callable[[Told], Lines]] = {
    "raised": _raised,
    "heard": _heard,
    "due": _due,
    "accepted": _accepted,
    "rejected": _rejected,
    "silent": _silent,
    "revoked": _revoked,
}


def _promise(told: Told) -> str:
    return told.text("promise") or told.commitment


def _what(told: Told) -> str:
    """Who contests what; the lead only for those who may know it."""
    words = told.words
    said = {"name": told.text("raised_by"), "party": told.text("party"), "promise": _promise(told)}
    if told.text("from_at"):
        hours = {"start": told.clock(told.at("from_at")), "end": told.clock(told.at("until_at"))}
        return words("{name} of {party} asks to waive “{promise}” from {start} to {end}.", **said, **hours)
    if told.lead:
        return words("{name} of {party} contests “{promise}” for lead {lead}.", **said, lead=told.lead)
    return words("{name} of {party} contests “{promise}” for a lead.", **said)


def _said(told: Told) -> str:
    return told.words("They say: {text}", text=told.text("text")) if told.text("text") else ""


def _decision(told: Told) -> str:
    return told.words("The reason: {text}", text=told.text("decision")) if told.text("decision") else ""


def _facts(told: Told) -> tuple[tuple[str, str], ...]:
    words, reason = told.words, told.text("reason")
    found = (
        (words("Promise"), _promise(told)),
        (words("Reason"), words(REASONS.get(reason, reason)) if reason else ""),
        (words("To be decided by"), told.clock(told.due_at) if told.due_at else ""),
        (words("Stands in for"), told.text("instead_of")),
        (words("Agreement"), told.agreement),
    )
    return tuple((name, value) for name, value in found if value)
