"""The sections of an agreement as forms: every value of the document has its entry in one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smarketing.terms.agreement import (
    Agreement,
    Cancellation,
    Capacity,
    Consequence,
    Contact,
    Counting,
    Definition,
    Handover,
    InForce,
    Party,
    Report,
    Review,
    Reward,
    Tier,
)
from smarketing.terms.coherence import STAGES, TOUCHES
from smarketing.terms.marked import N_
from smarketing.terms.yaml_calendar import CalendarForm, HolidaysForm
from smarketing.web.forms.alert_entries import alerts
from smarketing.web.forms.dispute_entries import disputes
from smarketing.web.forms.entries import Choices, Entries, Entry, Name, Rows, entry

LANGUAGES = (("en", Name("English")), ("es", Name("Español")), ("it", Name("Italiano")))
KINDS = (
    ("internal", N_("teams of one company")),
    ("customer", N_("a supplier and a customer")),
    ("multilevel", N_("several levels of service")),
)
ROLES = (
    ("marketing", N_("Marketing")),
    ("sales", N_("Sales")),
    ("service", N_("Service")),
    ("customer", N_("Customer")),
)
WEEK = (("monday", N_("Monday")), ("sunday", N_("Sunday")))
MOMENTS = (
    ("creation", N_("as soon as it is created")),
    ("stage", N_("when it reaches a stage")),
    ("assignment", N_("when it is assigned to a rep")),
)
STAGE_NAMES = {
    "lead": N_("Lead"),
    "mql": N_("Marketing qualified lead (MQL)"),
    "sal": N_("Sales accepted lead (SAL)"),
    "sql": N_("Sales qualified lead (SQL)"),
    "opportunity": N_("Opportunity"),
    "customer": N_("Customer"),
    "disqualified": N_("Disqualified"),
    "recycled": N_("Recycled"),
}
TOUCH_NAMES = {
    "call": N_("Telephone call"),
    "email": N_("E-mail"),
    "meeting": N_("Meeting"),
    "sms": N_("Text message"),
    "chat": N_("Chat"),
    "social": N_("Social network"),
    "visit": N_("Visit"),
    "note": N_("Note"),
    "task": N_("Task"),
}
YES_OR_NO = (("", N_("yes")), ("false", N_("no")))
CADENCES = (
    ("weekly", N_("every week")),
    ("fortnightly", N_("every two weeks")),
    ("monthly", N_("every month")),
    ("quarterly", N_("every quarter")),
    ("yearly", N_("every year")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """`previews` are the beginnings of the ids of the document's parts that the section is read as."""

    id: str
    title: str
    lead: str
    entries: Callable[[Agreement], Entries]
    previews: tuple[str, ...]


def parties_of(terms: Agreement, nobody: str = "") -> Choices:
    return _or_nothing(nobody, tuple((party.id, Name(party.name)) for party in terms.parties))


def calendars_of(terms: Agreement) -> Choices:
    named = tuple((each.id, Name(each.name or each.id)) for each in terms.calendars)
    return (("", N_("its party's, or the first one")), *named)


def commitments_of(terms: Agreement) -> Choices:
    return (("", N_("any of them")), *((each.id, Name(each.title or each.id)) for each in terms.commitments))


def stages_of(terms: Agreement, nothing: str = "") -> Choices:
    own = [word for word in terms.definitions if word not in STAGES]
    raw = [stage for c in terms.commitments for stage in (c.stage, c.to_stage) if stage not in ("", *STAGES, *own)]
    return _or_nothing(nothing, tuple((name, STAGE_NAMES.get(name, Name(name))) for name in (*STAGES, *own, *raw)))


def people_of(terms: Agreement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(contact.name for party in terms.parties for contact in party.contacts))


def _or_nothing(label: str, choices: Choices) -> Choices:
    return (("", label), *choices) if label else choices


def general(_: Agreement) -> Entries:
    return (
        entry(Agreement, "title", N_("Title")),
        entry(Agreement, "summary", N_("Summary"), kind="area"),
        entry(InForce, "in_force.from_on", N_("First day"), kind="date"),
        entry(InForce, "in_force.until_on", N_("Last day"), kind="date"),
        entry(Agreement, "kind", N_("Between whom"), kind="choice", choices=KINDS),
        entry(Agreement, "language", N_("Language"), kind="choice", choices=LANGUAGES),
        entry(Agreement, "currency", N_("Currency")),
        entry(Agreement, "zone", N_("Time zone"), kind="zone"),
        entry(Agreement, "week_starts_on", N_("A week begins on"), kind="choice", choices=WEEK),
        entry(Agreement, "ideal_customer", N_("Ideal customer"), kind="area"),
        entry(Agreement, "personas", N_("Personas"), kind="lines"),
    )


