"""The leads that a clause judges and the clocks it starts for them: from when, on whose calendar, until when."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.answers import Answers
from smarketing.engine.business_time import due_at
from smarketing.engine.by_lead import Rows
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks, Tallies
from smarketing.engine.history import NEVER, Codes, Instants
from smarketing.engine.pauses import Pauses
from smarketing.engine.reading import Reading
from smarketing.terms.commitment import Start
from smarketing.terms.offsets import US

Lengths = NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True)
class Cohort:
    """One row per clock; `rows` are the candidates that remained, `lead` positions in the reading."""

    reading: Reading
    rows: Rows
    lead: Rows
    tier: Codes
    source: Codes
    owner: Codes
    start_at: Instants
    calendar: NDArray[np.intp]
    choices: dict[Hashable, NDArray[np.intp]] = field(default_factory=dict)

    @cached_property
    def number(self) -> NDArray[np.int32]:
        """The lead's number in the whole replica."""
        return (self.lead + self.reading.history.first).astype(np.int32)

    @cached_property
    def void(self) -> NDArray[np.uint8]:
        return self.reading.void.take(self.lead)

    @cached_property
    def position(self) -> Lengths:
        """Where on its calendar each clock starts."""
        return self.reading.tables.position(self.calendar, self.start_at)

    def choice(self, clause: Clause) -> NDArray[np.intp]:
        """Which override holds for each clock; made once for clauses with the same overrides."""
        if clause.choice_key not in self.choices:
            self.choices[clause.choice_key] = clause.choice(self.tier, self.source, self.owner)
        return self.choices[clause.choice_key]

    def due_at(self, clause: Clause) -> Instants:
        """The last instant at which each clock may stop and be met; NEVER while a pause before it lasts."""
        due = self._unpaused(clause)
        for rows, pauses in self._pauses(clause):
            unit, amount = clause.units[self.choice(clause)[rows]], clause.amounts[self.choice(clause)[rows]]
            due[rows] = due_at(self.reading.tables, self.calendar[rows], self.start_at[rows], unit, amount, pauses)
        return due

    def clocks(
        self,
        clause: Clause,
        stop_at: Instants,
        *,
        due: Instants | None = None,
        connected_at: Instants | None = None,
        count: NDArray[np.int32] | None = None,
        episode: NDArray[np.int32] | None = None,
        void: NDArray[np.uint8] | None = None,
    ) -> Clocks:
        """The clocks that these leads and their stops make; one row per row of the cohort."""
        n = len(self.rows)
        due = self.due_at(clause) if due is None else due
        return Clocks(
            lead=self.number,
            episode=np.full(n, clause.episode, np.int32) if episode is None else episode,
            owner=self.owner,
            tier=self.tier,
            source=self.source,
            calendar=self.calendar,
            start_at=self.start_at,
            risk_at=self._risk_at(clause, due),
            due_at=due,
            stop_at=stop_at,
            connected_at=np.full(n, NEVER, np.int64) if connected_at is None else connected_at,
            elapsed_us=self._elapsed(clause, stop_at),
            count=np.zeros(n, np.int32) if count is None else count,
            void=self.void if void is None else void,
        )

    def _chosen(self, clause: Clause, by_choice: Lengths) -> Lengths:
        """The entry of each clock's choice."""
        return by_choice[:1] if len(by_choice) == 1 else by_choice.take(self.choice(clause))

    def _unpaused(self, clause: Clause) -> Instants:
        """The due instants were there no pause."""
        tables = self.reading.tables
        if clause.is_length:
            return tables.moment(self.calendar, self.position + self._chosen(clause, clause.amounts * US))
        unit = clause.units[0] if len(set(clause.units)) == 1 else clause.units.take(self.choice(clause))
        return due_at(tables, self.calendar, self.start_at, unit, clause.amounts.take(self.choice(clause)))

    def _risk_at(self, clause: Clause, due: Instants) -> Instants:
        """When the share of the allowance that puts a clock at risk is used up."""
        tables, (share, whole) = self.reading.tables, clause.remind
        if clause.is_length:
            used = self._chosen(clause, clause.amounts * US * share // whole)
        else:
            unpaused = due if clause.paused is None else self._unpaused(clause)
            used = (tables.position(self.calendar, unpaused) - self.position) * share // whole
        risk = np.maximum(tables.moment(self.calendar, self.position + used), self.start_at)
        for rows, pauses in self._pauses(clause):
            used = np.broadcast_to(used, due.shape)[rows]
            late = tables.due_paused(self.calendar[rows], self.start_at[rows], used, pauses)
            risk[rows] = np.minimum(late, due[rows])
        return risk

    def _elapsed(self, clause: Clause, stop_at: Instants) -> Lengths:
        tables = self.reading.tables
        elapsed = np.full(len(stop_at), NEVER, np.int64)
        rows = np.flatnonzero(stop_at != NEVER)
        elapsed[rows] = tables.position(self.calendar.take(rows), stop_at.take(rows)) - self.position.take(rows)
        for rows, pauses in self._pauses(clause):
            elapsed[rows] = tables.elapsed_paused(self.calendar[rows], self.start_at[rows], stop_at[rows], pauses)
        return elapsed

    def _pauses(self, clause: Clause) -> list[tuple[Rows, Pauses]]:
        """The clocks whose lead was ever in a paused status, with those intervals; nothing when pauses cost nothing."""
        if clause.paused is None:
            return []
        paused = clause.paused
        by_lead = shared(self.reading, ("pauses", paused.tobytes()), lambda: self.reading.pauses(paused))
        rows = np.flatnonzero(np.diff(by_lead.first).take(self.lead))
        return [(rows, by_lead.take(self.lead[rows]))] if len(rows) else []


def shared(reading: Reading, key: Hashable, make: Callable[[], T]) -> T:
    """What commitments of one version have in common, made when the first of them asks."""
    if key not in reading.shared:
        reading.shared[key] = make()
    made: T = reading.shared[key]
    return made


def started(reading: Reading, clause: Clause) -> Cohort:
    """The cohort of a clause whose clocks start once for each lead, at its handover, creation or assignment."""

    def make() -> Cohort:
        start_at = reading.start_at(clause.commitment.start)
        return cohort(reading, clause, start_at, reading.owner_at(start_at))

    return shared(reading, ("cohort", clause.cohort_key), make)


def answers(reading: Reading, start: Start) -> Answers:
    """What answered each lead at or after that start."""
    touches, version = reading.history.touches, reading.version
    return shared(reading, ("answers", start), lambda: Answers(touches, version, reading.start_at(start)))


def cohort(reading: Reading, clause: Clause, start_at: Instants, owner: Codes, lead: Rows | None = None) -> Cohort:
    """The cohort of the candidates that start while the version is in force and that the clause is about.

    Takes    start_at, owner, lead   one per candidate; `lead` may be left out when the candidates are all leads
    """
    rows, lead, tier, source, owner = _candidates(reading, clause, start_at, owner, lead)
    calendar = clause.calendar_of[0].take(owner)
    made = Cohort(reading, rows, lead, tier, source, owner, start_at.take(rows), calendar)
    if clause.has_calendars:
        calendar[:] = clause.calendar_of[made.choice(clause), owner]
    return made


def tallied(
    reading: Reading,
    clause: Clause,
    at: Instants,
    owner: Codes,
    lead: Rows | None = None,
    *,
    amount: Lengths | None = None,
    void: NDArray[np.uint8] | None = None,
) -> Tallies:
    """What happened while the version was in force and what the clause counts, 1 each unless `amount` says.

    Takes    one per candidate, as `cohort`; `void` replaces the void of the lead where it is not 0
    """
    rows, lead, tier, source, owner = _candidates(reading, clause, at, owner, lead)
    voided = reading.void.take(lead)
    return Tallies(
        lead=(lead + reading.history.first).astype(np.int32),
        owner=owner,
        tier=tier,
        source=source,
        at=at.take(rows),
        amount=np.ones(len(rows), np.int64) if amount is None else amount.take(rows),
        void=voided if void is None else np.where(voided > 0, voided, void.take(rows)),
    )


def _candidates(
    reading: Reading, clause: Clause, at: Instants, owner: Codes, lead: Rows | None
) -> tuple[Rows, Rows, Codes, Codes, Codes]:
    rows = np.flatnonzero(reading.version.holds(at))
    lead = rows if lead is None else lead.take(rows)
    columns: tuple[Rows, Rows, Codes, Codes, Codes] = (
        rows,
        lead,
        reading.tier.take(lead),
        reading.history.leads.source.take(lead),
        owner.take(rows).astype(np.int32),
    )
    fits = clause.fit.rows(*columns[2:])
    if clause.is_marketing_only and reading.is_marketing is not None:
        ours = reading.is_marketing.take(lead)
        fits = ours if fits is None else fits & ours
    if fits is None:
        return columns
    kept = np.flatnonzero(fits)
    return tuple(column.take(kept) for column in columns)  # type: ignore[return-value]
