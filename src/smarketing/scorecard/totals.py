"""Tallies into cells: how many things, and how much, in every period and group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import Tallies
from smarketing.scorecard.divisions import ALL, Division, Ints, Window, chosen, merged, rolled


@dataclass(frozen=True, slots=True)
class TotalCells:
    """Arrays of spans × groups: how many things counted, their amounts together, and how many are void."""

    n: Ints
    amount: Ints
    n_void: Ints


@dataclass(slots=True)
class TallyCells:
    """The tallies of one commitment that happen within `window`, gathered like clocks; `voids` by Tallies.void."""

    window: Window
    divisions: Mapping[str, Division] = field(default_factory=dict)
    voids: Ints = field(default_factory=lambda: np.zeros(256, np.int64))
    _sums: dict[str, Ints] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for axis, n in ({axis: d.n for axis, d in self.divisions.items()} or {ALL: 1}).items():
            self._sums[axis] = np.zeros(3 * self.window.n * n, np.int64)

    def add(self, tallies: Tallies, days: NDArray[np.int32]) -> None:
        """Count a bucket. `days` is the local day of each tally."""
        inside = self.window.rows(days)
        chosen = tallies.take(inside)
        day = days[inside].astype(np.int64) - self.window.first
        is_void = chosen.void > 0
        amounts = np.where(is_void, 0, chosen.amount)
        cells = {axis: day * d.n + d.group.take(getattr(chosen, d.column)) for axis, d in self.divisions.items()}
        with self._lock:
            self.voids += np.bincount(chosen.void, minlength=256)
            for axis, cell in (cells or {ALL: day}).items():
                np.add.at(self._sums[axis], 3 * cell + 2 * is_void, 1)
                np.add.at(self._sums[axis], 3 * cell + 1, amounts)

    def over(self, edges: Ints, axis: str = ALL, division: Division | None = None) -> TotalCells:
        """The cells of the spans that begin at `edges[:-1]`, as ClockCells.over gives them."""
        axis, division = chosen(self.divisions, axis, division)
        spans = rolled(self._sums[axis].reshape(self.window.n, -1, 3), edges)
        spans = spans if division is None else merged(spans, division)
        return TotalCells(spans[..., 0], spans[..., 1], spans[..., 2])
