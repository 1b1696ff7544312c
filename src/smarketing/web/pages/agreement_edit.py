"""What stands around the forms of a draft: its sections, its promises in a row, and the kinds of a new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from smarketing.records.agreements import Held
from smarketing.terms.agreement import Agreement
from smarketing.terms.kinds import KIND_TERMS
from smarketing.terms.language import Words
from smarketing.terms.lint import lint
from smarketing.terms.marked import N_
from smarketing.terms.promise_words import target_words
from smarketing.web.forms.agreement_sections import SECTIONS
from smarketing.web.forms.commitment_entries import KIND_NAMES
from smarketing.web.pages.agreements import tone_of


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str
    about: str
    href: str
    is_here: bool
    n_doubts: int


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    title: str
    party: str
    tone: str
    sentence: str
    href: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class PromisesPage:
    rows: tuple[Promise, ...]
    kinds: tuple[tuple[str, str, str], ...]  # value, name, meaning


def edit_frame(held: Held, here: str, words: Words) -> tuple[Place, ...]:
    """Every section in the order of the document, with how many doubts the field would have about it."""
    args = [held.version.agreement.slug, held.version.number]
    doubts = [each.where for each in lint(held.terms, words)]
    places = [(each.id, each.title, each.lead, each.previews) for each in SECTIONS]
    about = N_("What each side promises, to what measure and over which period.")
    places.insert(6, ("commitments", N_("Promises"), about, ("commitments",)))
    return tuple(
        Place(
            id,
            words(title),
            words(lead),
            reverse("agreement_edit_promises", args=args)
            if id == "commitments"
            else reverse("agreement_edit_section", args=[*args, id]),
            id == here,
            sum(where.split(".")[0] in previews for where in doubts),
        )
        for id, title, lead, previews in places
    )


def promises_page(terms: Agreement, words: Words) -> PromisesPage:
    parties = {party.id: party for party in terms.parties}
    last = len(terms.commitments) - 1
    return PromisesPage(
        tuple(
            Promise(
                each.id,
                each.title or each.id,
                parties[each.party].name,
                tone_of(parties[each.party].role),
                target_words(each.target, words),
                each.id,
                n == 0,
                n == last,
            )
            for n, each in enumerate(terms.commitments)
        ),
        tuple((kind.value, words(KIND_NAMES[kind]), words(said.meaning)) for kind, said in KIND_TERMS.items()),
    )
