"""The questions of the guide, team by team; each step changes a draft that is whole before and after it."""

from __future__ import annotations

from dataclasses import replace

from smarketing.terms.agreement import Agreement, Party, Role
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_
from smarketing.web.forms.agreement_sections import (
    Section,
    calendar,
    capacity,
    general,
    handover,
    meetings,
    parties,
    what_follows,
)
from smarketing.web.forms.commitment_entries import target_entry
from smarketing.web.forms.entries import Entries, Entry, Name, Rows

QUESTIONS = {
    Kind.LEAD_VOLUME: N_("How many leads can marketing promise?"),
    Kind.LEAD_VALUE: N_("How much value can marketing promise?"),
    Kind.PIPELINE_CONTRIBUTION: N_("How much pipeline can marketing promise?"),
    Kind.SOURCED_REVENUE: N_("How much revenue can marketing promise?"),
    Kind.CONVERSION_RATE: N_("What share goes on to the next stage?"),
    Kind.SPEED_TO_LEAD: N_("How fast is a new lead answered?"),
    Kind.FOLLOW_UP_DEPTH: N_("How often, and within how many business days, is a lead tried?"),
    Kind.DISPOSITION_TIME: N_("How soon is decided what becomes of a lead?"),
    Kind.OPPORTUNITIES_CREATED: N_("How many opportunities can be promised?"),
    Kind.FOLLOW_UP_CADENCE: N_("How long may an open opportunity hear nothing?"),
    Kind.DELIVERABLE: N_("What is handed over, and how often?"),
}
ASKED_WORDS = {
    "lead": N_("What is a lead here?"),
    "mql": N_("When is a lead worth a call (MQL)?"),
    "sql": N_("When has sales qualified it (SQL)?"),
}
NEEDS = N_("What do you need from the other side?")


def the_words(terms: Agreement) -> Entries:
    asked = [
        Entry(f"definitions.{n}.entry", ASKED_WORDS[word], N_("In a sentence that both teams can apply."), "area")
        for n, word in enumerate(terms.definitions)
        if word in ASKED_WORDS
    ]
    passing = [each for each in handover(terms) if each.path in ("handover.at", "handover.stage")]
    return (*asked, *passing)


def of_marketing(terms: Agreement) -> Entries:
    counting = [each for each in handover(terms) if each.path == "counting.marketing_sources"]
    return (*_promised_by(terms, Role.MARKETING), *counting, *_needs(terms, Role.MARKETING), *_reports(terms))


def of_sales(terms: Agreement) -> Entries:
    return (*_promised_by(terms, Role.SALES), *_needs(terms, Role.SALES))


def the_hours(terms: Agreement) -> Entries:
    """Within whose hours, and whether the people are there."""
    n = _position(terms, Role.SALES)
    hours = [each for each in calendar("calendars.0.") if not each.path.endswith(("name", "open_on"))]
    return (*hours, *(capacity(f"parties.{n}.") if n is not None else ()))


def together(terms: Agreement) -> Entries:
    ending = [each for each in what_follows(terms) if each.path in ("consequences", "cancellation")]
    reviews = [each for each in meetings(terms) if each.path == "reviews"]
    return (*reviews, *ending)


def the_rest(terms: Agreement) -> Entries:
    asked = ("title", "summary", "in_force.from_on", "in_force.until_on", "language", "currency", "zone")
    return tuple(each for each in general(terms) if each.path in asked)


def people(terms: Agreement) -> Entries:
    """Who answers for each side."""
    found = next(each for each in parties(terms) if isinstance(each, Rows))
    contacts = next(each for each in found.entries if isinstance(each, Rows))
    return tuple(
        replace(contacts, path=f"parties.{n}.contacts", label=Name(party.name)) for n, party in enumerate(terms.parties)
    )


def _promised_by(terms: Agreement, role: Role) -> list[Entry]:
    """The targets of a side's promises as questions; several of a kind are told apart by their titles."""
    ids = {party.id for party in terms.parties if party.role is role}
    mine = [(n, each) for n, each in enumerate(terms.commitments) if each.party in ids]
    return [
        target_entry(terms, each.kind, f"commitments.{n}.target", QUESTIONS[each.kind], Name(each.title or each.id))
        for n, each in mine
    ]


def _needs(terms: Agreement, role: Role) -> list[Entry]:
    n = _position(terms, role)
    return [] if n is None else [Entry(f"parties.{n}.needs", NEEDS, "", "lines")]


def _reports(terms: Agreement) -> list[Entry | Rows]:
    return [each for each in meetings(terms) if each.path == "reports"]


def _position(terms: Agreement, role: Role) -> int | None:
    return next((n for n, party in enumerate(terms.parties) if party.role is role), None)


def party_of(terms: Agreement, role: Role) -> Party | None:
    n = _position(terms, role)
    return None if n is None else terms.parties[n]


def previews_of(step: Section, terms: Agreement) -> tuple[str, ...]:
    """What the step is read as; of the promises only those of the side that is asked."""
    if step.id == "hours":
        sales = party_of(terms, Role.SALES)
        return (*(step.previews[:1]), *([f"parties.{sales.id}.capacity"] if sales else []))
    if step.id not in (Role.MARKETING, Role.SALES):
        return step.previews
    ids = {party.id for party in terms.parties if party.role == step.id}
    mine = tuple(f"commitments.{each.id}" for each in terms.commitments if each.party in ids)
    return (*mine, *(each for each in step.previews if each != PROMISES))


PROMISES = "commitments"
STEPS = (
    Section("people", N_("People"), N_("Who answers for each side, and how they are reached."), people, ("parties",)),
    Section("words", N_("Words"), N_("What a lead is here, and when it passes from marketing to sales."), the_words,
            ("definitions", "handover")),
    Section("marketing", N_("Marketing"), N_("Questions to marketing: what it can promise and what it needs."),
            of_marketing, (PROMISES, "reports")),
    Section("plan", N_("Quota"), N_("From the sales quota back to the leads that marketing must deliver."),
            lambda _: (), (PROMISES,)),
    Section("sales", N_("Sales"), N_("Questions to sales: how fast, how often, and what it needs."), of_sales,
            (PROMISES,)),
    Section("hours", N_("Hours"), N_("Within which hours, and whether the people are there to keep the promises."),
            the_hours, ("calendars", "parties")),
    Section("rules", N_("Rules"), N_("When both look at the numbers, what follows a miss, and when it ends."), together,
            ("reviews", "consequences", "cancellation")),
    Section("period", N_("Period"), N_("When it holds, in which language and currency."), the_rest, ("summary",)),
)  # fmt: skip
