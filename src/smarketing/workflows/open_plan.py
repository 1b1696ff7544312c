"""Open the plan for somebody: their agreement's terms, this installation's facts, what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.ledger.store import Facts
from smarketing.records.access import Actor
from smarketing.records.agreements import Held, agreements_visible_to, held_versions
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.language import Words
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.plan_worksheet import Asked, Worksheet, plan_worksheet


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """The worksheet, and the agreement it was reckoned with; both texts are empty without one.

    `version` is the one that was asked for, where this actor may see it.
    """

    sheet: Worksheet
    slug: str
    title: str
    version: int | None = None


def open_plan(
    asked: Asked, *, actor: Actor, slug: str, now: datetime, words: Words, version: int | None = None
) -> OpenedPlan:
    """The worksheet of the agreement `slug`, or of the first that this actor may see; of none where there is none.

    Takes    version  number of a version whose promises to weigh, drafts among them; None for the latest signed one
    """
    held = _held(actor, slug, version) if version is not None else None
    terms = held.terms if held else _terms(actor, slug, words)
    sheet = plan_worksheet(_facts(), terms, asked, now=now, words=words)
    if terms is None:
        return OpenedPlan(sheet, "", "")
    return OpenedPlan(sheet, held.version.agreement.slug if held else terms.id, terms.title, version if held else None)


def plan_of(terms: Agreement, asked: Asked, *, now: datetime, words: Words) -> Worksheet:
    """The worksheet of a text that is still being written, with the facts of this installation."""
    return plan_worksheet(_facts(), terms, asked, now=now, words=words)


def _held(actor: Actor, slug: str, version: int) -> Held | None:
    found = (each for each in held_versions(actor) if each.version.agreement.slug == slug)
    return next((each for each in found if each.version.number == version), None)


def _terms(actor: Actor, slug: str, words: Words) -> Agreement | None:
    """The latest signed version."""
    for record in agreements_visible_to(actor):
        if slug in ("", record.slug):
            try:
                return versions_of(record.slug, words=words)[-1]
            except TermsError:
                continue  # nothing of it is signed yet
    return None


def _facts() -> Facts | None:
    try:
        return open_facts(None)
    except FactsError:
        return None
