"""Everybody who may be told something, as the deciding code sees them: data, no questions to a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be told; as records.models.Preference."""

    calendar: str = ""
    has_quiet_hours: bool = True
    digest_at: time = time(8, 30)
    is_digest_wanted: bool = False
    muted: frozenset[str] = frozenset()
    is_email_wanted: bool = True
    most_per_day: int = 30


@dataclass(frozen=True, slots=True)
class Away:
    """Local days [from_on, until_on)."""

    from_on: date
    until_on: date
    substitute: int | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A reader: somebody with an account, or an address alone. `id` is None without an account."""

    id: int | None
    name: str = ""
    address: str = ""
    zone: str = ""
    is_active: bool = True
    is_admin: bool = False
    wishes: Wishes = Wishes()
    away: tuple[Away, ...] = ()

    @property
    def key(self) -> str:
        """The same for one reader however many roles they have; addresses are compared whole."""
        return f"person:{self.id}" if self.id is not None else f"address:{self.address}"

    def away_on(self, day: date) -> Away | None:
        return next((away for away in self.away if away.from_on <= day < away.until_on), None)


@dataclass(frozen=True, slots=True)
class Crew:
    """A team today: ids of its managers and of everybody who works in it. `names` are casefolded."""

    names: frozenset[str]
    role: str
    managers: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    boss: int | None = None  # id of the team that it reports to


@dataclass(frozen=True)
class Directory:
    """`owners` are accounts by (src, owner id); `endpoints` ids by slug, those that may be posted to.

    `snoozes` say until when somebody put a lead off, by (person, src, lead).
    """

    people: Mapping[int, Somebody] = field(default_factory=dict)
    owners: Mapping[tuple[str, str], int] = field(default_factory=dict)
    crews: Mapping[int, Crew] = field(default_factory=dict)
    endpoints: Mapping[str, int] = field(default_factory=dict)
    bounced: frozenset[str] = frozenset()
    snoozes: Mapping[tuple[int, str, str], datetime] = field(default_factory=dict)
    is_sending_held: bool = False

    @cached_property
    def by_address(self) -> Mapping[str, Somebody]:
        return {somebody.address: somebody for somebody in self.people.values() if somebody.address}

    @cached_property
    def crews_of(self) -> Mapping[int, tuple[int, ...]]:
        """The teams of each person."""
        found: dict[int, list[int]] = {}
        for id, crew in self.crews.items():
            for member in crew.members:
                found.setdefault(member, []).append(id)
        return {person: tuple(ids) for person, ids in found.items()}

    def at(self, address: str, name: str = "") -> Somebody:
        """Whoever has this address: an account, or the address alone."""
        lowered = address.strip().lower()
        return self.by_address.get(lowered) or Somebody(None, name or address, lowered)

    def admins(self) -> Iterator[Somebody]:
        return (somebody for somebody in self.people.values() if somebody.is_admin and somebody.is_active)

    def crew_named(self, name: str) -> int | None:
        return next((id for id, crew in self.crews.items() if name.casefold() in crew.names), None)
