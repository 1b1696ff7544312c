"""What the engine returns: clocks that know nothing of `now`, and tallies of things that happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER, Codebook, Codes, Columns, Instants

# Reasons of ours to void for, above every code of a codebook.
WAIVED = 253
OTHER_CURRENCY = 254
REASSIGNED = 255
MOST_REASONS = WAIVED - 1  # of a codebook: Leads.void is one byte, 0 means none and three are ours


class Verdict(IntEnum):
    MET = 0
    BREACHED = 1
    RUNNING = 2
    VOID = 3


@dataclass(frozen=True, slots=True)
class Clocks(Columns):
    """One row per clock: a lead and a commitment, and for a rep clock one assignment (`episode`).

    Units  *_at microseconds UTC, NEVER when it has not come; elapsed_us open microseconds from start to stop,
           pauses left out, NEVER while unstopped; count touches inside the window; void 1 + reason code, 0 none.
    """

    lead: NDArray[np.int32]  # number in the whole replica; −1 when the clock belongs to no lead
    episode: NDArray[np.int32]
    owner: Codes
    tier: Codes  # position in Agreement.tiers, −1 none
    source: Codes
    calendar: Codes  # position in the compiled calendars
    start_at: Instants
    risk_at: Instants
    due_at: Instants
    stop_at: Instants
    connected_at: Instants
    elapsed_us: NDArray[np.int64]
    count: NDArray[np.int32]
    void: NDArray[np.uint8]

    def verdicts(self, now: int) -> NDArray[np.uint8]:
        """The verdict of each clock at `now`: three comparisons, no business time."""
        met = (self.stop_at <= self.due_at) & (self.stop_at <= now)
        late = self.due_at < now
        verdict = np.where(met, Verdict.MET, np.where(late, Verdict.BREACHED, Verdict.RUNNING))
        return np.where(self.void > 0, Verdict.VOID, verdict).astype(np.uint8)

    def is_at_risk(self, now: int) -> NDArray[np.bool_]:
        """Clocks still running whose reminder has passed."""
        at_risk: NDArray[np.bool_] = (self.verdicts(now) == Verdict.RUNNING) & (self.risk_at <= now)
        return at_risk

    def is_stopped(self) -> NDArray[np.bool_]:
        stopped: NDArray[np.bool_] = self.stop_at != NEVER
        return stopped


@dataclass(frozen=True, slots=True)
class Tallies(Columns):
    """One row per thing that counts towards a total; `amount` is 1, a worth or money in ten-thousandths."""

    lead: NDArray[np.int32]
    owner: Codes
    tier: Codes
    source: Codes
    at: Instants
    amount: NDArray[np.int64]
    void: NDArray[np.uint8]


def void_reason(code: int, codebook: Codebook) -> str:
    """The name of the reason behind a code of `void`; "" for 0."""
    named = {0: "", WAIVED: "waived", OTHER_CURRENCY: "other_currency", REASSIGNED: "reassigned"}
    return named[code] if code in named else codebook.reasons[code - 1]
