"""What became of each clock at an instant: its verdict, told apart by whether an answer came."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import Clocks


class Outcome(IntEnum):
    """LATE was answered after its due time, NEVER was not answered at all; both are breached."""

    MET = 0
    LATE = 1
    NEVER = 2
    RUNNING = 3
    AT_RISK = 4
    VOID = 5


N_OUTCOMES = len(Outcome)

# What is true of a clock, one bit each
IN_TIME, ANSWERED, PAST_DUE, DISQUALIFIED = 1, 2, 4, 8


def _outcome(bits: int) -> Outcome:
    if bits & DISQUALIFIED:
        return Outcome.VOID
    if bits & IN_TIME:
        return Outcome.MET
    if bits & PAST_DUE:
        return Outcome.LATE if bits & ANSWERED else Outcome.NEVER
    return Outcome.RUNNING


OF_BITS = np.array([_outcome(bits) for bits in range(16)], np.uint8)


def outcomes(clocks: Clocks, now: int) -> NDArray[np.uint8]:
    """The Outcome of each clock at `now`: its verdict, told apart further.

    Read from a table of four comparisons, because this runs for every clock there is; few of them are running.
    """
    bits = (clocks.stop_at <= np.minimum(clocks.due_at, now)).view(np.uint8)
    bits |= (clocks.stop_at <= now).view(np.uint8) << 1
    bits |= (clocks.due_at < now).view(np.uint8) << 2
    bits |= (clocks.void > 0).view(np.uint8) << 3
    outcome = OF_BITS.take(bits)
    running = np.flatnonzero(outcome == Outcome.RUNNING)
    outcome[running[clocks.risk_at.take(running) <= now]] = Outcome.AT_RISK
    return outcome


def is_matured(clocks: Clocks, now: int) -> NDArray[np.bool_]:
    """Clocks that count and whose window has closed: depth judges only these."""
    matured: NDArray[np.bool_] = (clocks.due_at < now) & (clocks.void == 0)
    return matured


def is_connected(clocks: Clocks) -> NDArray[np.bool_]:
    """The lead was reached before its window closed, so that no more touches were owed."""
    reached: NDArray[np.bool_] = clocks.connected_at <= clocks.due_at
    return reached
