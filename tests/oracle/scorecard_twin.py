"""The slow twin of the scorecard's cells: one clock at a time, plain lists and fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from smarketing.engine.clocks import Clocks


class Row(NamedTuple):
    """One clock in plain numbers."""

    day: int
    owner: int
    tier: int
    source: int
    risk_at: int
    due_at: int
    stop_at: int
    connected_at: int
    elapsed_us: int
    count: int
    void: int


@dataclass
class Cell:
    n_met: int = 0
    n_late: int = 0
    n_never: int = 0
    n_running: int = 0
    n_at_risk: int = 0
    n_void: int = 0
    elapsed: list[int] = field(default_factory=list)
    touches: list[int] = field(default_factory=list)

    @property
    def outcomes(self) -> tuple[int, ...]:
        return self.n_met, self.n_late, self.n_never, self.n_running, self.n_at_risk, self.n_void

    def quantile(self, percent: int) -> float:
        return float(np.percentile(np.array(self.elapsed, np.int64), percent)) if self.elapsed else float("nan")

    @property
    def mean(self) -> float:
        return sum(self.elapsed) / len(self.elapsed) if self.elapsed else float("nan")

    @property
    def depth(self) -> float:
        return sum(self.touches) / len(self.touches) if self.touches else float("nan")


def cells(
    rows: Sequence[Row], now: int, span_of: Callable[[int], int | None], group_of: Callable[[Row], int]
) -> dict[tuple[int, int], Cell]:
    """The cells of (span, group); a day without a span is outside."""
    found: dict[tuple[int, int], Cell] = defaultdict(Cell)
    for row in rows:
        span = span_of(row.day)
        if span is not None:
            _count(found[span, group_of(row)], row, now)
    return found


def _count(cell: Cell, row: Row, now: int) -> None:
    if row.void:
        cell.n_void += 1
        return
    answered = row.stop_at <= now
    if answered and row.stop_at <= row.due_at:
        cell.n_met += 1
    elif row.due_at < now:
        cell.n_late += answered
        cell.n_never += not answered
    elif row.risk_at <= now:
        cell.n_at_risk += 1
    else:
        cell.n_running += 1
    if answered and (row.stop_at <= row.due_at or row.due_at < now):
        cell.elapsed.append(row.elapsed_us)
    if row.due_at < now and row.connected_at > row.due_at:
        cell.touches.append(row.count)


def clocks_of(rows: Sequence[Row]) -> Clocks:
    """The same rows as the engine hands them over."""

    def column(name: str, dtype: type[np.generic]) -> np.ndarray:
        return np.array([getattr(row, name) for row in rows], dtype)

    n = len(rows)
    instants = {name: column(name, np.int64) for name in ("risk_at", "due_at", "stop_at", "connected_at", "elapsed_us")}
    return Clocks(
        lead=np.arange(n, dtype=np.int32),
        episode=np.zeros(n, np.int32),
        owner=column("owner", np.int16),
        tier=column("tier", np.int16),
        source=column("source", np.int16),
        calendar=np.zeros(n, np.int16),
        start_at=np.array([row.day * 86_400_000_000 for row in rows], np.int64),
        count=column("count", np.int32),
        void=column("void", np.uint8),
        **instants,
    )


def days_of(rows: Sequence[Row]) -> np.ndarray:
    return np.array([row.day for row in rows], np.int32)
