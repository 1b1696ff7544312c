"""What senders post under load: a plan that is the same for the same seed, so that the books can be kept from it.

Of a hundred events seventy are new, ten are new and tell of up to two hours ago, fifteen repeat one exactly, five come
under a known id with another body. A few of the new ones are poison and end as dead letters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

SRC = "load"
NEW, LATE, REPEATED = 0.70, 0.80, 0.95  # where in a draw the next kind begins
POISON = 0.005
RECENT = 2_000  # events among which one is repeated or changed
MOST_LATE_S = 7_200
OF_FIVE_LEADS, N_OWNERS, BEFORE = 2, 20, 200
# Channels whose leads somebody is told of at once; one new event in how many is such a lead.
HOT, N_HOT, OF_HOW_MANY = "hot", 20, 400


@dataclass(frozen=True, slots=True)
class Phase:
    """`rate` is of requests a second, `each` how many events one of them holds."""

    name: str
    rate: float
    seconds: float
    each: int = 1


@dataclass(frozen=True, slots=True)
class Posting:
    """One request, and when it is meant to leave, in seconds since its phase began."""

    at_s: float
    webhook_id: str
    body: bytes


def postings(phase: Phase, began_at: datetime) -> Iterator[Posting]:
    """Arrivals of a Poisson process, as of many senders who do not know each other."""
    at_s, stream = 0.0, _Stream(phase.name, began_at)
    arrivals = Random(f"arrivals {phase.name}")
    for number in range(10**9):
        at_s += arrivals.expovariate(phase.rate)
        if at_s >= phase.seconds:
            return
        events = [stream.next(at_s) for _ in range(phase.each)]
        if phase.each == 1:
            (name, event) = events[0]
            yield Posting(at_s, name, json.dumps(event).encode())
        else:
            yield Posting(at_s, f"{phase.name}-b{number}", json.dumps({"events": [one for _, one in events]}).encode())


@dataclass
class _Stream:
    """Events one after the other, each with the id of the delivery that holds it alone."""

    name: str
    began_at: datetime
    recent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    n_new: int = 0

    def __post_init__(self) -> None:
        self.draw = Random(f"events {self.name}")

    def next(self, at_s: float) -> tuple[str, dict[str, Any]]:
        kind = self.draw.random() if self.recent else 0.0
        if LATE <= kind < REPEATED:
            return self.draw.choice(self.recent)
        if kind >= REPEATED:
            found = _changed(*self.draw.choice(self.recent), self.draw.randrange(10**6))
        else:
            late_s = self.draw.uniform(0, MOST_LATE_S) if kind >= NEW else 0.0
            found = self._new(self.began_at + timedelta(seconds=at_s - late_s))
        if len(self.recent) < RECENT:
            self.recent.append(found)
        else:
            self.recent[self.n_new % RECENT] = found
        return found

    def _new(self, at: datetime) -> tuple[str, dict[str, Any]]:
        number, self.n_new = self.n_new, self.n_new + 1
        own, owner = f"{self.name}{number}", f"r{number % N_OWNERS}"
        data: dict[str, Any]
        if number % 5 < OF_FIVE_LEADS:
            kind = "lead.created"
            channel = "web" if number % OF_HOW_MANY else f"{HOT}{number // OF_HOW_MANY % N_HOT}"
            data = {"lead_id": own, "owner_id": owner, "channel": channel, "status": "New", "score": number % 100}
        else:
            kind, before = "touch.logged", max(number - number % 5 - BEFORE, 0)
            before += not before % OF_HOW_MANY  # nobody calls a hot lead: its message stays due
            data = {"touch_id": own, "lead_id": f"{self.name}{before}", "owner_id": owner, "kind": "call"}
            data |= {"direction": "out", "outcome": "no_answer"}
        if self.draw.random() < POISON and kind == "touch.logged":
            data["nonsense"] = "poison"
        return own, {"id": own, "type": kind, "occurred_at": at.isoformat(), "data": data}


def _changed(name: str, event: dict[str, Any], nonce: int) -> tuple[str, dict[str, Any]]:
    """Another body under the same id, an instant later; the later one holds."""
    at = datetime.fromisoformat(event["occurred_at"]) + timedelta(microseconds=1 + nonce)
    column = (
        {"score": nonce % 100} if event["type"] == "lead.created" else {"outcome": "connected", "duration_s": nonce}
    )
    return f"{name.partition('.')[0]}.{nonce}", {**event, "occurred_at": at.isoformat(), "data": event["data"] | column}
