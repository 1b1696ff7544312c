"""What waiting events say: whole rows of facts, and which events must wait, are dead, or say nothing that we keep."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from smarketing.facts.many_patches import fold_many
from smarketing.facts.patches import ROW, Folded, Key, fold
from smarketing.facts.schema import TABLES, Table
from smarketing.ledger.inbox_queue import Fates
from smarketing.ledger.inbox_queue import Waiting as Row
from smarketing.ledger.look_up import marks_of, stored_rows
from smarketing.records.models import Source
from smarketing.sources.webhook.event import Rejected, SourceReading
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.marked import N_

FEW = 50  # patches of one table, which are sooner looked at one by one
DESK = "desk"  # the source of what people note here: always there, and no row says so
MOST_NEED = 200  # letters
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
PATIENCE = timedelta(days=3)  # with what it needs another event for
LOOK_AGAIN = timedelta(days=1)  # at an event of the far future
SENTENCES = {
    "no_source": N_("There is no source of this name any more."),
    "needs": N_("It tells only some columns of something that nobody has told of yet; it waits. Lacking: {lacking}."),
    "never_came": N_("It tells only some columns of something that nobody has told of in 3 days. Lacking: {lacking}."),
    "unused": N_("It says nothing that is kept."),
    "reread": N_("The sender lost count of its {object}; read them again from there."),
}


@dataclass(slots=True)
class Told:
    """`frames` are rows to upsert, `marks` of all rows met (see Folded), by table; `fates` are those of the events."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    marks: dict[str, pl.DataFrame] = field(default_factory=dict)
    fates: Fates = field(default_factory=Fates)

    def sources(self) -> set[str]:
        return {src for marks in self.marks.values() for src in marks["src"].unique()}

    def told_of(self, src: str) -> set[str]:
        """The records of a source of which there is a whole row now, as `needs` of an event names them."""
        return {
            need
            for name, marks in self.marks.items()
            for need in _needs(TABLES[name], marks.filter(pl.col("src") == src))
        }


def tell_events(rows: Sequence[Row], *, now: datetime, using: str) -> Told:
    """What the events say in addition to what the database knows; nothing is written."""
    told = Told()
    patches = {name: frame for name, frame in _patches(rows, told.fates, now).items() if frame.height}
    known = _Known.of(patches, using)
    folded = known.fold(patches)
    while waiting := {row for each in folded.values() for wait in each.waiting.values() for row in wait.rows}:
        _hold(rows, folded, told.fates, now)
        patches = {name: frame.filter(~pl.col(ROW).is_in(list(waiting))) for name, frame in patches.items()}
        folded = known.fold(patches)
    told.frames = {name: each.rows for name, each in folded.items() if each.rows.height}
    told.marks = {name: each.marks for name, each in folded.items()}
    return told


def trouble(code: str, **arguments: object) -> dict[str, Any]:
    """Why an event is not what it might be, as the inbox keeps it: everybody reads it in their language."""
    return {"code": code, "sentence": SENTENCES[code], "arguments": arguments, "column": "", "value": ""}


def _patches(rows: Sequence[Row], fates: Fates, now: datetime) -> dict[str, pl.DataFrame]:
    """The patches of all sources by table; ROW is the position of the event in `rows`."""
    sources = {source.slug: source for source in Source.objects.filter(slug__in={row.src for row in rows})}
    sources[DESK] = Source(slug=DESK, name=DESK, kind="generic")
    found: dict[str, list[pl.DataFrame]] = {}
    for src in dict.fromkeys(row.src for row in rows):
        positions = [position for position, row in enumerate(rows) if row.src == src]
        source = sources.get(src)
        if source is None or source.kind not in SHAPES:
            fates.dead |= {rows[position].id: trouble("no_source") for position in positions}
            continue
        for name, frame in _of_source(source, rows, positions, fates, now).items():
            found.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in found.items()}


