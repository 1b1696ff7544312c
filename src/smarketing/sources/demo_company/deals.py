"""Opportunities with amounts: those that grew from leads, those that sales found alone, and how long each took."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.arrivals import Arrivals, Codes
from smarketing.sources.demo_company.cast import REPS, habit
from smarketing.sources.demo_company.follow_up import Work
from smarketing.sources.demo_company.open_time import OpenTime
from smarketing.sources.demo_company.story import HOUR_US, NEVER, Instants, Story
from smarketing.terms.offsets import DAY_US

TYPICAL_EUR = np.array([11_800.0, 7_200.0, 3_900.0])
WINS = np.array([0.33, 0.23, 0.14])
CYCLE_DAYS = 41.0
LOST_REASONS = ("price", "competitor", "no_decision", "timing", "missing_feature")


@dataclass(frozen=True, slots=True)
class Deals:
    """One row per opportunity, oldest first; amounts in cents."""

    lead: Codes  # −1 when sales found it alone
    rep: Codes
    created_at: Instants
    cents: Codes
    closed_at: Instants  # NEVER while open
    is_won: NDArray[np.bool_]
    lost_reason: Codes

    def __len__(self) -> int:
        return len(self.lead)


def deals(tale: Story, coming: Arrivals, work: Work, hours: OpenTime, seed: int) -> Deals:
    rng = story.stream(seed, 4)
    grown = np.flatnonzero(work.opportunity_at < tale.exported_us)
    n_own = len(grown) // 3
    n = len(grown) + n_own
    lead = np.concatenate([work.lead[grown], np.full(n_own, -1)])
    rep, own_at = _own_deals(rng, tale, hours, n_own)
    rep = np.concatenate([work.answering[grown], rep])
    created_at = np.concatenate([work.opportunity_at[grown], own_at])
    grade = np.where(lead >= 0, coming.grade[lead], 1)
    euros = np.round(story.spread(rng, TYPICAL_EUR[grade], 0.55, n) / 50) * 50
    cents = (euros * 100).astype(np.int64) + rng.choice([0, 0, 0, 95], n)
    takes = np.maximum(rng.gamma(2.6, CYCLE_DAYS / 2.6, n), 1.0) * np.array([1.25, 1.0, 0.8])[grade]
    closed_at = hours.later(created_at + (takes * DAY_US).astype(np.int64), rng.integers(0, 6 * HOUR_US, n))
    is_won = rng.random(n) < WINS[grade] * np.clip(habit("charm")[rep] / 0.22, 0.6, 1.3)
    closed_at = np.where(closed_at < tale.exported_us, closed_at, NEVER)
    order = np.argsort(created_at, kind="stable")
    is_won &= closed_at != NEVER
    made = Deals(lead, rep, created_at, cents, closed_at, is_won, rng.integers(0, len(LOST_REASONS), n))
    return Deals(*(getattr(made, f.name)[order] for f in fields(made)))


def _own_deals(rng: np.random.Generator, tale: Story, hours: OpenTime, n: int) -> tuple[Codes, Instants]:
    at = story.midnight_us(tale.first_on) + (rng.random(n) * tale.n_days * DAY_US).astype(np.int64)
    at = np.minimum(hours.later(at, rng.integers(0, 6 * HOUR_US, n)), tale.exported_us - 1)
    month = tale.month_of(at)
    here = (habit("joined") <= month[:, None]) & (month[:, None] < habit("left"))
    return story.choice(rng, here * np.array([r.share for r in REPS]), n), at
