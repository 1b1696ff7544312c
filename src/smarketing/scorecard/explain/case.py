"""One lead under one commitment: its own facts, the versions that may judge it, and the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np

from smarketing.engine.as_of import as_of
from smarketing.engine.clauses import Clause, Version
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import Columns, History
from smarketing.engine.local import LocalDays
from smarketing.engine.reading import Reading
from smarketing.scorecard.explain.touches import Note
from smarketing.terms.language import Words
from smarketing.terms.offsets import EPOCH_ORDINAL

Table = TypeVar("Table", bound=Columns)


@dataclass(frozen=True, slots=True)
class Case:
    """`whole` is the history of the one lead, with what happened after `now` as well."""

    whole: History
    compiled: Compiled
    commitment: str
    now: int
    words: Words
    notes: Sequence[Note] = ()

    def judges(self, at: int) -> tuple[Version, Clause]:
        """The version and the clause that judge what started at an instant that evaluate found."""
        version, clause = self.compiled.version_at(at), self.compiled.clause(self.commitment, at)
        assert version is not None and clause is not None, "evaluate makes clocks only where a version holds"
        return version, clause

    def reading(self, version: Version) -> Reading:
        return Reading(as_of(self.whole, self.now), version, self.compiled.tables, self.now)

    def zone(self, calendar: int, version: Version) -> str:
        """The zone of a calendar, the agreement's for the one that is always open."""
        calendars = self.compiled.calendars
        return calendars[calendar].zone if calendar < len(calendars) else version.agreement.zone


def only(history: History, number: int) -> History:
    """The history of one lead; rows of every table are sorted by lead."""
    position = number - history.first

    def rows_of(table: Table) -> Table:
        rows = slice(*np.searchsorted(table.lead, [position, position + 1]))  # type: ignore[attr-defined]
        one = table.take(rows)
        return replace(one, lead=np.zeros_like(one.lead))  # type: ignore[attr-defined, call-arg]

    return History(
        first=number,
        leads=history.leads.take(slice(position, position + 1)),
        touches=rows_of(history.touches),
        stages=rows_of(history.stages),
        assignments=rows_of(history.assignments),
        deals=rows_of(history.deals),
    )


def local_date(zone: str, at: int) -> date:
    return date.fromordinal(int(LocalDays(zone, at, at + 1).day_of(np.array([at]))[0]) + EPOCH_ORDINAL)


def name_of(names: Sequence[str], code: int) -> str:
    """The name behind a code; "" for −1."""
    return names[code] if code >= 0 else ""
