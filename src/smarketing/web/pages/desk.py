"""The leads of one person as the desk shows them: a row each, what may be done about it, what was done last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1

from smarketing.records.access import Actor
from smarketing.records.models import Event
from smarketing.terms.code_names import CHANNELS, STAGES, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.countdown import Countdown, countdown
from smarketing.web.pages.desk_acts import Acts, LeadForm, TakeBack, take_back
from smarketing.workflows.list_desk import Desk, DeskRow

STEPS = {
    "touch": N_("Next: reach out and note it"),
    "dispose": N_("Next: accept it, disqualify it or send it back"),
}


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One lead of the list; `form` is what its forms send."""

    form: LeadForm
    id: str
    href: str
    name: str
    lead_id: str
    about: str
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
    """`told` is what went wrong with the form that was just sent; `latest` what can be taken back."""

    count: str
    rows: tuple[DeskEntry, ...]
    more: str
    acts: Acts
    is_owner: bool
    can_enter: bool
    sees_board: bool
    told: str
    latest: TakeBack | None
    now: datetime


def desk_page(
    desk: Desk,
    actor: Actor,
    *,
    now: datetime,
    zone: str,
    words: Words,
    href_of: Callable[[str, str], str],
    latest: Event | None = None,
    told: str = "",
) -> DeskPage:
    """The list in the reader's words; `told` says what was wrong with what they just sent."""
    rows = tuple(_entry(row, words, zone, href_of) for row in desk.rows)
    return DeskPage(
        count=words.plural("{n} lead waits for you.", "{n} leads wait for you.", len(rows)),
        rows=rows,
        more=words("{n} more clocks are not shown.", n=words.number(desk.n_more)) if desk.n_more else "",
        acts=Acts.of(actor, desk.terms, now=now, words=words),
        is_owner=desk.is_owner,
        can_enter=bool(actor.grant("lead", "create")),
        sees_board=bool(actor.grant("clock", "read")),
        told=told,
        latest=take_back(latest, words),
        now=now,
    )


def silence_text(accepted_at: datetime | None, now: datetime, zone: str, words: Words) -> str:
    """When nobody's answer counts as a yes, from now on and as an instant."""
    if accepted_at is None:
        return ""
    minutes = max(60, int((accepted_at - now).total_seconds()) // 60 * 60)
    at = words.instant(accepted_at, zone)
    return words("Counts as accepted in {time}, on {at}.", time=words.duration(minutes), at=at)


def _entry(row: DeskRow, words: Words, zone: str, href_of: Callable[[str, str], str]) -> DeskEntry:
    first, facts, done = row.first, row.facts, row.touches
    source = said(facts.get("channel") or facts.get("source_raw") or "", CHANNELS, words)
    stage = said(facts.get("lifecycle") or "", STAGES, words)
    return DeskEntry(
        form=LeadForm.of(row.src, row.lead_id, first.clock.agreement, is_snoozed=row.snoozed_until is not None),
        id="row-" + sha1(f"{row.src}:{row.lead_id}".encode(), usedforsecurity=False).hexdigest()[:12],
        href=href_of(row.src, row.lead_id),
        name=facts.get("person_key") or row.lead_id,
        lead_id=row.lead_id,
        about=" · ".join(filter(None, [source, facts.get("campaign"), stage])),
        tier=first.clock.tier or "",
        promise=first.title,
        others=tuple(dict.fromkeys(each.title for each in row.clocks[1:] if each.title != first.title)),
        left=countdown(first, row.now, words, zone),
        touches=words("{n} of {m} attempts", n=words.number(done[0]), m=words.number(done[1])) if done else "",
        next_step=words(STEPS[first.next_step]),
        silence=silence_text(row.accepted_at, row.now, zone, words),
        is_recycled=row.was_recycled,
        snoozed=words("put off until {at}", at=words.minute(row.snoozed_until, zone)) if row.snoozed_until else "",
    )
