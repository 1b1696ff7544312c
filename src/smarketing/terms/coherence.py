"""Whether the parts of an agreement fit together: every id that is named exists, every target suits its kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from smarketing.terms.agreement import Agreement, HandoverMoment
from smarketing.terms.coherence_alerts import alerts
from smarketing.terms.commitment import Commitment, Kind, Scope
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import shown
from smarketing.terms.flaw import ID, Flaw, contact, named, unknown
from smarketing.terms.kinds import KIND_TERMS, USUAL
from smarketing.terms.language import N_
from smarketing.terms.target import Measure
from smarketing.terms.zones import check_zone

STAGES = ("lead", "mql", "sal", "sql", "opportunity", "customer", "disqualified", "recycled")
TOUCHES = ("call", "email", "meeting", "sms", "chat", "social", "visit", "note", "task")
RAW_STATUS = "status:"  # a status as the CRM spells it: "status:Contacted"


def flaws(agreement: Agreement) -> Iterator[Flaw]:
    """Everything in an agreement that does not fit together, part by part."""
    yield from _whole(agreement)
    yield from _ids(agreement)
    yield from _parties(agreement)
    for position, commitment in enumerate(agreement.commitments):
        yield from _commitment(agreement, commitment, ("commitments", position))
    yield from _references(agreement)
    yield from _counting(agreement)
    yield from alerts(agreement)
    yield from _disputes(agreement)


def _disputes(agreement: Agreement) -> Iterator[Flaw]:
    """An arbiter is somebody whom the parties name, or anybody's address."""
    arbiter = agreement.disputes.arbiter
    if arbiter and "@" not in arbiter:
        yield from contact(agreement, arbiter, ("disputes", "arbiter"))


def _whole(agreement: Agreement) -> Iterator[Flaw]:
    yield from _zone(agreement.zone, ("zone",))
    if agreement.currency not in currencies():
        yield unknown(("currency",), "currency", agreement.currency, sorted(currencies()))
    ends = agreement.in_force.until_on
    if ends is not None and ends < agreement.in_force.from_on:
        yield Flaw(
            ("in_force", "until_on"),
            N_("The agreement ends on {until} before it begins on {start}."),
            N_("Exchange the two dates; an agreement without an end has no until_on."),
            {"until": ends, "start": agreement.in_force.from_on},
        )
    for key in ("parties", "calendars", "commitments"):
        if not getattr(agreement, key):
            yield Flaw((key,), N_("The agreement has no {key}."), N_("Write at least one."), {"key": key})


