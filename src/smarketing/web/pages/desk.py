"""The leads of one person as the desk shows them: a row each, what may be done about it, what was done last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from smarketing.terms.code_names import CHANNELS, OUTCOMES, TOUCHES, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.countdown import Countdown, countdown
from smarketing.workflows.list_desk import Desk, DeskRow
from smarketing.workflows.log_touch import OUTCOMES_OF

STEPS = {
    "touch": N_("Reach out and note it"),
    "dispose": N_("Accept it, disqualify it or send it back"),
}


@dataclass(frozen=True, slots=True)
class TouchChoice:
    """One way to reach somebody, and what may come of it."""

    kind: str
    label: str
    icon: str
    outcomes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One lead of the list. `key` tells this showing of its forms from any other: sent twice, they count once."""

    lead: str
    key: str
    id: str
    href: str
    name: str
    lead_id: str
    source: str
    campaign: str
    tier: str
    promise: str
    others: tuple[str, ...]
    left: Countdown
    touches: str
    next_step: str
    silence: str
    is_recycled: bool
    snoozed: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    title: str
    rows: tuple[DeskEntry, ...]
    more: str
    touches: tuple[TouchChoice, ...]
    is_owner: bool
    now: datetime


ICONS = {
    "call": "phone",
    "email": "envelope",
    "meeting": "calendar",
    "sms": "device-phone-mobile",
}


def desk_page(desk: Desk, *, now: datetime, zone: str, words: Words, href_of: Callable[[str, str], str]) -> DeskPage:
    rows = tuple(_entry(row, words, zone, href_of) for row in desk.rows)
    return DeskPage(
        title=words.plural("{n} lead to look after", "{n} leads to look after", len(rows)),
        rows=rows,
        more=words("{n} more clocks are not shown.", n=words.number(desk.n_more)) if desk.n_more else "",
        touches=touch_choices(words),
        is_owner=desk.is_owner,
        now=now,
    )


def touch_choices(words: Words) -> tuple[TouchChoice, ...]:
    return tuple(
        TouchChoice(
            kind,
            said(kind, TOUCHES, words),
            ICONS.get(kind, "chat-bubble-left-right"),
            tuple((outcome, said(outcome, OUTCOMES, words)) for outcome in outcomes),
        )
        for kind, outcomes in OUTCOMES_OF.items()
    )


def _entry(row: DeskRow, words: Words, zone: str, href_of: Callable[[str, str], str]) -> DeskEntry:
    first, facts = row.first, row.facts
    done = row.touches
    return DeskEntry(
        lead=f"{row.src}:{row.lead_id}",
        key=uuid4().hex,
        id=f"lead-{abs(hash((row.src, row.lead_id)))}",
        href=href_of(row.src, row.lead_id),
        name=facts.get("person_key") or row.lead_id,
        lead_id=row.lead_id,
        source=said(facts.get("channel") or facts.get("source_raw") or "", CHANNELS, words),
        campaign=facts.get("campaign") or "",
        tier=first.clock.tier or "",
        promise=first.title,
        others=tuple(dict.fromkeys(each.title for each in row.clocks[1:] if each.title != first.title)),
        left=countdown(first, words, zone),
        touches=words("{n} of {m} attempts", n=words.number(done[0]), m=words.number(done[1])) if done else "",
        next_step=words(STEPS[first.next_step]),
        silence=words("counts as accepted {at}", at=words.instant(row.accepted_at, zone)) if row.accepted_at else "",
        is_recycled=row.was_recycled,
        snoozed=words("put off until {at}", at=words.instant(row.snoozed_until, zone)) if row.snoozed_until else "",
    )