def _of_source(
    source: Source, rows: Sequence[Row], positions: Sequence[int], fates: Fates, now: datetime
) -> dict[str, pl.DataFrame]:
    reading = SourceReading(source.slug, source.zone, source.currency, source.mapping)
    own = [rows[position] for position in positions]
    mapped = SHAPES[source.kind].rows([row.body for row in own], reading, now)
    fates.dead |= {own[each.index].id: _said(each) for each in mapped.rejected}
    fates.held |= {own[each.index].id: (_until(own[each.index], now), "", _said(each)) for each in mapped.held}
    fates.told |= {own[index].id: trouble("unused") for index in mapped.unused}
    fates.told |= {
        own[each.index].id: trouble("reread", object=each.object, ids=list(each.ids)) for each in mapped.rereads
    }
    place = pl.lit(pl.Series(positions, dtype=pl.Int64))
    learnt = pl.lit(pl.Series([row.received_at for row in own], dtype=pl.Datetime("us", "UTC")))
    columns = [learnt.gather(pl.col(ROW)).alias("seen_at"), place.gather(pl.col(ROW)).alias(ROW)]
    if source.slug == DESK:
        whose = pl.lit(pl.Series([_whose(row) for row in own], dtype=pl.String))
        columns.append(whose.gather(pl.col(ROW)).alias("src"))
    return {name: frame.with_columns(columns) for name, frame in mapped.frames.items() if frame.height}


def _whose(row: Row) -> str:
    """The source of the lead that an event of the desk is about; its own for leads that were entered there."""
    return str(json.loads(row.body).get("src") or DESK)


def _said(each: Rejected) -> dict[str, Any]:
    return {
        "code": each.code,
        "sentence": each.sentence,
        "arguments": dict(each.arguments),
        "column": each.column,
        "value": each.value,
    }


def _until(row: Row, now: datetime) -> datetime:
    """When an event of the future is looked at again."""
    at = row.occurred_at
    return min(at, now + LOOK_AGAIN) if at and at > now else now + LONGEST_PAUSE


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says of the records that a batch is about, by table."""

    stored: Mapping[str, pl.DataFrame]
    marks: Mapping[str, pl.DataFrame]

    @classmethod
    def of(cls, patches: Mapping[str, pl.DataFrame], using: str) -> _Known:
        keys = {name: frame.select(TABLES[name].key).unique() for name, frame in patches.items()}
        stored = {name: stored_rows(TABLES[name], own, using) for name, own in keys.items()}
        return cls(stored, {name: marks_of(TABLES[name], rows, using) for name, rows in stored.items()})

    def fold(self, patches: Mapping[str, pl.DataFrame]) -> dict[str, Folded]:
        return {name: self._fold(TABLES[name], frame) for name, frame in patches.items()}

    def _fold(self, table: Table, patches: pl.DataFrame) -> Folded:
        way = fold if patches.height <= FEW else fold_many
        return way(table, patches, self.stored[table.name], self.marks[table.name])


def _hold(rows: Sequence[Row], folded: Mapping[str, Folded], fates: Fates, now: datetime) -> None:
    """An event about something that nobody has told of waits, a little longer each time, for three days.

    What waits in one table tells nothing in any.
    """
    for name, each in folded.items():
        for key, wait in each.waiting.items():
            lacking, need = ", ".join(wait.lacking), _need(name, key)
            for row in (rows[position] for position in wait.rows):
                fates.told.pop(row.id, None)
                if now - row.received_at > PATIENCE:
                    fates.dead[row.id] = trouble("never_came", lacking=lacking)
                    continue
                until = now + min(FIRST_PAUSE * 2 ** min(row.n_tries, 10), LONGEST_PAUSE)
                fates.held[row.id] = (until, need, trouble("needs", lacking=lacking))


def _need(table: str, key: Key) -> str:
    """How an event names the record that it needs; its source is known."""
    own = [value for name, value in zip(TABLES[table].key, key, strict=True) if name != "src"]
    return ":".join([table, *own])[:MOST_NEED]


def _needs(table: Table, keys: pl.DataFrame) -> list[str]:
    """How events name each of these records."""
    own = [name for name in table.key if name != "src"]
    text = pl.concat_str(pl.lit(table.name), *own, separator=":").str.slice(0, MOST_NEED)
    return keys.select(text).to_series().to_list()
