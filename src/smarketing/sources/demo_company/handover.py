"""Which requests become leads that marketing hands over, when, and which are nobody's: twins, tests and spam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.arrivals import Arrivals, Codes
from smarketing.sources.demo_company.story import HOUR_US, MINUTE_US, NEVER, Instants

GENUINE, TWIN, TEST, SPAM = range(4)
FATES = (0.957, 0.024, 0.006, 0.013)
QUALIFIES = np.array([0.96, 0.60, 0.19])
ASKS = (0, 1, 4)  # pages on which somebody asks to be called: handed over at once
WARMS_UP_H = np.array([20.0, 70.0, 150.0])


@dataclass(frozen=True, slots=True)
class Handovers:
    """One row per request: what it is, when it was handed over, when it was found to be nobody's."""

    fate: Codes
    twin_of: Codes  # row of the earlier request, −1 none
    mql_at: Instants
    void_at: Instants

    @property
    def is_worked(self) -> NDArray[np.bool_]:
        return np.asarray((self.mql_at != NEVER) & (self.fate == GENUINE))


def handovers(coming: Arrivals, seed: int) -> Handovers:
    rng, n = story.stream(seed, 2), len(coming)
    fate = story.choice(rng, np.array(FATES), n)
    twin_of = np.where(fate == TWIN, np.arange(n) - rng.integers(1, 9, n), -1)
    fate = np.where((fate == TWIN) & ((twin_of < 0) | (fate[twin_of] != GENUINE)), GENUINE, fate)
    twin_of = np.where(fate == TWIN, twin_of, -1)
    asks = np.isin(coming.page, ASKS)
    chance = np.minimum(QUALIFIES[coming.grade] * np.where(asks, 1.25, 0.75), 0.99)
    wait = np.where(
        asks,
        story.spread(rng, 2.0, 0.5, n) * MINUTE_US,
        rng.exponential(WARMS_UP_H[coming.grade]) * HOUR_US,
    )
    qualifies = (rng.random(n) < chance) & (fate != SPAM)
    mql_at = np.where(qualifies, coming.created_at + wait.astype(np.int64), NEVER)
    found = coming.created_at + (story.spread(rng, 5.0, 0.8, n) * HOUR_US).astype(np.int64)
    return Handovers(fate, twin_of, mql_at, np.where(fate == GENUINE, NEVER, found))
