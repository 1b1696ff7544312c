"""What stands around the text of a version: where it is on its way, what happened to it, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.agreements import CLOSED, Held
from smarketing.records.models import Acknowledgement, Decline, Revision
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import NAMES, Status, Who, can
from smarketing.terms.marked import N_
from smarketing.web.pages.agreements import TONES, PartySide, days_words, party_sides, status_words, version_href

WAY = (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.IN_FORCE)
TABS = (
    ("agreement_version", N_("Document")),
    ("agreement_changes", N_("What changes")),
    ("agreement_revisions", N_("Saved texts")),
    ("agreement_backtest", N_("Tried on the past")),
    ("agreement_acknowledgements", N_("Who has read it")),
)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: str  # done, here or nothing
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    href: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the version: a refusal or an answer with changes."""

    who: str
    at: datetime
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of every page of a version."""

    slug: str
    number: int
    title: str
    status: str
    status_word: str
    tone: str
    days: str
    zone: str
    parties: tuple[PartySide, ...]
    steps: tuple[Step, ...]
    tabs: tuple[Tab, ...]
    versions: tuple[Tab, ...]
    revision: int
    saved: str
    happened: tuple[Happened, ...]
    ended_why: str
    can_edit: bool
    can_propose: bool
    can_counter: bool
    can_reopen: bool
    can_amend: bool
    to_sign: tuple[tuple[str, str], ...]  # id and name of parties
    to_decline: tuple[tuple[str, str], ...]
    to_end: tuple[tuple[str, str], ...]
    to_acknowledge: bool
    acknowledged_at: datetime | None
    is_in_force: bool


def frame(held: Held, all_held: Sequence[Held], *, here: str, own_id: int | None, words: Words) -> Frame:
    version, names = held.version, {party.id: party.name for party in held.terms.parties}
    status, seat = held.status, held.seat
    signs = tuple((party, names[party]) for party in seat.signs)
    read = Acknowledgement.objects.filter(version=version, person=own_id).first() if own_id else None
    is_open_elsewhere = any(each.status not in CLOSED for each in all_held)
    return Frame(
        slug=version.agreement.slug,
        number=version.number,
        title=held.terms.title,
        status=status_words(held, words),
        status_word=words(NAMES[status]),
        tone=TONES[status],
        days=days_words(held, words),
        zone=held.terms.zone,
        parties=party_sides(held),
        steps=_steps(status, words),
        tabs=_tabs(held, all_held, here, words),
        versions=tuple(Tab(status_words(each, words), version_href(each), each is held) for each in all_held),
        revision=held.revision.number,
        saved=_saved(held.revision, held.terms.zone, words),
        happened=_happened(held),
        ended_why=version.ended_why,
        can_edit=seat.can_write and can("edit", status, Who.WRITER),
        can_propose=seat.can_write and can("propose", status, Who.WRITER),
        can_counter=seat.can_write and can("counter", status, Who.WRITER),
        can_reopen=seat.can_write and can("reopen", status, Who.WRITER),
        can_amend=seat.can_write and status in CLOSED and not is_open_elsewhere,
        to_sign=tuple((party, names[party]) for party in held.to_sign),
        to_decline=signs if can("decline", status, Who.SIGNATORY) else (),
        to_end=signs if can("cancel", status, Who.SIGNATORY) else (),
        to_acknowledge=held.binds and read is None,
        acknowledged_at=read.at if read else None,
        is_in_force=status is Status.IN_FORCE,
    )


def _steps(status: Status, words: Words) -> tuple[Step, ...]:
    if status is Status.DECLINED:
        return (
            Step(words(NAMES[Status.DRAFT]), "done"),
            Step(words(NAMES[Status.PROPOSED]), "done"),
            Step(words(NAMES[status]), "here"),
        )
    way = (*WAY, status) if status not in WAY else WAY
    here = way.index(status)
    return tuple(
        Step(words(NAMES[each]), "done" if n < here else "here" if n == here else "") for n, each in enumerate(way)
    )


def _tabs(held: Held, all_held: Sequence[Held], here: str, words: Words) -> tuple[Tab, ...]:
    shown = [tab for tab in TABS if tab[0] != "agreement_acknowledgements" or held.status in CLOSED]
    if len(all_held) == 1 and held.revision.number == 1:
        shown = [tab for tab in shown if tab[0] != "agreement_changes"]
    if not held.seat.sees_drafts:
        shown = [tab for tab in shown if tab[0] not in ("agreement_revisions", "agreement_backtest")]
    return tuple(Tab(words(title), version_href(held, name), name == here) for name, title in shown)


def _saved(revision: Revision, zone: str, words: Words) -> str:
    who = str(revision.by or "–")
    return words("Text {n}, saved by {who} on {at}", n=revision.number, who=who, at=words.instant(revision.at, zone))


def _happened(held: Held) -> tuple[Happened, ...]:
    """What the other side said, while it matters."""
    if held.status not in (Status.DRAFT, Status.DECLINED):
        return ()
    declines = Decline.objects.filter(version=held.version).select_related("person")
    answers = held.version.revisions.filter(verb__in=("counter", "reopen")).select_related("by")
    found = [Happened(str(each.person), each.at, each.reasons, "bad") for each in declines]
    found += [Happened(str(each.by or "–"), each.at, each.note, "open") for each in answers]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:4])