def capacity(prefix: str) -> tuple[Entry, ...]:
    at = f"{prefix}capacity."
    optional: dict[str, Any] = {"default": "", "is_required": False}
    return (
        entry(Capacity, f"{at}reps", N_("Reps"), kind="number", unit=N_("people"), **optional),
        entry(Capacity, f"{at}hours_per_rep", N_("Hours a month"), kind="number", unit=N_("hours each"), **optional),
        entry(Capacity, f"{at}marketing_share", N_("For marketing's leads"), kind="share", unit="%", **optional),
        entry(Capacity, f"{at}minutes_per_attempt", N_("One attempt"), kind="number", unit=N_("minutes"), **optional),
        entry(Capacity, f"{at}automated_share", N_("Automated attempts"), kind="share", unit="%", **optional),
    )


def parties(terms: Agreement) -> Entries:
    person = (
        entry(Contact, "name", N_("Name")),
        entry(Contact, "email", N_("E-mail address")),
        entry(Contact, "role", N_("What the person does")),
        entry(Contact, "reports_to", N_("Reports to"), known=people_of(terms)),
    )
    each: tuple[Entry | Rows, ...] = (
        Entry("id", kind="hidden", follows="name"),
        entry(Party, "name", N_("Name")),
        entry(Party, "role", N_("Role"), kind="choice", choices=ROLES),
        entry(Party, "teams", N_("Teams"), kind="lines"),
        Rows("contacts", N_("Who answers for it"), N_("Person"), person, "name"),
        entry(Party, "calendar", N_("Calendar"), kind="choice", choices=calendars_of(terms)),
        entry(Party, "needs", N_("What it needs from the others"), kind="lines"),
        *capacity(""),
    )
    return (Rows("parties", N_("Parties"), N_("Party"), each, "name"),)


def definitions(terms: Agreement) -> Entries:
    each = (
        Entry(
            "word",
            N_("Word"),
            N_("lead, mql, sal, sql, opportunity, customer, or a word of your own"),
            is_required=True,
        ),
        entry(Definition, "entry", N_("When a lead becomes one"), kind="area"),
        entry(
            Definition, "marked_by", N_("Marked by"), kind="choice", choices=parties_of(terms, N_("nobody is named"))
        ),
        entry(Definition, "values", N_("Values in the CRM"), kind="lines"),
        entry(Definition, "reasons", N_("Reasons to choose from"), kind="lines"),
    )
    return (Rows("definitions", N_("Definitions"), N_("Word"), each, "word"),)


def tiers(_: Agreement) -> Entries:
    each = (
        entry(Tier, "id", N_("Short name")),
        entry(Tier, "name", N_("Name")),
        entry(Tier, "worth", N_("Worth of a lead"), kind="number"),
        entry(Tier, "grades", N_("Grades"), kind="lines"),
        entry(Tier, "sources", N_("Sources"), kind="lines"),
        entry(Tier, "score_from", N_("Lowest score"), kind="number"),
    )
    about = N_("From the best to the rest: the first tier that fits a lead holds.")
    return (Rows("tiers", N_("Tiers"), N_("Tier"), each, "id", about),)


def handover(terms: Agreement) -> Entries:
    touches = tuple((kind, TOUCH_NAMES[kind]) for kind in TOUCHES)
    return (
        entry(Handover, "handover.at", N_("A lead passes to sales"), kind="choice", choices=MOMENTS),
        entry(Handover, "handover.stage", N_("The stage that hands it over"), kind="choice", choices=stages_of(terms)),
        entry(Handover, "handover.description", N_("The same in a sentence"), kind="area"),
        entry(Agreement, "acceptance_by_silence", N_("Silence accepts a lead after"), kind="allowance"),
        entry(Counting, "counting.touches", N_("What counts as a touch"), kind="ticks", choices=touches),
        entry(Counting, "counting.min_call_s", N_("Shortest call"), kind="number", unit=N_("seconds")),
        entry(Counting, "counting.marketing_sources", N_("Sources that are marketing's"), kind="lines"),
        entry(Counting, "counting.void_reasons", N_("Reasons that take a lead out of every count"), kind="lines"),
        entry(
            Counting,
            "counting.rejected_leads_count",
            N_("Rejected leads count for marketing"),
            kind="choice",
            choices=YES_OR_NO,
            default="",
        ),
    )


