"""Buckets of leads in, cells out: all that one scorecard needs to know of the facts, gathered as they stream by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of, blocks
from smarketing.engine.clocks import Clocks, Tallies
from smarketing.engine.compiled import Compiled
from smarketing.engine.evaluate import evaluate, evaluate_deliveries
from smarketing.engine.history import Deliveries, History, Instants
from smarketing.engine.local import LocalDays
from smarketing.engine.reading import Reading
from smarketing.scorecard.attainment import shape
from smarketing.scorecard.card import Axis, Shape
from smarketing.scorecard.cells import ClockCells
from smarketing.scorecard.divisions import COLUMNS, Division, Ints
from smarketing.scorecard.funnel import FunnelCounts
from smarketing.scorecard.heat import HeatCounts
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.only import EVERYTHING, Only
from smarketing.scorecard.promised import Clauses, clauses, latest_version
from smarketing.scorecard.totals import TallyCells
from smarketing.scorecard.waived import NOTHING, Changed, Waiving
from smarketing.terms.commitment import Kind
from smarketing.terms.offsets import day_start
from smarketing.terms.target import Measure


@dataclass(frozen=True, slots=True)
class Gathered:
    """One commitment: `wide` has every day the card asks about, `near` its period's days by rep, tier and source."""

    clauses: Clauses
    wide: ClockCells | TallyCells
    near: ClockCells | TallyCells
    three: dict[str, ClockCells] = field(default_factory=dict)
    before: Unwaived | None = None


@dataclass(slots=True)
class Unwaived:
    """A commitment that waivers are about, as if there were none; and how many they change in the card's period."""

    wide: ClockCells | TallyCells
    near: ClockCells | TallyCells
    reasons: Ints  # by position in Waiving.reasons
    n_moot: int = 0


