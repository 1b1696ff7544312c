"""Events posted, split, told and folded as a drain does it, batch after batch, with those that wait tried again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from smarketing.facts.patch_marks import MARKS
from smarketing.facts.patches import Key, fold, marks_schema
from smarketing.facts.schema import TABLES
from smarketing.sources.webhook.shapes import SHAPES, Mapped, SourceReading

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SRC = "crm"


def mapped(kind: str, body: Any, *, zone: str = "", mapping: Mapping[str, str] | None = None) -> Mapped:
    events = SHAPES[kind].split(as_body(body), {})
    return SHAPES[kind].rows([event.raw for event in events], SourceReading(SRC, zone, "", mapping or {}), NOW)


def as_body(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def told(found: Mapped, table: str) -> list[dict[str, Any]]:
    """The patches of a table with only what they say."""
    frame = found.frames.get(table)
    if frame is None:
        return []
    passing = ("src", "seen_at", "updated_at", "change_id")
    rows = frame.drop([name for name in passing if name in frame.columns]).iter_rows(named=True)
    return [{k: v for k, v in row.items() if v is not None and not k.startswith("_")} for row in rows]


@dataclass
class Drained:
    """Facts as they are after some batches."""

    kind: str
    rows: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    marks: dict[str, pl.DataFrame] = field(default_factory=dict)
    waiting: dict[str, bytes] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, bodies: Sequence[Any]) -> None:
        fresh = dict(self.waiting)
        for body in bodies:
            for event in SHAPES[self.kind].split(as_body(body), {}):
                if event.key not in self.seen:
                    fresh[event.key] = event.raw
                self.seen.add(event.key)
        found = SHAPES[self.kind].rows(list(fresh.values()), SourceReading(SRC), NOW)
        assert not found.rejected, found.rejected
        stored = {
            name: pl.DataFrame(list(self.rows.get(name, {}).values()), schema=TABLES[name].schema, orient="row")
            for name in found.frames
        }
        frames, waits = dict(found.frames), set[int]()
        while True:  # an event that waits in one table tells nothing in any
            folded = {name: fold(TABLES[name], told, stored[name], self._marks(name)) for name, told in frames.items()}
            more = {row for each in folded.values() for wait in each.waiting.values() for row in wait.rows}
            if not more:
                break
            waits |= more
            frames = dict(found.without(waits))
        self.waiting = {key: raw for n, (key, raw) in enumerate(fresh.items()) if n in waits}
        for name, each in folded.items():
            told = each.marks.filter(pl.col(MARKS).is_not_null())
            both = pl.concat([self._marks(name), told])
            self.marks[name] = both.unique(TABLES[name].key, keep="last", maintain_order=True)
            for row in each.rows.iter_rows(named=True):
                self.rows.setdefault(name, {})[tuple(row[column] for column in TABLES[name].key)] = row

    def _marks(self, table: str) -> pl.DataFrame:
        return self.marks.setdefault(table, pl.DataFrame(schema=marks_schema(TABLES[table])))

    def facts(self) -> dict[str, dict[Key, dict[str, Any]]]:
        """All rows but when they were learnt."""
        return {
            name: {key: {k: v for k, v in row.items() if k != "seen_at"} for key, row in sorted(rows.items())}
            for name, rows in sorted(self.rows.items())
            if rows
        }
