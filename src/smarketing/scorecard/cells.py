"""Clocks into cells: verdicts, times and touches of every period and every rep, team, tier or source.

Buckets of clocks come in any order and from several threads. Counting happens at once, in whole numbers, so that
neither order nor partition can show; only the elapsed times of answered clocks are kept, some eleven bytes each, for
the exact quantiles. A day and a rep are the finest cell; weeks, months, quarters, years and teams are sums of those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import Clocks
from smarketing.scorecard.divisions import ALL, Division, Window, chosen, merged, rolled
from smarketing.scorecard.outcomes import N_OUTCOMES, Outcome, is_connected, is_matured, outcomes
from smarketing.scorecard.quantiles import Floats, Ints, Piece, Question, order_by, piece, quantiles_of

MOST_TOUCHES = 20
COUNTED = ("outcomes", "elapsed_high", "elapsed_low", "n_unconnected", "n_touches")  # what is a sum in Cells
BLOCK = 1 << 16  # clocks counted at a time: what one array of them needs stays in the second-level cache


@dataclass(frozen=True)
class Cells:
    """Arrays of spans × groups. Times are microseconds; a time of nothing is NaN."""

    outcomes: Ints  # spans × groups × Outcome
    elapsed_high: Ints  # the sum is high << 32 | low, so that no sum of any size overflows
    elapsed_low: Ints
    median: Floats
    p90: Floats
    longest: Floats
    n_unconnected: Ints  # matured and not connected
    n_touches: Ints  # of the unconnected

    def count(self, *which: Outcome) -> Ints:
        n: Ints = self.outcomes[..., list(which)].sum(axis=-1)
        return n

    @cached_property
    def n_answered(self) -> Ints:
        return self.count(Outcome.MET, Outcome.LATE)

    @cached_property
    def mean(self) -> Floats:
        total = self.elapsed_high.astype(np.float64) * 2.0**32 + self.elapsed_low
        return _over(total, self.n_answered)

    @cached_property
    def depth(self) -> Floats:
        return _over(self.n_touches.astype(np.float64), self.n_unconnected)

    def merged(self, division: Division) -> Cells:
        """The same spans with the groups of `division`; quantiles cannot be merged and become unknown."""
        counts = {name: merged(getattr(self, name), division) for name in COUNTED}
        unknown = np.full((len(self.outcomes), division.n), np.nan)
        return Cells(**counts, median=unknown, p90=unknown, longest=unknown)


@dataclass(frozen=True, slots=True)
class Cube:
    """One way to cut the window into cells, as `ClockCells.over` describes it."""

    edges: Ints
    axis: str = ALL
    division: Division | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is counted of some clocks; `answered` (in order of days) and `unconnected` are row numbers."""

    outcome: NDArray[np.uint8]
    answered: Ints
    elapsed: Ints
    unconnected: NDArray[np.intp]
    touches: Ints
    n_connected: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums by (day, group), flat; counted in place. One cell holds up to 292,000 years of waiting."""

    outcomes: Ints
    elapsed: Ints
    unconnected: Ints
    touches: Ints

    @classmethod
    def empty(cls, n_cells: int, has_times: bool, has_depth: bool) -> _Sums:
        sizes = (n_cells * N_OUTCOMES, n_cells * has_times, n_cells * has_depth, n_cells * has_depth)
        return cls(*(np.zeros(size, np.int64) for size in sizes))

    def add(self, cell: Ints, rows: _Rows) -> None:
        np.add.at(self.outcomes, cell * N_OUTCOMES + rows.outcome, 1)
        if len(rows.answered):
            np.add.at(self.elapsed, cell.take(rows.answered), rows.elapsed)
        if len(rows.unconnected):
            unconnected = cell.take(rows.unconnected)
            np.add.at(self.unconnected, unconnected, 1)
            np.add.at(self.touches, unconnected, rows.touches)

    def over(self, n_days: int, edges: Ints) -> Cells:
        """The cells of some spans, their quantiles unknown."""
        outcomes = rolled(self.outcomes.reshape(n_days, -1, N_OUTCOMES), edges)
        nothing = np.zeros(outcomes.shape[:2], np.int64)

        def total(sums: Ints) -> Ints:
            return rolled(sums.reshape(n_days, -1), edges) if len(sums) else nothing

        unknown = np.full(outcomes.shape[:2], np.nan)
        return Cells(
            outcomes=outcomes,
            elapsed_high=total(self.elapsed >> 32),
            elapsed_low=total(self.elapsed & 0xFFFFFFFF),
            median=unknown,
            p90=unknown,
            longest=unknown,
            n_unconnected=total(self.unconnected),
            n_touches=total(self.touches),
        )


@dataclass(slots=True)
class ClockCells:
    """The clocks of one commitment that start within `window`, gathered bucket by bucket.

    Takes    divisions  finest divisions to count by, by axis; without any, all clocks are one group
             has_times  keep elapsed times for mean and quantiles
             has_depth  count touches of matured clocks
             is_patient judge no clock before its due time: who converts early must not speak for the whole cohort
    Holds    voids        clocks of the window by Clocks.void, where it is not 0
             touches      matured unconnected clocks by their touches; the last entry holds all above
             n_connected  matured connected clocks
    """

    window: Window
    divisions: Mapping[str, Division] = field(default_factory=dict)
    has_times: bool = True
    has_depth: bool = False
    is_patient: bool = False
    voids: Ints = field(default_factory=lambda: np.zeros(256, np.int64))
    touches: Ints = field(default_factory=lambda: np.zeros(MOST_TOUCHES + 1, np.int64))
    n_connected: int = 0
    _pieces: list[Piece] = field(default_factory=list)
    _sums: dict[str, _Sums] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for axis, n in ({axis: d.n for axis, d in self.divisions.items()} or {ALL: 1}).items():
            self._sums[axis] = _Sums.empty(self.window.n * n, self.has_times, self.has_depth)

    def add(self, clocks: Clocks, days: NDArray[np.int32], now: int) -> None:
        """Count a bucket. `days` is the local day of each start; any thread may call this at any time."""
        inside = self.window.rows(days)
        if not isinstance(inside, slice):
            clocks, days = clocks.take(inside), days[inside]
        for first in range(0, len(clocks), BLOCK):
            rows = slice(first, first + BLOCK)
            self._add(clocks.take(rows), days[rows].astype(np.int64) - self.window.first, now)

    def _add(self, clocks: Clocks, day: Ints, now: int) -> None:
        rows = self._rows(clocks, day, now)
        cells = {axis: day * d.n + d.group.take(getattr(clocks, d.column)) for axis, d in self.divisions.items()}
        if len(rows.answered):
            codes = {d.column: getattr(clocks, d.column).take(rows.answered) for d in self.divisions.values()}
            self._pieces.append(piece(day.take(rows.answered), rows.elapsed, codes, self.window.n))
        with self._lock:
            self.voids += np.bincount(clocks.void[clocks.void > 0], minlength=256)
            self.touches += np.bincount(np.minimum(rows.touches, MOST_TOUCHES), minlength=MOST_TOUCHES + 1)
            self.n_connected += rows.n_connected
            for axis, cell in (cells or {ALL: day}).items():
                self._sums[axis].add(cell, rows)

    def _rows(self, clocks: Clocks, day: Ints, now: int) -> _Rows:
        outcome = outcomes(clocks, now)
        if self.is_patient:
            outcome[(outcome == Outcome.MET) & (clocks.due_at >= now)] = Outcome.RUNNING
        answered = unconnected = np.empty(0, np.intp)
        if self.has_times:
            answered = np.flatnonzero(outcome <= Outcome.LATE)
            answered = answered.take(order_by(day.take(answered)))
        n_connected = 0
        if self.has_depth:
            matured, connected = is_matured(clocks, now), is_connected(clocks)
            unconnected = np.flatnonzero(matured & ~connected)
            n_connected = int((matured & connected).sum())
        touches = clocks.count.take(unconnected).astype(np.int64)
        return _Rows(outcome, answered, clocks.elapsed_us.take(answered), unconnected, touches, n_connected)

    def over(self, edges: Ints, axis: str = ALL, division: Division | None = None, threads: int = 1) -> Cells:
        """The cells of the spans that begin at `edges[:-1]` (days since the window's first), by one axis.

        `division` merges the groups of the axis: reps into teams. Spans are consecutive and none is empty.
        """
        return self.cubes([Cube(edges, axis, division)], threads)[0]

    def cubes(self, wanted: Sequence[Cube], threads: int = 1) -> list[Cells]:
        """Several divisions at once, which costs little more than half of each by itself; after everything is added."""
        counted = self._counted(wanted)
        questions = [
            Question(
                cube.edges,
                counts.outcomes[..., Outcome.MET] + counts.outcomes[..., Outcome.LATE],
                *self._division(cube),
            )
            for cube, counts in zip(wanted, counted, strict=True)
        ]
        if not self._pieces:
            return counted
        with ThreadPoolExecutor(threads) as pool:
            found = quantiles_of(self._pieces, questions, pool.map if threads > 1 else map)
        return [
            replace(counts, median=median, p90=p90, longest=longest)
            for counts, (median, p90, longest) in zip(counted, found, strict=True)
        ]

    def _counted(self, wanted: Sequence[Cube]) -> list[Cells]:
        """Everything but the quantiles. Groups that are merged are made from the finest, once for the same spans."""
        finest: dict[tuple[str, bytes], Cells] = {}
        counted = []
        for cube in wanted:
            axis, division = chosen(self.divisions, cube.axis, cube.division)
            key = axis, cube.edges.tobytes()
            if key not in finest:
                finest[key] = self._sums[axis].over(self.window.n, cube.edges)
            counted.append(finest[key] if division is None else finest[key].merged(division))
        return counted

    def _division(self, cube: Cube) -> tuple[str, Ints | None]:
        """The column that the rows of a cube are divided by, and the group of each of its codes."""
        axis, division = chosen(self.divisions, cube.axis, cube.division)
        division = division or self.divisions.get(axis)
        return ("", None) if division is None or cube.axis == ALL else (division.column, division.group)

    def times(self, first: int, end: int) -> Ints:
        """Elapsed times of the answered clocks of the days `[first, end)` since the window's first, unordered."""
        parts = [p.elapsed[p.offsets[first] : p.offsets[end]] for p in self._pieces]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _over(sums: Floats, counts: Ints) -> Floats:
    ratio: Floats = np.divide(sums, counts, out=np.full(counts.shape, np.nan), where=counts > 0)
    return ratio
