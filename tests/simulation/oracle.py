"""What must come of some events, told naively: one pass over everything, day-walking clocks, no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.twin import Rows, Tick, twin

from smarketing.terms.agreement import Agreement

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
US = timedelta(microseconds=1)
ENTITY = {"lead.created": "lead", "lead.updated": "lead", "lead.deleted": "lead", "touch.logged": "touch"}
TRACKS = {"status": "status", "lifecycle": "lifecycle", "owner": "owner_id"}
KEYS = {"lead": "lead_id", "touch": "touch_id", "owner": "owner_id"}
REQUIRED = {"lead": "created_at", "touch": "occurred_at", "owner": "owner_id"}


def micros(at: str | datetime) -> int:
    return ((datetime.fromisoformat(at) if isinstance(at, str) else at) - EPOCH) // US


@dataclass
class Record:
    """One row of facts: each column as it was said last, with when that was."""

    values: dict[str, Any] = field(default_factory=dict)
    ages: dict[str, tuple[int, bool, Any]] = field(default_factory=dict)

    def say(self, at: int, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            rank = (at, value is not None, value if value is not None else 0)
            if name not in self.ages or rank > self.ages[name]:
                self.values[name], self.ages[name] = value, rank


@dataclass
class Facts:
    """Records by (table, src, id), and every step of a lead: (src, lead, field, value, instant)."""

    records: dict[tuple[str, str, str], Record] = field(default_factory=dict)
    steps: set[tuple[str, str, str, str, int]] = field(default_factory=set)
    waiting: int = 0  # events about something that nobody has told of

    @classmethod
    def of(cls, events: Iterable[tuple[str, bytes]]) -> Facts:
        told = [(src, json.loads(body)) for src, body in events]
        whole = cls()
        for src, event in told:
            whole._tell(src, event)
        known = {key for key, row in whole.records.items() if row.values.get(REQUIRED[key[0]]) is not None}
        found = cls(waiting=sum(_about(src, event) not in known for src, event in told))
        for src, event in told:
            if _about(src, event) in known:
                found._tell(src, event)
        return found

    def _tell(self, src: str, event: Mapping[str, Any]) -> None:
        what, at, values = event["type"], micros(event["occurred_at"]), dict(event["data"])
        if what == "stage.changed":
            lead = values["entity_id"]
            self.steps.add((src, lead, values["field"], values["to_value"], at))
            self._record("lead", src, lead).say(at, {TRACKS[values["field"]]: values["to_value"]})
            return
        table = ENTITY.get(what, "owner")
        row = self._record(table, src, values[KEYS[table]])
        if table == "touch":
            values["occurred_at"] = micros(values.get("occurred_at") or event["occurred_at"])
        if what == "lead.deleted":
            values["deleted_at"] = at
        if what == "lead.created":
            values["created_at"] = at
        row.say(at - (what == "lead.created"), values)
        for name, column in TRACKS.items() if table == "lead" and what != "lead.deleted" else ():
            if values.get(column) is not None:
                self.steps.add((src, values["lead_id"], name, values[column], at))

    def _record(self, table: str, src: str, own: str) -> Record:
        return self.records.setdefault((table, src, own), Record())

    def of_table(self, table: str) -> list[tuple[str, str, dict[str, Any]]]:
        return [(src, own, row.values) for (name, src, own), row in sorted(self.records.items()) if name == table]

    def rows(self) -> Rows:
        """The same as the slow twin takes it."""
        leads = [_lead(src, own, values) for src, own, values in self.of_table("lead")]
        touches = [_touch(src, values) for src, _, values in self.of_table("touch")]
        stages = [
            {"lead": _name(src, lead), "at": at, "stage": value if kind == "lifecycle" else f"status:{value}"}
            for src, lead, kind, value, at in sorted(self.steps)
            if kind != "owner"
        ]
        owners = {_name(src, own): {"team": values.get("team")} for src, own, values in self.of_table("owner")}
        return Rows(leads, touches, stages, self._assignments(), [], owners)

    def _assignments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for src, lead, kind, value, at in sorted(self.steps, key=lambda step: (step[0], step[1], step[4], step[3])):
            own = {"lead": _name(src, lead), "at": at, "owner": _name(src, value)}
            is_same = bool(found) and (found[-1]["lead"], found[-1]["owner"]) == (own["lead"], own["owner"])
            if kind == "owner" and not is_same:
                found.append(own)
        return found


def _about(src: str, event: Mapping[str, Any]) -> tuple[str, str, str]:
    table, data = ENTITY.get(event["type"], "lead" if event["type"] == "stage.changed" else "owner"), event["data"]
    return table, src, data["entity_id"] if event["type"] == "stage.changed" else data[KEYS[table]]


def _name(src: str, own: str) -> str:
    return f"{src}:{own}"


def _lead(src: str, own: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lead": _name(src, own),
        "created_at": values["created_at"],
        "owner": _name(src, values["owner_id"]) if values.get("owner_id") else "",
        "source": values.get("channel") or "",
        "void": "deleted" if values.get("deleted_at") is not None else "",
    }


def _touch(src: str, values: Mapping[str, Any]) -> dict[str, Any]:
    how = "out connected" if values["outcome"] == "connected" else "out"
    owner = _name(src, values["owner_id"])
    return {"lead": _name(src, values["lead_id"]), "at": values["occurred_at"], "owner": owner, "how": how}


def by_lead(facts: Facts) -> Iterator[Rows]:
    """What there is to say of each lead, one after the other."""
    rows = facts.rows()
    for lead in rows.leads:
        touches, stages, assignments = (
            [row for row in table if row["lead"] == lead["lead"]]
            for table in (rows.touches, rows.stages, rows.assignments)
        )
        yield Rows([lead], touches, stages, assignments, [], rows.owners)


@dataclass
class Judge:
    """Tells what must come of each lead, once for as long as the same is known of it."""

    versions: Sequence[Agreement]
    until: int
    told: dict[tuple[int, str], dict[str, list[Tick]]] = field(default_factory=dict)

    def clocks_of(self, own: Rows, n_versions: int | None = None) -> dict[str, list[Tick]]:
        """Every clock of every promise to one lead, with what runs out by itself before `until`."""
        n = len(self.versions) if n_versions is None else n_versions
        key = (n, repr(own))
        if key not in self.told:
            self.told[key] = twin(own, list(self.versions[:n]), self.until)
        return self.told[key]
