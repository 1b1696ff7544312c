"""Owners of the facts beside the people of this site, and the teams they name beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.records.models import Invitation, OwnerLink, Person, Team
from smarketing.workflows.count_owners import count_owners
from smarketing.workflows.list_owners import KnownOwner, list_owners


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """`guess_id` is somebody with the owner's address; `may_invite` when nobody here has it yet."""

    key: str
    name: str
    email: str
    team: str
    n_leads: int
    person_id: int | None
    guess_id: int | None
    may_invite: bool
    is_invited: bool


@dataclass(frozen=True, slots=True)
class TeamName:
    """A team as the facts spell it; `team_id` is ours, None while nobody said."""

    name: str
    n_owners: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class DataPeoplePage:
    owners: tuple[OwnerRow, ...]
    names: tuple[TeamName, ...]
    people: tuple[tuple[int, str], ...]
    teams: tuple[tuple[int, str], ...]

    @property
    def n_open(self) -> int:
        return sum(row.person_id is None for row in self.owners)


def known_owners() -> list[KnownOwner]:
    """Those with a row of their own, and those that only leads name."""
    listed, counts = list_owners(), count_owners()
    named = {(one.src, one.owner_id) for one in listed}
    return [*listed, *(KnownOwner(src, id, "", "", "") for src, id in sorted(counts) if (src, id) not in named)]


def unknown_teams() -> tuple[str, ...]:
    """Teams of the data that nobody has said are ours: whoever manages one sees none of its leads."""
    teams = list(Team.objects.filter(retired_at=None))
    return tuple(row.name for row in _names(list_owners(), teams) if row.team_id is None)


def data_people_page() -> DataPeoplePage:
    counts, people = count_owners(), list(Person.objects.filter(is_active=True).order_by("name", "email"))
    known = known_owners()
    links = {(link.src, link.owner_id): link.person_id for link in OwnerLink.objects.all()}
    by_address = {person.email.lower(): person.pk for person in people}
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    invited = {email.lower() for email in open_ones.values_list("email", flat=True)}
    rows = [_row(one, counts, links, by_address, invited) for one in known]
    teams = list(Team.objects.filter(retired_at=None).order_by("name"))
    return DataPeoplePage(
        owners=tuple(sorted(rows, key=lambda row: (row.person_id is not None, -row.n_leads, row.name))),
        names=_names(known, teams),
        people=tuple((person.pk, str(person)) for person in people),
        teams=tuple((team.pk, team.name) for team in teams),
    )


def _row(
    one: KnownOwner,
    counts: dict[tuple[str, str], int],
    links: dict[tuple[str, str], int],
    by_address: dict[str, int],
    invited: set[str],
) -> OwnerRow:
    key, address = (one.src, one.owner_id), one.email.lower()
    return OwnerRow(
        key=f"{one.src} {one.owner_id}",
        name=one.name or one.owner_id,
        email=one.email,
        team=one.team,
        n_leads=counts.get(key, 0),
        person_id=links.get(key),
        guess_id=by_address.get(address),
        may_invite=bool(address) and address not in by_address and key not in links and address not in invited,
        is_invited=address in invited,
    )


def _names(known: list[KnownOwner], teams: list[Team]) -> tuple[TeamName, ...]:
    ours = {name: team.pk for team in teams for name in team.spelled}
    counts: dict[str, int] = {}
    for one in known:
        if one.team:
            counts[one.team] = counts.get(one.team, 0) + 1
    rows = [TeamName(name, n, ours.get(name)) for name, n in counts.items()]
    return tuple(sorted(rows, key=lambda row: (row.team_id is not None, row.name)))