def _zone(name: str, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    try:
        check_zone(name)
    except TermsError as error:
        yield Flaw(path, *error.sentences, error.values)


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217, those of former currencies included."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def _ids(agreement: Agreement) -> Iterator[Flaw]:
    """Ids are names that a command line can carry, each given once."""
    yield from _id(agreement.id, ("id",))
    for part in ("parties", "tiers", "calendars", "commitments", "alerts"):
        seen: set[str] = set()
        for position, element in enumerate(getattr(agreement, part)):
            path = (part, position, "id")
            yield from _id(element.id, path)
            if element.id in seen:
                yield Flaw(path, N_('The id "{id}" is given twice.'), N_("Choose another one."), {"id": element.id})
            seen.add(element.id)


def _id(id: str, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    if not ID.fullmatch(id):
        hint = N_("Write letters, digits, _ and -, at most 64, without spaces: speed_to_lead.")
        yield Flaw(path, N_('"{id}" cannot be an id.'), hint, {"id": shown(id)})


def _parties(agreement: Agreement) -> Iterator[Flaw]:
    for position, party in enumerate(agreement.parties):
        path = ("parties", position)
        if party.calendar is not None:
            yield from named((*path, "calendar"), party.calendar, (c.id for c in agreement.calendars))
        bosses = {contact.name: contact.reports_to for contact in party.contacts}
        if len(bosses) < len(party.contacts):
            yield Flaw((*path, "contacts"), N_("A point of contact is named twice."), N_("Keep one of them."))
        for name in bosses:
            if _reports_to_itself(name, bosses):
                yield Flaw(
                    (*path, "contacts"),
                    N_("{name} reports, in the end, to {name}."),
                    N_("Say who stands at the top: leave reports_to out there."),
                    {"name": name},
                )
                break


def _reports_to_itself(name: str, bosses: dict[str, str]) -> bool:
    above, passed = bosses[name], {name}
    while above in bosses and above not in passed:
        passed.add(above)
        above = bosses[above]
    return above == name


def _commitment(agreement: Agreement, commitment: Commitment, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    calendars = [calendar.id for calendar in agreement.calendars]
    yield from named((*path, "party"), commitment.party, (party.id for party in agreement.parties))
    if commitment.calendar is not None:
        yield from named((*path, "calendar"), commitment.calendar, calendars)
    if commitment.contact:
        yield from contact(agreement, commitment.contact, (*path, "contact"))
    yield from _scope(agreement, commitment.only, (*path, "only"))
    for position, override in enumerate(commitment.overrides):
        place = (*path, "overrides", position)
        yield from _scope(agreement, override.only, (*place, "only"))
        if override.calendar is not None:
            yield from named((*place, "calendar"), override.calendar, calendars)
        if override.only.is_everything or (override.calendar is None and override.within is None):
            yield Flaw(
                place,
                N_("This override changes nothing, or everything."),
                N_("Say which leads it is for (only) and what differs (calendar or within)."),
            )
    for key in ("stage", "to_stage"):
        if getattr(commitment, key):
            yield from _stage(agreement, getattr(commitment, key), (*path, key))
    yield from _target(agreement, commitment, (*path, "target"))
    yield from _keys(commitment, path)


def _target(agreement: Agreement, commitment: Commitment, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    """The target suits the kind and says all that must be known to judge it."""
    terms, target = KIND_TERMS[commitment.kind], commitment.target
    values: dict[str, object] = {"kind": str(commitment.kind), "target": str(target), "example": terms.example}
    example = N_('Write something like "{example}".')
    if target.measure not in terms.measures:
        yield Flaw(path, N_('{kind} cannot be held to "{target}".'), example, values)
    elif target.touches and commitment.kind is not Kind.FOLLOW_UP_DEPTH:
        yield Flaw(path, N_("Only follow_up_depth counts touches."), example, values)
    elif commitment.kind is Kind.FOLLOW_UP_DEPTH and target.measure is Measure.SHARE and not target.touches:
        hint = N_('Write "90 % with 6 touches within 5 business days".')
        yield Flaw(path, N_('"{target}" does not say how many touches.'), hint, values)
    elif target.measure is Measure.SUM and target.unit != agreement.currency:
        if commitment.kind is not Kind.LEAD_VALUE or target.unit != "points":
            what = N_('"{target}" is not in the currency of the agreement.')
            hint = N_("Write the amount in {currency}.")
            yield Flaw(path, what, hint, values | {"currency": agreement.currency})
    elif target.measure is Measure.RATE and commitment.lag is None:
        hint = N_('Add "lag: 90 clock days", or write "{target} within 90 clock days".')
        yield Flaw(path, N_("The conversion has no time in which it must happen."), hint, values)


def _keys(commitment: Commitment, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    """The keys that are written mean something for the kind."""
    known = KIND_TERMS[commitment.kind].keys
    for key in sorted(commitment.model_fields_set - USUAL - {*known}):
        yield Flaw(
            (*path, key),
            N_('{kind} does not use the key "{key}".'),
            N_("Leave it out; beside the usual keys, {kind} knows {known}."),
            {"kind": str(commitment.kind), "key": key, "known": ", ".join(known)},
        )


def _scope(agreement: Agreement, scope: Scope, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    for position, tier in enumerate(scope.tiers):
        yield from named((*path, "tiers", position), tier, (tier.id for tier in agreement.tiers), "tier")


def _references(agreement: Agreement) -> Iterator[Flaw]:
    parties = [party.id for party in agreement.parties]
    commitments = [commitment.id for commitment in agreement.commitments]
    for word, definition in agreement.definitions.items():
        if definition.marked_by:
            yield from named(("definitions", word, "marked_by"), definition.marked_by, parties)
    for position, report in enumerate(agreement.reports):
        yield from named(("reports", position, "owed_by"), report.owed_by, parties)
        yield from named(("reports", position, "owed_to"), report.owed_to, parties)
    for part in ("consequences", "cancellation"):
        for position, element in enumerate(getattr(agreement, part)):
            if element.commitment:
                yield from named((part, position, "commitment"), element.commitment, commitments)
    for position, signature in enumerate(agreement.signatures):
        yield from named(("signatures", position, "party"), signature.party, parties)


def _counting(agreement: Agreement) -> Iterator[Flaw]:
    if agreement.handover.at is HandoverMoment.STAGE:
        yield from _stage(agreement, agreement.handover.stage, ("handover", "stage"))
    for position, kind in enumerate(agreement.counting.touches):
        yield from named(("counting", "touches", position), kind, TOUCHES)


def _stage(agreement: Agreement, stage: str, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    """A stage is one of the usual ones, a word that the agreement defines, or a raw status."""
    if not stage.startswith(RAW_STATUS):
        yield from named(path, stage, [*agreement.definitions, *STAGES], "stage")
