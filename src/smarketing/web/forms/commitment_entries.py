"""A commitment as a form: what every kind says, and what only this kind does."""

from __future__ import annotations

from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Commitment, Kind, Override, Scope
from smarketing.terms.kinds import KIND_TERMS
from smarketing.terms.marked import N_
from smarketing.web.forms.agreement_sections import calendars_of, parties_of, people_of, stages_of
from smarketing.web.forms.entries import Choices, Entries, Entry, Name, Rows, entry

KIND_NAMES = {
    Kind.LEAD_VOLUME: N_("Number of leads"),
    Kind.LEAD_VALUE: N_("Value of leads"),
    Kind.PIPELINE_CONTRIBUTION: N_("Pipeline from marketing"),
    Kind.SOURCED_REVENUE: N_("Revenue from marketing"),
    Kind.CONVERSION_RATE: N_("Conversion rate"),
    Kind.SPEED_TO_LEAD: N_("Speed of the first answer"),
    Kind.FOLLOW_UP_DEPTH: N_("Depth of the follow-up"),
    Kind.DISPOSITION_TIME: N_("Time to decide on a lead"),
    Kind.OPPORTUNITIES_CREATED: N_("Opportunities created"),
    Kind.FOLLOW_UP_CADENCE: N_("No silence on open opportunities"),
    Kind.DELIVERABLE: N_("Something handed over"),
}
PERIODS = (
    ("day", N_("day")),
    ("week", N_("week")),
    ("month", N_("month")),
    ("quarter", N_("quarter")),
    ("year", N_("year")),
)
CLOCKS = (
    ("lead", N_("of the lead: handover to touch")),
    ("system", N_("of the system: handover to assignment")),
    ("rep", N_("of the rep: assignment to touch")),
)
STARTS = (
    ("handover", N_("the handover")),
    ("creation", N_("the creation of the lead")),
    ("assignment", N_("the assignment")),
)
STOPS = (("touch", N_("the first touch")), ("connection", N_("the first talk")))
PACINGS = (("calendar_days", N_("every day")), ("working_days", N_("working days")))


def target_entry(terms: Agreement, kind: Kind, path: str, label: str = N_("Target"), about: str = "") -> Entry:
    """`unit` names what a count counts, where the kind leaves no choice."""
    said = KIND_TERMS[kind]
    choices: Choices = ()
    money = (terms.currency, Name(terms.currency))
    if kind is Kind.LEAD_VALUE:
        choices = (("points", N_("points")), money)
    elif kind in (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE):
        choices = (money,)
    measures = tuple(each.value for each in said.measures)
    return Entry(
        path, label, about or said.meaning, "target", choices, is_required=True, measures=measures, default=said.example
    )


def commitment_entries(terms: Agreement, kind: Kind) -> Entries:
    """The form of a kind; ids and kind stay as they are."""
    by_key = _by_key(terms)
    own = [each for key, found in by_key.items() if key in KIND_TERMS[kind].keys for each in found]
    return (
        Entry("id", kind="hidden", follows="title"),
        Entry("kind", kind="hidden"),
        entry(Commitment, "party", N_("Who promises"), kind="choice", choices=parties_of(terms)),
        entry(Commitment, "title", N_("Title")),
        target_entry(terms, kind, "target"),
        entry(Commitment, "period", N_("Judged every"), kind="choice", choices=PERIODS),
        *own,
        entry(Commitment, "contact", N_("Who answers for it"), known=people_of(terms)),
        entry(Commitment, "description", N_("The promise in a sentence"), kind="area"),
        entry(Commitment, "weight", N_("Weight"), kind="number"),
    )


def _by_key(terms: Agreement) -> dict[str, tuple[Entry | Rows, ...]]:
    calendars, stages = calendars_of(terms), stages_of(terms, N_("the creation of the lead"))
    return {
        "stage": (entry(Commitment, "stage", N_("Stage"), kind="choice", choices=stages),),
        "to_stage": (
            entry(Commitment, "to_stage", N_("To stage"), kind="choice", choices=stages_of(terms, N_("customer"))),
        ),
        "lag": (entry(Commitment, "lag", N_("Time to convert"), kind="allowance"),),
        "deliverable": (entry(Commitment, "deliverable", N_("Thing handed over")),),
        "clock": (entry(Commitment, "clock", N_("Clock"), kind="choice", choices=CLOCKS),),
        "start": (entry(Commitment, "start", N_("The clock starts with"), kind="choice", choices=STARTS),),
        "stop": (entry(Commitment, "stop", N_("The clock stops with"), kind="choice", choices=STOPS),),
        "only": scope_entries(terms, "only"),
        "calendar": (entry(Commitment, "calendar", N_("Calendar"), kind="choice", choices=calendars),),
        "pauses": (entry(Commitment, "pauses", N_("Statuses that stop the clock"), kind="lines"),),
        "remind_at": (entry(Commitment, "remind_at", N_("At risk after"), kind="share", unit="%"),),
        "pacing": (entry(Commitment, "pacing", N_("The goal line climbs on"), kind="choice", choices=PACINGS),),
        "overrides": (_overrides(terms),),
    }


def scope_entries(terms: Agreement, at: str) -> tuple[Entry, ...]:
    tiers = tuple((tier.id, Name(f"{tier.id}: {tier.name}" if tier.name else tier.id)) for tier in terms.tiers)
    ticks = (entry(Scope, f"{at}.tiers", N_("Only tiers"), kind="ticks", choices=tiers),) if tiers else ()
    return (
        *ticks,
        entry(Scope, f"{at}.sources", N_("Only sources"), kind="lines"),
        entry(Scope, f"{at}.teams", N_("Only teams"), kind="lines"),
        entry(Scope, f"{at}.reps", N_("Only reps"), kind="lines"),
    )


def _overrides(terms: Agreement) -> Rows:
    each = (
        *scope_entries(terms, "only"),
        entry(Override, "within", N_("Other time"), kind="allowance"),
        entry(Override, "calendar", N_("Other calendar"), kind="choice", choices=calendars_of(terms)),
    )
    return Rows("overrides", N_("Rules for some of the leads"), N_("Rule"), each, "within")
