"""What the sources of a world have to tell, and how badly they tell it: all of it follows from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.simulation.installation import OWNERS, SOURCES

Event = dict[str, Any]
# Two weeks around a change of the clock in Madrid, and one without: Friday mornings before it.
BEGINNINGS = (
    datetime(2026, 3, 27, 7, tzinfo=UTC),
    datetime(2026, 10, 23, 6, tzinfo=UTC),
    datetime(2026, 6, 10, 7, tzinfo=UTC),
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATEST = timedelta(days=3)  # after it happened a source tells of something
STEPS = ("touch", "touch", "touch", "edit", "owner", "pause", "stage", "stage", "delete", "retouch")
EDITS = {"channel": "ads", "outcome": "busy", "to_value": "sql", "name": "Somebody", "status": "working"}
SHIFT_S = 1  # events of one lead are told at different seconds


@dataclass(frozen=True, slots=True)
class Size:
    """How many sources tell it, the hours that it may take, leads of each source, bursts, processes that work on it."""

    n_sources: tuple[int, ...]
    hours: tuple[int, ...]
    most_leads: int
    bursts: tuple[int, int]
    n_workers: int


SHORT = Size((1, 1, 2), (60, 66), 1, (1, 3), 2)
LONG = Size((2,), (30, 54, 78, 101), 3, (3, 5), 3)


@dataclass(slots=True)
class Story:
    """`parcels` are deliveries: when, by which source, of which events; `until` the end of what happens."""

    begins_at: datetime
    until: datetime
    parcels: list[Parcel] = field(default_factory=list)


@dataclass(slots=True, order=True)
class Parcel:
    at: datetime
    src: str
    events: list[Event] = field(compare=False)
    is_insistent: bool = field(default=True, compare=False)  # whether it is sent again until it is acknowledged


def a_story(chance: Random, size: Size) -> Story:
    begins_at = chance.choice(BEGINNINGS)
    until = begins_at + chance.choice(size.hours) * HOUR
    story, told = Story(begins_at, until), list[tuple[datetime, str, Event]]()
    n_sources = chance.choice(size.n_sources) if len(size.n_sources) > 1 else size.n_sources[0]
    for src in SOURCES if n_sources == len(SOURCES) else chance.sample(SOURCES, n_sources):
        skew = timedelta(0) if chance.random() < 0.7 else chance.choice((-2 * HOUR, 4 * MINUTE, 20 * MINUTE))
        teller = Teller(src, chance, begins_at, until, skew, size.most_leads)
        told += [(at, src, event) for at, event in teller.everything() if at < until]
    told.sort(key=lambda each: (each[0], each[2]["id"]))
    story.parcels = sorted(_parcels(told, chance, until, size.bursts))
    return story


@dataclass(slots=True)
class Teller:
    """One source: `skew` is how much its clock is ahead."""

    src: str
    chance: Random
    begins_at: datetime
    until: datetime
    skew: timedelta
    most_leads: int
    n: int = 0

    def everything(self) -> list[tuple[datetime, Event]]:
        found = [self._event(self.begins_at, "owner.updated", owner_id=owner, name=owner.upper(), team="Iberia")
                 for owner in OWNERS[self.src] if self.chance.random() < 0.8]  # fmt: skip
        for number in range(self.chance.randint(1, self.most_leads)):
            found += self._lead(f"{self.src[0]}{number}")
        if self.chance.random() < 0.3:
            at = self._instant(self.begins_at, self.until)
            poison = self.chance.choice(({"lead_id": None}, {"lead_id": "x", "no_such_column": 1}, {"lead_id": ["x"]}))
            found.append(self._event(at, "lead.created", **poison))
        return found

    def _lead(self, lead: str) -> list[tuple[datetime, Event]]:
        chance, owners = self.chance, OWNERS[self.src]
        created = self._instant(self.begins_at, self.begins_at + (self.until - self.begins_at) / 2)
        first: dict[str, Any] = {"lead_id": lead, "channel": chance.choice(("web", "web", "fair")), "status": "new"}
        if chance.random() < 0.8:
            first["owner_id"] = chance.choice(owners)
        found = [self._event(created, "lead.created", **first)]
        for number in range(chance.randint(0, 4)):
            at = self._instant(created - HOUR, min(created + chance.choice((2, 8, 60)) * HOUR, self.until))
            found += self._step(lead, number, max(at, created + timedelta(seconds=SHIFT_S)), owners)
        return found

    def _step(self, lead: str, number: int, at: datetime, owners: tuple[str, ...]) -> list[tuple[datetime, Event]]:
        chance, later = self.chance, at + self.chance.choice((10 * MINUTE, 3 * HOUR, 14 * HOUR))
        kind = chance.choice(
            ("touch", "touch", "touch", "edit", "owner", "pause", "stage", "stage", "delete", "retouch")
        )
        call = {"lead_id": lead, "kind": "call", "direction": "out", "owner_id": chance.choice(owners)}
        call |= {"touch_id": f"{lead}t{number}", "outcome": chance.choice(("connected", "no_answer"))}
        if kind == "touch":
            return [self._event(at, "touch.logged", **call)]
        if kind == "retouch":  # logged, then found to have been another day
            again = {**call, "occurred_at": self._said(at - HOUR)}
            return [self._event(at, "touch.logged", **call), self._event(later, "touch.logged", **again)]
        if kind == "owner":
            return [self._event(at, "lead.updated", lead_id=lead, owner_id=chance.choice(owners))]
        if kind == "edit":
            return [self._event(at, "lead.updated", lead_id=lead, channel=chance.choice(("web", "fair", "ads")))]
        if kind == "pause":
            statuses = ((at, "waiting"), (chance.choice((later, later + 40 * HOUR)), "working"))
            return [self._event(when, "lead.updated", lead_id=lead, status=status) for when, status in statuses]
        if kind == "delete":
            gone, back = self._event(at, "lead.deleted", lead_id=lead), chance.random() < 0.7
            return [gone, self._event(later, "lead.updated", lead_id=lead, deleted_at=None)] if back else [gone]
        step = {"entity": "lead", "entity_id": lead, "field": "lifecycle"}
        return [self._event(at, "stage.changed", **step, to_value=chance.choice(("sal", "disqualified", "mql")))]

    def _event(self, at: datetime, what: str, /, **data: Any) -> tuple[datetime, Event]:
        self.n += 1
        return at, {"id": f"{self.src}-{self.n}", "type": what, "occurred_at": self._said(at), "data": data}

    def _said(self, at: datetime) -> str:
        return (at + self.skew).isoformat()

    def _instant(self, earliest: datetime, latest: datetime) -> datetime:
        whole = max(int((latest - earliest).total_seconds()), 1)
        return earliest + timedelta(seconds=self.chance.randrange(whole))


def _parcels(
    told: list[tuple[datetime, str, Event]], chance: Random, until: datetime, n_bursts: tuple[int, int]
) -> list[Parcel]:
    """Bursts of what happened since the last one, some of it much later, twice, in no order, or in two versions."""
    bursts = sorted(chance.sample(range(1, 48), chance.randint(*n_bursts)))
    length = (until - told[0][0]) / 48
    sending = [told[0][0] + step * length for step in bursts] + [until]
    found = []
    for at, src, event in told:
        when = next(burst for burst in sending if burst >= min(at, until))
        when = when + chance.choice((DAY, 2 * DAY)) if chance.random() < 0.12 else when
        is_insistent = chance.random() < 0.9
        found.append(Parcel(when, src, [event], is_insistent))
        if chance.random() < 0.15:
            found.append(Parcel(when + chance.choice((timedelta(0), HOUR, 30 * HOUR)), src, [event]))
        if chance.random() < 0.08:
            found.append(Parcel(when + chance.choice((timedelta(0), 5 * HOUR)), src, [_edited(event, chance)]))
        if chance.random() < 0.05:
            found.append(Parcel(when, src, [_of_the_future(event, when)]))
    chance.shuffle(found)
    return _together(found, chance)


def _edited(event: Event, chance: Random) -> Event:
    """Another version of one event: something else under the same id."""
    data = dict(event["data"])
    at = datetime.fromisoformat(event["occurred_at"]) + chance.choice((timedelta(0), MINUTE))
    for name in [name for name in EDITS if name in data][:1]:
        data[name] = EDITS[name]
    return {**event, "occurred_at": at.isoformat(), "data": data}


def _of_the_future(event: Event, when: datetime) -> Event:
    ahead = (when + 40 * MINUTE).isoformat()
    return {
        "id": f"{event['id']}-f",
        "type": "lead.created",
        "occurred_at": ahead,
        "data": {"lead_id": f"{event['id']}"},
    }


def _together(parcels: list[Parcel], chance: Random) -> list[Parcel]:
    """What goes out at one instant from one source goes in one request, or in two."""
    groups: dict[tuple[datetime, str, int, bool], Parcel] = {}
    for each in parcels:
        key = (each.at, each.src, chance.randint(0, 1), each.is_insistent)
        if key in groups:
            groups[key].events += each.events
        else:
            groups[key] = each
    return list(groups.values())