class Gather:
    """Takes    axes   what the card's lines are divided by
             only   the leads that count; deliveries are of no lead and always do
             waiving  what was waived
    Raises   nothing by itself; `add` raises what `evaluate` raises
    """

    def __init__(
        self,
        compiled: Compiled,
        horizon: Horizon,
        axes: Sequence[Axis] = (),
        only: Only = EVERYTHING,
        waiving: Waiving = NOTHING,
    ) -> None:
        self.compiled, self.horizon, self.only, self.waiving = compiled, horizon, only, waiving
        self.divisions = divisions(compiled, axes)
        made = clauses(compiled.versions, horizon)
        self.window = horizon.window([each.grain for each in made])
        self.lines = tuple(self._gathered(each) for each in made)
        self._days = LocalDays(horizon.zone, compiled.tables.start, compiled.tables.end)
        version = latest_version(compiled.versions, horizon)
        self.funnel = FunnelCounts(version, len(compiled.tiers))
        self.heat = HeatCounts(horizon.zone)
        self.axes = tuple(axes)
        self.n_leads = self.n_buckets = 0
        self._version, self._lock = version, Lock()
        self._start, self._end = (day_start(horizon.zone, on) for on in self.window.dates)

    def concerns(self, earliest: int, latest: int) -> bool:
        """Whether leads whose every fact lies between two instants could show on this card."""
        return earliest < self._end and latest >= self._start and earliest <= self.horizon.now

    def add(self, history: History) -> None:
        """Judge some leads and count them; from any thread, in any order, each lead once."""
        with self._lock:
            self.n_leads += len(history.leads)
            self.n_buckets += 1
        for block in blocks(history):
            self._add(block)

    def _add(self, history: History) -> None:
        now, only = self.horizon.now, self.only
        found = evaluate(history, self.compiled, now=now, three=any(line.three for line in self.lines))
        for line in self.lines:
            clocks, tallies = found.clocks.get(line.clauses.id), found.tallies.get(line.clauses.id)
            self._count(
                line,
                None if clocks is None else only.of_judged(clocks),
                None if tallies is None else only.of_judged(tallies),
            )
        self._count_cohort(as_of(history, now))
        for line in self.lines:
            for name, cells in line.three.items():
                judged: Clocks = only.of_judged(getattr(found.three[line.clauses.id], name))
                cells.add(judged, self._days.day_of(judged.start_at), now)

    def add_deliveries(self, deliveries: Deliveries) -> None:
        """Judge what was handed over; once, with everything there is."""
        found = evaluate_deliveries(deliveries, self.compiled, self.horizon.now)
        for line in self.lines:
            self._count(line, found.get(line.clauses.id), None)

    def _gathered(self, each: Clauses) -> Gathered:
        wide, near = self._cells(each, divided=True)
        is_speed = each.latest.kind is Kind.SPEED_TO_LEAD
        three = {name: ClockCells(self.horizon.near) for name in ("lead", "system", "rep")} if is_speed else {}
        if not self.waiving.concerns(each.id):
            return Gathered(each, wide, near, three)
        before = Unwaived(*self._cells(each, divided=False), np.zeros(len(self.waiving.reasons), np.int64))
        return Gathered(each, wide, near, three, before)

    def _cells(self, each: Clauses, *, divided: bool) -> tuple[ClockCells | TallyCells, ClockCells | TallyCells]:
        near, kind, by = self.horizon.near, shape(each.latest), self.divisions if divided else {}
        if kind is Shape.TOTAL:
            return TallyCells(self.window), TallyCells(near, by)
        has_times, has_depth = kind is Shape.CLOCKS, kind is Shape.DEPTH
        is_patient = each.latest.target.measure is Measure.RATE
        return (
            ClockCells(self.window, has_times=has_times, has_depth=has_depth, is_patient=is_patient),
            ClockCells(near, by, has_times=has_times, has_depth=has_depth, is_patient=is_patient),
        )

    def _count(self, line: Gathered, clocks: Clocks | None, tallies: Tallies | None) -> None:
        if clocks is not None:
            days = self._days.day_of(clocks.start_at)
            if line.before is not None:
                unwaived, (clocks, changed) = clocks, self.waiving.over(line.clauses.id, clocks, self.horizon.now)
                self._add_clocks(line.before, unwaived, days)
                self._add_changed(line.before, unwaived.start_at, changed)
            self._add_clocks(line, clocks, days)
        if tallies is not None:
            days = self._days.day_of(tallies.at)
            if line.before is not None:
                plain, (tallies, changed) = tallies, self.waiving.over(line.clauses.id, tallies, self.horizon.now)
                _add_tallies(line.before, plain, days)
                self._add_changed(line.before, plain.at, changed)
            _add_tallies(line, tallies, days)

    def _add_clocks(self, to: Gathered | Unwaived, clocks: Clocks, days: NDArray[np.int32]) -> None:
        if isinstance(to.wide, ClockCells) and isinstance(to.near, ClockCells):
            to.wide.add(clocks, days, self.horizon.now)
            to.near.add(clocks, days, self.horizon.now)

    def _add_changed(self, to: Unwaived, at: Instants, changed: Changed) -> None:
        """Count what waivers changed in the card's period, and what they would have."""
        start, end = self.horizon.period.bounds(self.horizon.zone)
        inside = (at >= start) & (at < end) & (at <= self.horizon.now)
        counts = np.bincount(changed.reason[inside.take(changed.rows)], minlength=len(to.reasons))
        with self._lock:
            to.reasons += counts
            to.n_moot += int(inside.take(changed.moot).sum())

    def _count_cohort(self, known: History) -> None:
        reading = Reading(known, self._version, self.compiled.tables, self.horizon.now)
        start, end = self.horizon.period.bounds(self.horizon.zone)
        created, chosen = known.leads.created_at, self.only.of_leads(reading)
        is_inside = (created >= start) & (created < end)
        inside = np.flatnonzero(is_inside if chosen is None else is_inside & chosen)
        if len(inside):
            self.funnel.add(reading, inside)
        self.heat.add(reading, start, end, chosen)


def _add_tallies(to: Gathered | Unwaived, tallies: Tallies, days: NDArray[np.int32]) -> None:
    if isinstance(to.wide, TallyCells) and isinstance(to.near, TallyCells):
        to.wide.add(tallies, days)
        to.near.add(tallies, days)


def divisions(compiled: Compiled, axes: Sequence[Axis]) -> dict[str, Division]:
    """The finest divisions that the axes need; teams are sums of reps, weeks and days are spans."""
    sizes = {
        "rep": len(compiled.codebook.owners),
        "tier": len(compiled.tiers),
        "source": len(compiled.codebook.sources),
    }
    wanted = {"rep" if axis is Axis.TEAM else axis.value for axis in axes}
    return {axis: Division.of_codes(COLUMNS[axis], n) for axis, n in sizes.items() if axis in wanted}
