"""Whether the rules of warning fit the promises they are about and the people they tell."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import OCCASIONS, OWNER, PLACES, SEAT, USUAL, AlertRule
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.commitment import Commitment
from smarketing.terms.fingerprint import is_default
from smarketing.terms.flaw import ID, Flaw, Path, addresses, contact, named, names, unknown
from smarketing.terms.language import N_

OPEN_TIME = (Unit.BUSINESS_TIME,)
LENGTHS = {
    "before": OPEN_TIME,
    "after": (*OPEN_TIME, Unit.BUSINESS_DAYS),
    "look_back": (*OPEN_TIME, Unit.CLOCK_TIME),
    "cooldown": (*OPEN_TIME, Unit.BUSINESS_DAYS),
}
EXAMPLES = {"at": "at: 0.75", "before": "before: 30 business minutes", "after": "after: 4 business hours"}
EXAMPLES |= {"behind": "behind: 0.1", "rate": "rate: 2"}


def alerts(agreement: Agreement) -> Iterator[Flaw]:
    if agreement.seat:
        yield from contact(agreement, agreement.seat, ("seat",))
    for position, rule in enumerate(agreement.alerts):
        path: Path = ("alerts", position)
        yield from _keys(rule, path)
        yield from _lengths(rule, path)
        yield from _about(agreement, rule, path)
        yield from _told(agreement, rule, path)
        yield from _ways(rule, path)


def _keys(rule: AlertRule, path: Path) -> Iterator[Flaw]:
    """The keys that are written mean something for the occasion, and those that it needs are there, each once."""
    terms = OCCASIONS[rule.on]
    for key in sorted(
        key for key in AlertRule.model_fields.keys() - USUAL - {*terms.keys} if not is_default(rule, key)
    ):
        known = ", ".join(terms.keys) or "–"
        yield Flaw(
            (*path, key),
            N_('{kind} does not use the key "{key}".'),
            N_("Leave it out; beside the usual keys, {kind} knows {known}."),
            {"kind": str(rule.on), "key": key, "known": known},
        )
    said = [key for key in terms.needs if getattr(rule, key) is not None]
    values: dict[str, object] = {"kind": str(rule.on), "keys": ", ".join(said)}
    example = {"example": '" or "'.join(EXAMPLES[key] for key in terms.needs)}
    if terms.needs and not said:
        yield Flaw(path, N_("{kind} does not say when it fires."), N_('Add "{example}".'), values | example)
    elif len(said) > 1:
        what = N_("{kind} says twice when it fires: {keys}.")
        yield Flaw(path, what, N_("Keep one of them, or write two rules."), values)


def _lengths(rule: AlertRule, path: Path) -> Iterator[Flaw]:
    """Warnings come in working hours, so their times are business time."""
    for key, units in LENGTHS.items():
        length: Allowance | None = getattr(rule, key)
        if length is not None and length.unit not in units:
            yield Flaw(
                (*path, key),
                N_('"{length}" is no time that {key} can be measured in.'),
                N_("Write business hours or minutes: 4 business hours."),
                {"length": str(length), "key": key},
            )


def _about(agreement: Agreement, rule: AlertRule, path: Path) -> Iterator[Flaw]:
    """The commitments are there and of a kind that the occasion can come for."""
    by_id = {commitment.id: commitment for commitment in agreement.commitments}
    for position, id in enumerate(rule.commitments if OCCASIONS[rule.on].kinds else ()):
        place = (*path, "commitments", position)
        yield from named(place, id, by_id, "commitment")
        if id in by_id and not rule.can_fit(by_id[id]):
            yield Flaw(
                place,
                N_('{kind} cannot come for "{id}", which is {target_kind} held to "{target}".'),
                N_("Leave it out, or choose another occasion."),
                {
                    "kind": str(rule.on),
                    "id": id,
                    "target_kind": str(by_id[id].kind),
                    "target": str(by_id[id].target),
                },
            )
    for commitment in agreement.commitments:
        if rule.before is not None and rule.fits(commitment):
            yield from _in_time(commitment, rule.before, (*path, "before"))


def _in_time(commitment: Commitment, before: Allowance, path: Path) -> Iterator[Flaw]:
    """A reminder so long before the deadline that the clock has not begun would come with the lead."""
    allowed = [commitment.target.within, *(override.within for override in commitment.overrides)]
    shortest = min((each.amount for each in allowed if each and each.unit is before.unit), default=None)
    if shortest is not None and before.amount >= shortest:
        yield Flaw(
            path,
            N_('"{before}" before the deadline is no later than the start of "{id}".'),
            N_("Write less time, name the commitments it is for, or use a share: at: 0.5."),
            {"before": str(before), "id": commitment.id},
        )


def _told(agreement: Agreement, rule: AlertRule, path: Path) -> Iterator[Flaw]:
    parties = [party.id for party in agreement.parties]
    for position, reader in enumerate(rule.to):
        place = (*path, "to", position)
        if reader == OWNER and not OCCASIONS[rule.on].kinds:
            what = N_("{kind} is about nothing that has an owner.")
            yield Flaw(place, what, N_("Write manager, team, a party or a person."), {"kind": str(rule.on)})
        elif reader == SEAT and not agreement.seat:
            what = N_("Nobody is named who answers for leads that nobody has.")
            yield Flaw(place, what, N_('Add the name of a contact to the agreement: "seat: Sam".'))
        elif reader not in (*PLACES, *parties, *names(agreement), *addresses(agreement)):
            yield unknown(place, "contact", reader, [*PLACES, *parties, *names(agreement)])


def _ways(rule: AlertRule, path: Path) -> Iterator[Flaw]:
    for position, channel in enumerate(rule.channels):
        if not ID.fullmatch(channel):
            hint = N_("Write letters, digits, _ and -, at most 64, without spaces: speed_to_lead.")
            yield Flaw((*path, "channels", position), N_('"{id}" cannot be an id.'), hint, {"id": channel})
    if rule.urgent and rule.digest:
        what = N_("What is urgent cannot wait for a digest.")
        yield Flaw((*path, "digest"), what, N_("Keep one of the two."))
