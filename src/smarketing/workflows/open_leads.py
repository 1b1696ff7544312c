"""Open the leads for somebody: this installation's facts, the promises they are judged by, whose leads may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.ledger.store import Facts
from smarketing.records.access import Actor, LeadScope
from smarketing.records.agreements import agreements_visible_to
from smarketing.records.unowned import scope_with_unowned
from smarketing.scorecard.waived import NONE, Waivers
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.language import Words
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.open_waivers import waivers_of


@dataclass(frozen=True, slots=True)
class OpenedLeads:
    """`versions` of the agreement `slug`, oldest first; both empty where nothing is signed."""

    facts: Facts
    versions: tuple[Agreement, ...]
    slug: str
    agreements: tuple[tuple[str, str], ...]
    scope: LeadScope

    def waivers(self, at: datetime) -> Waivers:
        """Those in force at an instant, of the agreement that is shown."""
        return waivers_of(self.slug, at=at) if self.slug else NONE

    @property
    def zone(self) -> str:
        return self.versions[-1].zone if self.versions else "UTC"


def open_leads(
    actor: Actor, slug: str, words: Words, *, shown_at: datetime | None = None, about: tuple[str, str] | None = None
) -> OpenedLeads:
    """What a list of leads needs; the agreement `slug` where this actor may see it, else the first that is signed.

    Takes    shown_at  the leads are only shown, at this instant: what events told in the last seconds may be missing
             about     source and id of a lead of which nothing may be missing
    Raises   FactsError when there are no facts yet
    """
    facts = open_facts(None, shown_at=shown_at)
    if about:
        facts.catch_up_on(*about)
    seen = [(record.slug, record.title) for record in agreements_visible_to(actor)]
    signed = {name: versions for name, _ in seen if (versions := _versions(name, words))}
    chosen = slug if slug in signed else next(iter(signed), "")
    choices = tuple((name, title) for name, title in seen if name in signed)
    return OpenedLeads(facts, signed.get(chosen, ()), chosen, choices, scope_with_unowned(actor, "clock"))


def _versions(slug: str, words: Words) -> tuple[Agreement, ...]:
    try:
        return versions_of(slug, words=words)
    except TermsError:
        return ()
