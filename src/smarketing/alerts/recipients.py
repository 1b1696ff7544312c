"""Who is told: the roles of a rule filled with the people of today, each once however many roles they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from smarketing.alerts.directory import Directory, Somebody
from smarketing.alerts.firing import ABSENT, LEFT, NOBODY, Firing, Recipient
from smarketing.terms.agreement import Agreement, Contact, Party
from smarketing.terms.alert_rule import MANAGER, OWNER, SEAT, TEAM
from smarketing.terms.zones import zone

MOST_SUBSTITUTES = 3  # whoever stands in may be away too


def recipients(firing: Firing, directory: Directory, now: datetime) -> tuple[Recipient, ...]:
    """Everybody in `to`, in that order; a role that nobody fills and somebody who is away are there with the reason."""
    found: dict[str, Recipient] = {}
    for role in firing.rule.to:
        somebodies: list[Somebody | None] = [*_in_role(role, firing, directory)]
        somebodies = somebodies or [None]
        for one in somebodies:
            recipient = _present(one, role, firing.agreement, directory, now)
            earlier = found.get(recipient.key)
            if earlier is None:
                found[recipient.key] = recipient
            else:
                reason = earlier.reason and recipient.reason
                found[recipient.key] = Recipient(earlier.somebody, earlier.roles | {role}, reason, earlier.instead_of)
    return tuple(found.values())


def _present(
    somebody: Somebody | None, role: str, agreement: Agreement, directory: Directory, now: datetime
) -> Recipient:
    """Somebody, or who stands in for them."""
    if somebody is None:
        return Recipient(None, frozenset({role}), NOBODY)
    one, roles, first = somebody, frozenset({role}), somebody.name
    for _ in range(MOST_SUBSTITUTES):
        if not one.is_active:
            return Recipient(one, roles, LEFT)
        away = one.away_on(now.astimezone(zone(one.zone or agreement.zone)).date())
        if away is None:
            return Recipient(one, roles, "", "" if one is somebody else first)
        substitute = directory.people.get(away.substitute) if away.substitute is not None else None
        if substitute is None:
            break
        one = substitute
    return Recipient(somebody, roles, ABSENT)


def _in_role(role: str, firing: Firing, directory: Directory) -> Iterator[Somebody]:
    agreement = firing.agreement
    if role == OWNER:
        yield from _owner(firing, directory)
    elif role == MANAGER:
        yield from _managers(firing, directory)
    elif role == TEAM:
        yield from _people(
            directory, (id for crew in _crews(firing, directory) for id in directory.crews[crew].members)
        )
    elif role == SEAT:
        yield from _named(agreement.seat, agreement, directory)
    elif party := next((party for party in agreement.parties if party.id == role), None):
        yield from _party(party, directory)
    else:
        yield from _named(role, agreement, directory)


def _owner(firing: Firing, directory: Directory) -> Iterator[Somebody]:
    """Who has the lead, where they have an account; else who answers for the promise."""
    person = directory.owners.get(firing.owner) if firing.owner else None
    if person is not None and person in directory.people:
        yield directory.people[person]
    elif firing.commitment and firing.commitment.contact:
        yield from _named(firing.commitment.contact, firing.agreement, directory)


def _managers(firing: Firing, directory: Directory) -> Iterator[Somebody]:
    """The managers of the owner's team, of the team above for who manages it; without a team the contact's boss."""
    owner = next(_owner(firing, directory), None)
    seen, crews = set[int](), list(_crews(firing, directory))
    while crews:
        crew = crews.pop(0)
        if crew in seen or crew not in directory.crews:
            continue
        seen.add(crew)
        bosses = [id for id in directory.crews[crew].managers if owner is None or id != owner.id]
        if bosses:
            yield from _people(directory, bosses)
            return
        boss = directory.crews[crew].boss
        crews += [] if boss is None else [boss]
    if contact := _contact_of(firing, owner):
        yield from _named(contact.reports_to, firing.agreement, directory)


def _crews(firing: Firing, directory: Directory) -> tuple[int, ...]:
    """The teams of a lead: as its owner's facts spell it, else those its owner works in, else the party's."""
    named = directory.crew_named(firing.team) if firing.team else None
    if named is not None:
        return (named,)
    person = directory.owners.get(firing.owner) if firing.owner else None
    if person is not None and person in directory.crews_of:
        return directory.crews_of[person]
    party = next((party for party in firing.agreement.parties if party.id == firing.party), None)
    return crews_of_party(party, directory) if party else ()


def crews_of_party(party: Party, directory: Directory) -> tuple[int, ...]:
    """As records.parties: those of its role that it names; where it names none, or there is one, those of its role."""
    same = tuple(id for id, crew in directory.crews.items() if crew.role == party.role)
    wanted = {name.casefold() for name in party.teams}
    named = tuple(id for id in same if wanted & directory.crews[id].names)
    return named or (same if not wanted or len(same) == 1 else ())


def _party(party: Party, directory: Directory) -> Iterator[Somebody]:
    """Its contacts that have an address; without one the managers of its teams."""
    told = [directory.at(contact.email, contact.name) for contact in party.contacts if contact.email]
    yield from told
    if not told:
        crews = crews_of_party(party, directory)
        yield from _people(directory, (id for crew in crews for id in directory.crews[crew].managers))


def _contact_of(firing: Firing, owner: Somebody | None) -> Contact | None:
    name = firing.commitment.contact if firing.commitment else ""
    for contact in (contact for party in firing.agreement.parties for contact in party.contacts):
        if contact.reports_to and (contact.name == name or (owner and contact.email.lower() == owner.address)):
            return contact
    return None


def _named(name: str, agreement: Agreement, directory: Directory) -> Iterator[Somebody]:
    """A contact by name or address. One without an address is somebody whom no mail can reach."""
    if not name:
        return
    contacts = [contact for party in agreement.parties for contact in party.contacts]
    wanted = name.strip().lower()
    found = next(
        (each for each in contacts if each.name == name or (each.email and each.email.lower() == wanted)), None
    )
    if found and found.email:
        yield directory.at(found.email, found.name)
    elif "@" in name:
        yield directory.at(name)
    else:
        yield next((one for one in directory.people.values() if one.name == name), Somebody(None, name, ""))


def _people(directory: Directory, ids: Iterable[int]) -> Iterator[Somebody]:
    return (directory.people[id] for id in dict.fromkeys(ids) if id in directory.people)
