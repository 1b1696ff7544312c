"""The states of an agreement, and one table of who may move it from which to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import N_, Words


class Status(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    DECLINED = "declined"


class Who(StrEnum):
    """WRITER    anybody who may write for a party     SIGNATORY  who may sign for a party
    DATE      nobody: a day begins
    """

    WRITER = "writer"
    SIGNATORY = "signatory"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Transition:
    verb: str
    before: Status
    after: Status
    who: tuple[Who, ...]
    when: str


PEOPLE = (Who.WRITER, Who.SIGNATORY)
TRANSITIONS = (
    Transition("edit", Status.DRAFT, Status.DRAFT, PEOPLE, N_("a party writes or comments")),
    Transition("propose", Status.DRAFT, Status.PROPOSED, PEOPLE, N_("a party puts the draft forward for signing")),
    Transition(
        "counter", Status.PROPOSED, Status.DRAFT, PEOPLE, N_("a party answers with changes; signatures so far lapse")
    ),
    Transition("decline", Status.PROPOSED, Status.DECLINED, (Who.SIGNATORY,), N_("a party refuses to sign")),
    Transition("reopen", Status.DECLINED, Status.DRAFT, PEOPLE, N_("a party takes the talks up again")),
    Transition("sign", Status.PROPOSED, Status.PROPOSED, (Who.SIGNATORY,), N_("a party signs, another has still to")),
    Transition("sign", Status.PROPOSED, Status.SIGNED, (Who.SIGNATORY,), N_("the last party signs")),
    Transition("start", Status.SIGNED, Status.IN_FORCE, (Who.DATE,), N_("its first day begins")),
    Transition("cancel", Status.SIGNED, Status.ENDED, (Who.SIGNATORY,), N_("the parties call it off before it begins")),
    Transition("supersede", Status.IN_FORCE, Status.SUPERSEDED, (Who.DATE,), N_("a later signed version begins")),
    Transition("end", Status.IN_FORCE, Status.ENDED, (Who.DATE,), N_("its last day is over")),
    Transition("cancel", Status.IN_FORCE, Status.ENDED, (Who.SIGNATORY,), N_("a cancellation condition came true")),
)

NAMES = {
    Status.DRAFT: N_("draft"),
    Status.PROPOSED: N_("proposed"),
    Status.SIGNED: N_("signed"),
    Status.IN_FORCE: N_("in force"),
    Status.SUPERSEDED: N_("superseded"),
    Status.ENDED: N_("ended"),
    Status.DECLINED: N_("declined"),
}
VERBS = {
    "edit": N_("edit"),
    "propose": N_("propose"),
    "counter": N_("answer with changes"),
    "decline": N_("decline"),
    "reopen": N_("reopen"),
    "sign": N_("sign"),
    "start": N_("start"),
    "cancel": N_("cancel"),
    "supersede": N_("supersede"),
    "end": N_("end"),
}


def transitions(status: Status, verb: str = "") -> tuple[Transition, ...]:
    """The ways out of a status, or those of one verb."""
    return tuple(t for t in TRANSITIONS if t.before is status and verb in ("", t.verb))


def check_can(verb: str, status: Status, who: Who, words: Words = ENGLISH) -> None:
    """Raises TermsError, with what can be done instead, unless the table lets `who` do it in this status."""
    found = transitions(status, verb)
    if not found:
        possible = dict.fromkeys(words(VERBS[t.verb]) for t in transitions(status))
        hint = words("What can be done now: {verbs}.", verbs=", ".join(possible)) if possible else ""
        if status in (Status.SIGNED, Status.IN_FORCE) and verb == "edit":
            hint = words("Write the next version: a signed one is never edited.")
        state, act = words(NAMES[status]), words(VERBS[verb])
        raise TermsError(words("This agreement is {state}: nobody can {act} it.", state=state, act=act), hint=hint)
    if not any(who in transition.who for transition in found):
        raise TermsError(words("Only who signs for a party can {act} an agreement.", act=words(VERBS[verb])))


def can(verb: str, status: Status, who: Who) -> bool:
    return any(who in transition.who for transition in transitions(status, verb))


def _pair(verb: str) -> tuple[Callable[..., None], Callable[[Status, Who], bool]]:
    def check(status: Status, who: Who, words: Words = ENGLISH) -> None:
        check_can(verb, status, who, words)

    def answer(status: Status, who: Who) -> bool:
        return can(verb, status, who)

    return check, answer


check_can_edit, can_edit = _pair("edit")
check_can_propose, can_propose = _pair("propose")
check_can_counter, can_counter = _pair("counter")
check_can_decline, can_decline = _pair("decline")
check_can_reopen, can_reopen = _pair("reopen")
check_can_sign, can_sign = _pair("sign")
check_can_start, can_start = _pair("start")
check_can_cancel, can_cancel = _pair("cancel")
check_can_supersede, can_supersede = _pair("supersede")
check_can_end, can_end = _pair("end")


def status_on(agreement: Agreement, on: date, *, successor: Agreement | None = None) -> Status:
    """What a file alone says of an agreement's status on a local date: its signatures, its days, its successor."""
    signed = {signature.party for signature in agreement.signatures}
    if not signed:
        return Status.DRAFT
    if signed < {party.id for party in agreement.parties}:
        return Status.PROPOSED
    if on < agreement.in_force.from_on:
        return Status.SIGNED
    if successor is not None and successor.in_force.from_on <= on:
        return Status.SUPERSEDED
    is_over = agreement.in_force.until_on is not None and agreement.in_force.until_on < on
    return Status.ENDED if is_over else Status.IN_FORCE


def state_diagram(words: Words = ENGLISH) -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.DRAFT}"]
    lines += [f"    {status}: {words(name)}" for status, name in NAMES.items()]
    lines += [f"    {t.before} --> {t.after}: {words(VERBS[t.verb])} ({words(t.when)})" for t in TRANSITIONS]
    final = [status for status in Status if not transitions(status)]
    return "\n".join([*lines, *(f"    {status} --> [*]" for status in final)]) + "\n"
