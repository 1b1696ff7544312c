"""Open an agreement for somebody who wants hours of it waived: its promises, sources and teams to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import Actor, Refused
from smarketing.records.disputes import Bench
from smarketing.records.parties import Roster
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.open_leads import open_leads
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.waive_window import waivable


@dataclass(frozen=True, slots=True)
class OpenedWindow:
    """`agreements` are those of which this reader may ask for hours; `promises` have id and title."""

    facts: Facts
    versions: tuple[Agreement, ...]
    slug: str
    agreements: tuple[tuple[str, str], ...]
    promises: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    teams: tuple[str, ...]

    @property
    def zone(self) -> str:
        return self.versions[-1].zone


def open_window(actor: Actor, slug: str, words: Words) -> OpenedWindow:
    """The agreement `slug`, or the first of which this reader may ask for hours.

    Raises   Refused where there is none, FactsError when there are no facts
    """
    opened, roster = open_leads(actor, slug, words), Roster.today()
    every = {name: versions_of(name, words=words) for name, _ in opened.agreements}
    known = {name: all_ for name, all_ in every.items() if Bench(actor, all_[-1], roster).raises_for(windows=True)}
    chosen = slug or next(iter(known), "")
    if chosen not in known:
        raise Refused(N_("There is no such agreement."))
    terms, book = known[chosen][-1], open_replica(opened.facts).codebook
    return OpenedWindow(
        facts=opened.facts,
        versions=known[chosen],
        slug=chosen,
        agreements=tuple((name, title) for name, title in opened.agreements if name in known),
        promises=tuple((each.id, each.title or each.id) for each in waivable(terms)),
        sources=tuple(sorted(filter(None, book.sources))),
        teams=tuple(sorted(filter(None, set(book.teams)))),
    )