def calendar(prefix: str = "") -> tuple[Entry, ...]:
    about = {
        "dates": N_("closed dates of our own, one a line: 2026-12-24"),
        "exceptions": N_("hours of one date instead of its own, one a line: 2026-12-31 09:00-13:00"),
        "hours": N_("several windows a day are parted by commas: 09:00-14:00, 15:00-18:30; or closed"),
    }
    holidays = f"{prefix}holidays."
    return (
        entry(CalendarForm, f"{prefix}name", N_("Name")),
        entry(CalendarForm, f"{prefix}zone", N_("Time zone"), kind="zone"),
        entry(CalendarForm, f"{prefix}hours", N_("Hours"), kind="week", about=about["hours"]),
        entry(HolidaysForm, f"{holidays}country", N_("Public holidays of"), default=""),
        entry(HolidaysForm, f"{holidays}region", N_("Region"), default=""),
        entry(HolidaysForm, f"{holidays}dates", N_("Closed days"), kind="lines", about=about["dates"]),
        entry(HolidaysForm, f"{holidays}open_on", N_("Holidays that are worked"), kind="lines"),
        entry(CalendarForm, f"{prefix}exceptions", N_("Other hours"), kind="dated", about=about["exceptions"]),
    )


def calendars(_: Agreement) -> Entries:
    each = (Entry("id", kind="hidden", follows="name"), *calendar())
    about = N_("The first one holds where nothing else is said.")
    return (Rows("calendars", N_("Calendars"), N_("Calendar"), each, "name", about),)


def meetings(terms: Agreement) -> Entries:
    report = (
        entry(Report, "name", N_("Name")),
        entry(Report, "owed_by", N_("Written by"), kind="choice", choices=parties_of(terms)),
        entry(Report, "owed_to", N_("Read by"), kind="choice", choices=parties_of(terms)),
        entry(Report, "cadence", N_("How often")),
        entry(Report, "content", N_("What it contains"), kind="area"),
    )
    review = (
        entry(Review, "name", N_("Name")),
        entry(Review, "cadence", N_("How often"), kind="choice", choices=CADENCES),
        entry(Review, "purpose", N_("What it is for"), kind="area"),
        entry(Review, "attendees", N_("Who attends"), kind="lines"),
    )
    return (
        Rows("reviews", N_("Review meetings"), N_("Meeting"), review, "name"),
        Rows("reports", N_("Reports owed to each other"), N_("Report"), report, "name"),
    )


def what_follows(terms: Agreement) -> Entries:
    about_which: dict[str, Any] = {"kind": "choice", "choices": commitments_of(terms)}
    step = (
        entry(Consequence, "strikes", N_("Strikes"), kind="number"),
        entry(Consequence, "step", N_("What follows"), kind="area"),
        entry(Consequence, "commitment", N_("Of which commitment"), **about_which),
        entry(Consequence, "responsible", N_("Who mends it"), known=people_of(terms)),
    )
    reward = (
        entry(Reward, "name", N_("Name")),
        entry(Reward, "when", N_("When it is earned"), kind="area"),
        entry(Reward, "points", N_("Points"), kind="number"),
    )
    ending = (
        entry(Cancellation, "condition", N_("Condition"), kind="area"),
        entry(Cancellation, "commitment", N_("Of which commitment"), **about_which),
        entry(Cancellation, "missed_periods", N_("Missed periods in a row"), kind="number"),
    )
    return (
        Rows("consequences", N_("Consequences"), N_("Step"), step, "step"),
        Rows("rewards", N_("Rewards"), N_("Reward"), reward, "name"),
        Rows("cancellation", N_("Cancellation"), N_("Condition"), ending, "condition"),
        entry(Agreement, "exceptions", N_("Exceptions"), kind="lines"),
    )


SECTIONS = (
    Section("general", N_("General"), N_("What it is called, when it holds and in what it counts."), general,
            ("summary", "ideal_customer", "personas")),
    Section("parties", N_("Parties and people"), N_("Who promises, who answers for it and what they can do."), parties,
            ("parties",)),
    Section("definitions", N_("Definitions"), N_("What the words mean here, so that both teams count the same."),
            definitions, ("definitions",)),
    Section("tiers", N_("Tiers"), N_("Quality levels of leads and what one of each is worth."), tiers, ("tiers",)),
    Section("handover", N_("Handover and counting"), N_("When a lead passes to sales, and which facts count."),
            handover, ("handover", "counting", "acceptance_by_silence")),
    Section("calendars", N_("Calendars"), N_("The hours in which promised time runs."), calendars, ("calendars",)),
    Section("meetings", N_("Meetings and reports"), N_("Where and how often both teams look at the numbers."), meetings,
            ("reviews", "reports")),
    Section("alerts", N_("Warnings"), N_("Who is told of what, when and by which way."), alerts, ("alerts",)),
    Section("disputes", N_("Disputes"), N_("Who decides on a verdict that is contested, and how fast."), disputes,
            ("disputes",)),
    Section("consequences", N_("What follows"), N_("Announced steps, rewards, exceptions, and when it should end."),
            what_follows, ("consequences", "rewards", "cancellation", "exceptions")),
)  # fmt: skip
