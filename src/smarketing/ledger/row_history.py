"""What happened to few leads, from rows to the arrays of the engine: what ledger.replica_build makes of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import polars as pl

from smarketing.engine.clocks import MOST_REASONS
from smarketing.engine.history import NEVER, Assignments, Columns, Deals, History, Leads, Stages, Touches
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS
from smarketing.facts.superseded import SNAPSHOT, superseded
from smarketing.ledger.assignments import assigned
from smarketing.ledger.found_rows import Found
from smarketing.ledger.names import DUPLICATE, MERGED, OPPORTUNITY, OTHER, REMOVED, TEST, Names
from smarketing.ledger.recoded import LISTS, code_dtype
from smarketing.ledger.replica_refresh import Made
from smarketing.ledger.row_names import STAGES, lead_sources, stage_name
from smarketing.ledger.row_touches import flags
from smarketing.ledger.row_ways import Id, Ways

Part = TypeVar("Part", bound=Columns)
Row = tuple[Any, ...]
MOST_S = 2**31 - 1
KINDS = {name: code for code, name in enumerate(TOUCH_KINDS)}
STATUSES = {name: code for code, name in enumerate(DEAL_STATUS)}
IDS = {"created_at": pl.Int64(), "src": pl.String(), "lead_id": pl.String()}
VOID = ("src", "lead_id", "reason", "deleted_at", "is_test", "duplicate_of")
NAMED = ("src", "lead_id", "person_key", "deal_id")
WHAT = ("kind", "direction", "outcome")
MARKED = ("owner_id", "occurred_at", "logged_at", "duration_s", "automated", "deleted_at")
STEPS = ("src", "change_id", "entity", "entity_id", "field", "to_value", "changed_at", "origin")
DTYPES: dict[str, type[np.generic]] = {
    **dict.fromkeys(("lead", "duration_s"), np.int32),
    **dict.fromkeys(("flags", "kind", "status", "void"), np.uint8),
    "score": np.float32,
}


def made_of_rows(said: Mapping[str, Found], names: Names, leads: pl.DataFrame) -> Made:
    """Some leads (src, lead_id) and what happened to them.

    Takes    said  by table all that facts say of these leads; what they say of others need not be complete
    """
    making = _Making(said, names, set(leads.iter_rows()))
    return Made(pl.DataFrame(making.ids, schema=IDS, orient="row"), making.history())


class _Making:
    """`ids` are the wanted leads in order, `places` where each lead that is spoken of is among them."""

    def __init__(self, said: Mapping[str, Found], names: Names, wanted: set[Id]) -> None:
        self.said, self.names, self.book = said, names, names.codebook
        ordered = sorted(said["lead"].told("created_at", "src", "lead_id"))
        numbers = {(src, lead): number for number, (_, src, lead) in enumerate(ordered)}
        self.ways = Ways.of(said, numbers, [at for at, _, _ in ordered])
        self.ids = [row for row in ordered if row[1:] in wanted]
        self.places = {numbers[row[1:]]: place for place, row in enumerate(self.ids)}
        self.leads = _by_id(said["lead"], [row[1:] for row in self.ids])
        self.owners = {(src, owner): code for src, owner, code, _ in names.owners.iter_rows()}
        self.is_person = [*names.owners["is_person"].to_list(), False]  # −1 finds the False at the end
        self.stages, self.reasons = _codes(self.book.stages), _codes(self.book.reasons)
        self.known: dict[tuple[str | None, ...], list[int]] = {}

    def history(self) -> History:
        changes = _without_superseded(self.said["stage_change"].where("entity", "lead"))
        leads = list(self._leads())
        return History(
            0,
            self._columns(Leads, leads),
            self._columns(Touches, sorted(self._touches())),
            self._columns(Stages, sorted(self._stages(changes))),
            self._columns(Assignments, list(self._assignments(changes, leads))),
            self._columns(Deals, sorted(self._deals())),
        )

    def _about(self, src: str, lead: str, person: str | None = None, deal: str | None = None) -> list[int]:
        """The wanted leads that a fact is about, which many facts of theirs ask for."""
        names = src, lead, person, deal
        if names not in self.known:
            self.known[names] = self._found(*names)
        return self.known[names]

    def _found(self, src: str, lead: str, person: str | None, deal: str | None) -> list[int]:
        """By the first of the names that leads anywhere."""
        ways, places = self.ways, self.places
        numbers = ways.lead.find(src, lead) or ways.person.find(src, person) or ways.deal.find(src, deal)
        return [places[number] for number in numbers if number in places]

    def _leads(self) -> Iterator[Row]:
        grades, sources = _codes(self.book.grades), _codes(self.book.sources)
        told = self.leads.told("src", "created_at", "owner_id", "grade", "score")
        for (src, at, owner, grade, score), source, void in zip(
            told, lead_sources(self.leads), self._voids(), strict=True
        ):
            code = self.owners.get((src, owner), -1)
            score = np.nan if score is None else score
            yield at, code if self.is_person[code] else -1, grades.get(grade, -1), sources.get(source, -1), score, void

    def _voids(self) -> Iterator[int]:
        """1 + the code of the gravest reason, 0 without one; reasons beyond one byte are `other`."""
        for src, lead, reason, deleted_at, is_test, duplicate_of in self.leads.told(*VOID):
            merged = self.ways.merged.get((src, lead))
            given = self.reasons.get(reason, -1)
            graver = [
                (merged == "dedupe", DUPLICATE),
                (merged is not None, MERGED),
                (deleted_at is not None, REMOVED),
                (is_test, TEST),
                (duplicate_of is not None, DUPLICATE),
                (given >= MOST_REASONS, OTHER),
            ]
            yield 1 + next((self.reasons[name] for holds, name in graver if holds), given)

    def _touches(self) -> Iterator[Row]:
        touches, is_person = self.said["touch"], [*self.is_person[:-1], True]  # who is unknown is a person
        columns = touches.told(*NAMED), touches.told(*WHAT), touches.told(*MARKED)
        for names, what, (owner_id, at, logged_at, duration, automated, deleted_at) in zip(*columns, strict=True):
            if not (places := self._about(*names)):
                continue
            owner = self.owners.get((names[0], owner_id), -1)
            byte = flags(
                what,
                is_human=not automated and is_person[owner],
                is_deleted=deleted_at is not None,
                occurred_at=at,
                logged_at=logged_at,
            )
            length = -1 if duration is None else min(max(duration, -1), MOST_S)
            for place in places:
                yield place, at, byte, KINDS[what[0]], owner, length

    def _stages(self, changes: Found) -> Iterator[Row]:
        """A lead that was converted became an opportunity then, unless the history says when."""
        opportunity, told = self.stages.get(OPPORTUNITY), set[int]()
        for src, lead, field, value, raw, reason, at in changes.told(
            "src", "entity_id", "field", "to_value", "to_raw", "reason", "changed_at"
        ):
            stage = self.stages.get(stage_name(field, value, raw)) if field in STAGES else None
            for place in self._about(src, lead) if stage is not None else ():
                yield place, at, stage, self.reasons.get(reason, -1)
                told |= {place} if stage == opportunity else set()
        for place, at in enumerate(self.leads["converted_at"]):
            if at is not None and place not in told:
                yield place, at, opportunity, -1

    def _assignments(self, changes: Found, leads: Sequence[Row]) -> Iterator[Row]:
        taken: list[list[tuple[int, int, int]]] = [[] for _ in leads]
        swaps = changes.where("field", "owner")
        for src, lead, after, before, at in swaps.told("src", "entity_id", "to_value", "from_value", "changed_at"):
            for place in self._about(src, lead):
                taken[place].append((at, self.owners.get((src, after), -1), self.owners.get((src, before), -1)))
        merged = self.reasons[MERGED] + 1
        for place, ((created_at, owner, *_, void), assigned_at) in enumerate(
            zip(leads, self.leads["assigned_at"], strict=True)
        ):
            first = None if void == merged else owner
            for at, code in assigned(created_at, assigned_at, first, sorted(taken[place])):
                if self.is_person[code]:
                    yield place, at, code

    def _deals(self) -> Iterator[Row]:
        currencies = _codes(self.book.currencies)
        told = ("src", "deal_id", "owner_id", "status", "amount", "currency", "created_at", "closed_at")
        deals = self.said["deal"]
        for (src, deal, owner, status, amount, currency, opened, closed), gone in zip(
            deals.told(*told), deals.told("deleted_at", "merged_into"), strict=True
        ):
            place = self.places.get(self.ways.credit.get((src, deal), -1))
            if place is None or gone != (None, None):
                continue
            closed = NEVER if closed is None else closed
            codes = currencies.get(currency, -1), self.owners.get((src, owner), -1)
            yield place, opened, closed, STATUSES[status], amount or 0, *codes

    def _columns(self, kind: type[Part], rows: Sequence[Row]) -> Part:
        names = [each.name for each in fields(kind)]
        columns = zip(*rows, strict=True) if rows else ((),) * len(names)
        return kind(**{name: np.array(column, self._dtype(name)) for name, column in zip(names, columns, strict=True)})

    def _dtype(self, column: str) -> type[np.generic]:
        return code_dtype(len(getattr(self.book, LISTS[column]))) if column in LISTS else DTYPES.get(column, np.int64)


def _codes(names: Sequence[str]) -> dict[str | None, int]:
    return {name: code for code, name in enumerate(names)}


def _by_id(leads: Found, ids: Sequence[Id]) -> Found:
    known = dict(zip(leads.told("src", "lead_id"), leads.rows, strict=True))
    return Found(leads.name, [known[own] for own in ids])


def _without_superseded(changes: Found) -> Found:
    if SNAPSHOT not in changes["origin"]:
        return changes
    told = pl.DataFrame({column: changes[column] for column in STEPS})
    gone = set(superseded(told.lazy()).collect().iter_rows())
    keys = changes.told("src", "change_id")
    return Found(changes.name, [row for row, key in zip(changes.rows, keys, strict=True) if key not in gone])
