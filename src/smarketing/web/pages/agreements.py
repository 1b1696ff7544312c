"""The list of agreements: what waits for the reader first, then each agreement with where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from smarketing.records.agreements import Held, Wait, foremost
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import NAMES, Status
from smarketing.terms.marked import N_
from smarketing.terms.starters import starters

TONES = {
    Status.DRAFT: "muted",
    Status.PROPOSED: "open",
    Status.SIGNED: "good",
    Status.IN_FORCE: "good",
    Status.SUPERSEDED: "muted",
    Status.ENDED: "muted",
    Status.DECLINED: "bad",
}
WAITS = {
    "sign": N_("{title}, version {n}: your signature is waited for."),
    "answer": N_("{title}, version {n}: the other side changed the draft. Look at it and answer."),
    "acknowledge": N_("{title}, version {n}: say that you have read it."),
}
ACTS = {"sign": N_("Read and sign"), "answer": N_("See the changes"), "acknowledge": N_("Read it")}
STARTER_NAMES = {
    "small_b2b": N_("Small B2B team"),
    "inside_sales": N_("Inside sales"),
    "multilevel_service": N_("Marketing, sales and service"),
    "customer_sla": N_("Supplier and customer"),
    "value_tiers": N_("Leads by their worth"),
}


@dataclass(frozen=True, slots=True)
class PartySide:
    name: str
    tone: str  # marketing, sales, other
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    href: str
    status: str
    tone: str
    days: str
    parties: tuple[PartySide, ...]
    others: tuple[tuple[str, str], ...]  # what else goes on: text, address


@dataclass(frozen=True, slots=True)
class Waiting:
    text: str
    act: str
    href: str


@dataclass(frozen=True, slots=True)
class StarterChoice:
    name: str
    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[Row, ...]
    waiting: tuple[Waiting, ...]
    heading: str
    starters: tuple[StarterChoice, ...]
    can_draft: bool


def list_page(held: Sequence[Held], waiting: Sequence[Wait], *, can_draft: bool, words: Words) -> ListPage:
    groups = [list(group) for _, group in groupby(held, key=lambda each: each.version.agreement_id)]
    n = len(waiting)
    return ListPage(
        rows=tuple(_row(group, words) for group in groups),
        waiting=tuple(_waiting(wait, words) for wait in waiting),
        heading=words.plural("{n} thing waits for you", "{n} things wait for you", n),
        starters=tuple(
            StarterChoice(each.name, words(STARTER_NAMES[each.name]), words(each.purpose)) for each in starters()
        ),
        can_draft=can_draft,
    )


def _row(group: list[Held], words: Words) -> Row:
    shown = foremost(group)
    assert shown is not None  # groupby makes no empty group
    others = tuple(
        (
            words("version {n} is {state}", n=each.version.number, state=words(NAMES[each.status])),
            version_href(each),
        )
        for each in group
        if each is not shown and each.status in (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.DECLINED)
    )
    return Row(
        title=shown.terms.title,
        href=reverse("agreement", args=[shown.version.agreement.slug]),
        status=status_words(shown, words),
        tone=TONES[shown.status],
        days=days_words(shown, words),
        parties=party_sides(shown),
        others=others,
    )


def status_words(held: Held, words: Words) -> str:
    return words("version {n}, {state}", n=held.version.number, state=words(NAMES[held.status]))


def days_words(held: Held, words: Words) -> str:
    begins, ends = held.version.from_on, held.version.until_on
    if ends is None:
        return words("from {start}", start=words.day(begins))
    return words("{start} to {end}", start=words.day(begins), end=words.day(ends))


def party_sides(held: Held) -> tuple[PartySide, ...]:
    return tuple(
        PartySide(party.name, tone_of(party.role), tuple(contact.name for contact in party.contacts))
        for party in held.terms.parties
    )


def tone_of(role: str) -> str:
    return role if role in ("marketing", "sales") else "other"


def version_href(held: Held, part: str = "agreement_version") -> str:
    return reverse(part, args=[held.version.agreement.slug, held.version.number])


def _waiting(wait: Wait, words: Words) -> Waiting:
    parts = {"sign": "agreement_signatures", "answer": "agreement_revisions", "acknowledge": "agreement_version"}
    text = words(WAITS[wait.verb], title=wait.held.terms.title, n=wait.held.version.number)
    return Waiting(text, words(ACTS[wait.verb]), version_href(wait.held, parts[wait.verb]))
