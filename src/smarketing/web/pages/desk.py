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
from smarketing.web.pages.countdown import Countdown, countdown, rest_of_all
from smarketing.web.pages.desk_acts import Acts, LeadForm, TakeBack, take_back
from smarketing.web.pages.desk_history import attempts_text, sent_back_text, who_sent_it_back
from smarketing.workflows.desk_terms import agreement_slug
from smarketing.workflows.list_desk import Desk, DeskRow
from smarketing.workflows.next_tries import Returning
from smarketing.workflows.time_left import Terms

MOST_COMING = 30

STEPS = {
    "touch": N_("Next: reach out and note it"),
    "dispose": N_("Next: accept it, disqualify it or send it back"),
}


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One lead of the list; `form` is what its forms send, `history` what was before sales sent it back."""

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
    history: tuple[str, ...]
    snoozed: str


@dataclass(frozen=True, slots=True)
class BackEntry:
    """A lead that was sent back: `since` says when it is worth another try, `history` what was before."""

    form: LeadForm
    id: str
    href: str
    name: str
    about: str
    since: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`back` are leads to try again today, `coming` those of later days.

    `told` is what went wrong with the form that was just sent; `latest` what can be taken back.
    """

    count: str
    rows: tuple[DeskEntry, ...]
    back: tuple[BackEntry, ...]
    coming: tuple[BackEntry, ...]
    rest: str  # why none of the clocks runs now; empty where the rows differ
    more: str
    acts: Acts
    is_owner: bool
    can_enter: bool
    sees_board: bool
    told: str
    latest: TakeBack | None
    now: datetime
    etag: str


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
    etag: str = "",
) -> DeskPage:
    """The list in the reader's words; `told` says what was wrong with what they just sent."""
    rows = tuple(_entry(row, words, zone, href_of) for row in desk.rows)
    return DeskPage(
        count=words.plural("{n} lead waits for you.", "{n} leads wait for you.", len(rows) + len(desk.back)),
        rows=rows,
        back=tuple(_back(each, desk.terms, zone, words, href_of) for each in desk.back),
        coming=tuple(_back(each, desk.terms, zone, words, href_of) for each in desk.coming[:MOST_COMING]),
        rest=rest_of_all([row.left for row in rows]),
        more=words("{n} more clocks are not shown.", n=words.number(desk.n_more)) if desk.n_more else "",
        acts=Acts.of(actor, desk.terms, now=now, words=words),
        is_owner=desk.is_owner,
        can_enter=bool(actor.grant("lead", "create")),
        sees_board=bool(actor.grant("clock", "read")),
        told=told,
        latest=take_back(latest, words),
        now=now,
        etag=etag,
    )


def _back(each: Returning, terms: Terms, zone: str, words: Words, href_of: Callable[[str, str], str]) -> BackEntry:
    kept, (src, lead_id) = each.next_try, each.lead
    latest = words("the latest on {at}", at=words.minute(each.touched_at, zone)) if each.touched_at else ""
    tried = ", ".join(filter(None, [attempts_text(each.n_touches, words), latest]))
    source = said(each.facts.get("channel") or each.facts.get("source_raw") or "", CHANNELS, words)
    return BackEntry(
        form=LeadForm.of(src, lead_id, agreement_slug(src, lead_id, terms)),
        id=_row_id(src, lead_id),
        href=href_of(src, lead_id),
        name=each.facts.get("person_key") or lead_id,
        about=" · ".join(filter(None, [source, each.facts.get("campaign")])),
        since=words("Worth another try from {day}", day=words.day(kept.on)),
        history=(*who_sent_it_back(str(kept.by or ""), kept.at, kept.reason, words, zone), tried),
    )


def _row_id(src: str, lead_id: str) -> str:
    return "row-" + sha1(f"{src}:{lead_id}".encode(), usedforsecurity=False).hexdigest()[:12]


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
        id=_row_id(row.src, row.lead_id),
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
        is_recycled=row.sent_back is not None,
        history=sent_back_text(row.sent_back, words, zone) if row.sent_back else (),
        snoozed=words("put off until {at}", at=words.minute(row.snoozed_until, zone)) if row.snoozed_until else "",
    )
