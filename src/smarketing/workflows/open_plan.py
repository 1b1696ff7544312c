"""Open the plan for somebody: their agreement's terms, this installation's facts, what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.ledger.store import Facts
from smarketing.records.access import Actor
from smarketing.records.agreements import agreements_visible_to
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.language import Words
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.plan_worksheet import Asked, Worksheet, plan_worksheet


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """The worksheet, and the agreement it was reckoned with; both texts are empty without one."""

    sheet: Worksheet
    slug: str
    title: str


def open_plan(asked: Asked, *, actor: Actor, slug: str, now: datetime, words: Words) -> OpenedPlan:
    """The worksheet of the agreement `slug`, or of the first that this actor may see; of none where there is none."""
    terms = _terms(actor, slug, words)
    sheet = plan_worksheet(_facts(), terms, asked, now=now, words=words)
    return OpenedPlan(sheet, terms.id if terms else "", terms.title if terms else "")


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
