"""The hours of the week at which leads come and at which people reach out."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.answers import counted
from smarketing.engine.history import NEVER, Instants
from smarketing.engine.reading import Reading
from smarketing.facts.local_clock import local_clock
from smarketing.scorecard.card import Heat
from smarketing.terms.offsets import US

HOUR_US = 3600 * US
HOURS = 168
THURSDAY = 3 * 24  # 1970-01-01 was one; rows begin on Monday


@dataclass(slots=True)
class HeatCounts:
    """Hours of the week on the clock of `zone`, Monday 00:00 first."""

    zone: str
    arrivals: NDArray[np.int64] = field(default_factory=lambda: np.zeros(HOURS, np.int64))
    touches: NDArray[np.int64] = field(default_factory=lambda: np.zeros(HOURS, np.int64))
    _lock: Lock = field(default_factory=Lock)

    def add(self, reading: Reading, start: int, end: int, chosen: NDArray[np.bool_] | None = None) -> None:
        """Count the leads made and the touches done in `[start, end)`; only `chosen` leads and touches on them."""
        leads, touches = reading.history.leads, reading.history.touches
        is_made = (leads.created_at != NEVER) & (reading.void == 0)
        is_done = (touches.at >= start) & (touches.at < end) & counted(touches, reading.version)
        if chosen is not None:
            is_made, is_done = is_made & chosen, is_done & chosen.take(touches.lead)
        made, done = leads.created_at[is_made], touches.at[is_done]
        arrivals = self._hours(made[(made >= start) & (made < end)])
        reached = self._hours(done)
        with self._lock:
            self.arrivals += arrivals
            self.touches += reached

    def _hours(self, at: Instants) -> NDArray[np.int64]:
        hours = local_clock(self.zone).reading(at) // HOUR_US + THURSDAY
        return np.bincount(hours % HOURS, minlength=HOURS)

    def card(self) -> Heat:
        return Heat(_week(self.arrivals), _week(self.touches))


def _week(hours: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(day) for day in hours.reshape(7, 24).tolist())
