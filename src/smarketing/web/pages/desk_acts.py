"""What may be done about a lead, as the forms beside it offer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from smarketing.records.access import Actor
from smarketing.records.models import Event
from smarketing.terms.code_names import OUTCOMES, REASONS, STAGES, TOUCHES, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.desk_terms import DISQUALIFY, RECYCLE, in_force, reasons_for, usual_reasons
from smarketing.workflows.hand_over_lead import colleagues
from smarketing.workflows.log_touch import OUTCOMES_OF
from smarketing.workflows.time_left import Terms

ICONS = {"call": "phone", "email": "envelope", "meeting": "calendar", "sms": "device-phone-mobile"}
SNOOZES = (("30min", N_("30 minutes")), ("1h", N_("1 hour")), ("tomorrow", N_("Tomorrow morning")))
N_FIRST = 3  # ways to reach somebody that are shown at once

Options = tuple[tuple[str, str], ...]  # what is sent, what is read


@dataclass(frozen=True, slots=True)
class TouchChoice:
    """One way to reach somebody, and what may come of it."""

    kind: str
    label: str
    icon: str
    outcomes: Options


@dataclass(frozen=True, slots=True)
class ColleagueChoice:
    id: int
    name: str
    note: str  # that they are away today


@dataclass(frozen=True, slots=True)
class Acts:
    """Choices that all leads of a page share; reasons by agreement."""

    touches: tuple[TouchChoice, ...]
    more_touches: tuple[TouchChoice, ...]
    snoozes: Options
    colleagues: tuple[ColleagueChoice, ...]
    disqualify: Mapping[str, Options]
    recycle: Mapping[str, Options]

    @classmethod
    def of(cls, actor: Actor, terms: Terms, *, now: datetime, words: Words) -> Acts:
        touches = tuple(
            TouchChoice(
                kind,
                said(kind, TOUCHES, words),
                ICONS.get(kind, "chat-bubble-left-right"),
                tuple((f"{kind}:{outcome}", said(outcome, OUTCOMES, words)) for outcome in outcomes),
            )
            for kind, outcomes in OUTCOMES_OF.items()
        )
        return cls(
            touches=touches[:N_FIRST],
            more_touches=touches[N_FIRST:],
            snoozes=tuple((choice, words(label)) for choice, label in SNOOZES),
            colleagues=colleague_choices(actor, now=now, words=words),
            disqualify={slug: _reasons(terms, slug, DISQUALIFY, now, words) for slug in terms},
            recycle={slug: _reasons(terms, slug, RECYCLE, now, words) for slug in terms},
        )


@dataclass(frozen=True, slots=True)
class LeadForm:
    """What the forms beside one lead send. `key` tells this showing from any other: sent twice, it counts once."""

    lead: str
    agreement: str
    is_snoozed: bool
    back: str  # where the lead's own page leads back to; empty on the list
    key: str = ""

    @classmethod
    def of(cls, src: str, lead_id: str, agreement: str, *, is_snoozed: bool = False, back: str = "") -> LeadForm:
        return cls(f"{src}:{lead_id}", agreement, is_snoozed, back, uuid4().hex)


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What the reader did last, while it can be taken back."""

    text: str
    seq: int


def colleague_choices(actor: Actor, *, now: datetime, words: Words) -> tuple[ColleagueChoice, ...]:
    found = []
    for each in colleagues(actor, now):
        if actor.person is not None and each.person.id == actor.person.id and not actor.is_admin:
            continue
        note = words("away until {day}", day=words.day(each.away_until)) if each.away_until else ""
        if each.stands_in:
            note = words("{note}, {name} stands in", note=note, name=each.stands_in)
        found.append(ColleagueChoice(each.person.id, str(each.person), note))
    return tuple(found)


def take_back(event: Event | None, words: Words) -> TakeBack | None:
    if event is None:
        return None
    detail = event.detail
    name = detail.get("name", "")
    told = {
        "log_touch": lambda: words(
            "Noted for {name}: {kind}, {outcome}.",
            name=name,
            kind=said(detail["kind"], TOUCHES, words),
            outcome=said(detail["outcome"], OUTCOMES, words),
        ),
        "dispose_lead": lambda: words("{name} is {answer} now.", name=name, answer=_answer(detail["answer"], words)),
        "hand_over_lead": lambda: words.plural(
            "{n} lead handed over to {person}.", "{n} leads handed over to {person}.", detail["n"], person=detail["to"]
        ),
        "snooze_lead": lambda: (
            words("{name} is put off.", name=name)
            if detail.get("until_at")
            else words("{name} is taken up again.", name=name)
        ),
    }
    return TakeBack(told[event.verb](), event.seq)


def _answer(answer: str, words: Words) -> str:
    return words("accepted") if answer == "sal" else said(answer, STAGES, words)


def _reasons(terms: Terms, slug: str, answer: str, now: datetime, words: Words) -> Options:
    listed = reasons_for(in_force(terms[slug], now), answer) or usual_reasons(answer)
    return tuple((code, said(code, REASONS, words)) for code in listed)
