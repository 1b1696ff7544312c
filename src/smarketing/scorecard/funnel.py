"""How far the leads of a period got, how long each step took, and what each source and tier brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clauses import Version
from smarketing.engine.history import NEVER, Instants
from smarketing.engine.reading import WON, Reading
from smarketing.scorecard.card import Cohort, Funnel, FunnelStage
from smarketing.scorecard.divisions import Ints
from smarketing.terms.offsets import US

STAGES = ("lead", "mql", "sal", "sql", "opportunity", "customer")
TEN_THOUSANDTHS = 10_000


@dataclass(slots=True)
class FunnelCounts:
    """The leads created in the card's period, void ones apart, read as `version` defines the stages.

    A lead that is at a stage has passed the ones before it, whether the CRM recorded them or not; a step's lag is
    measured on the leads for which it recorded both ends.
    """

    version: Version
    n_tiers: int
    n_void: int = 0
    n_disqualified: int = 0
    n_recycled: int = 0
    by_source: Ints = field(init=False)
    by_tier: Ints = field(init=False)
    won_by_source: Ints = field(init=False)
    won_by_tier: Ints = field(init=False)
    lags: list[list[Ints]] = field(default_factory=lambda: [[] for _ in STAGES])
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        n_sources = len(self.version.codebook.sources) + 1
        self.by_source = np.zeros((n_sources, len(STAGES)), np.int64)
        self.by_tier = np.zeros((self.n_tiers + 1, len(STAGES)), np.int64)
        self.won_by_source, self.won_by_tier = np.zeros(n_sources, np.int64), np.zeros(self.n_tiers + 1, np.int64)

    def add(self, reading: Reading, rows: NDArray[np.intp]) -> None:
        """Count the leads at `rows` of the reading; any thread may call this."""
        is_void = reading.void.take(rows) > 0
        cohort = rows[~is_void]
        reached = [reading.reached_at(stage).take(cohort) for stage in STAGES]
        reached[0] = reading.history.leads.created_at.take(cohort)
        furthest = _furthest(reached)
        source = reading.history.leads.source.take(cohort).astype(np.intp)
        tier = reading.tier.take(cohort).astype(np.intp)
        won = _won(reading).take(cohort)
        lags = [_lag(before, after) for before, after in pairwise(reached)]
        with self._lock:
            self.n_void += int(is_void.sum())
            self.n_disqualified += int((reading.reached_at("disqualified").take(cohort) != NEVER).sum())
            self.n_recycled += int((reading.reached_at("recycled").take(cohort) != NEVER).sum())
            np.add.at(self.by_source, (source, furthest), 1)
            np.add.at(self.by_tier, (tier, furthest), 1)
            np.add.at(self.won_by_source, source, won)
            np.add.at(self.won_by_tier, tier, won)
            for kept, lag in zip(self.lags[1:], lags, strict=True):
                kept.append(lag)

    def funnel(self, since_end_us: int) -> Funnel:
        """The stages with their conversions; `since_end_us` is how long ago the period ended, below 0 if it has not."""
        n_by_stage = _passed(self.by_source).sum(axis=0)
        stages = []
        for position, stage in enumerate(STAGES):
            before = int(n_by_stage[max(position - 1, 0)])
            median, p90, n_timed = _quantiles(self.lags[position])
            stages.append(
                FunnelStage(
                    stage=stage,
                    n=int(n_by_stage[position]),
                    conversion=n_by_stage[position] / before if position and before else None,
                    of_cohort=n_by_stage[position] / n_by_stage[0] if n_by_stage[0] else None,
                    median_lag_s=median,
                    p90_lag_s=p90,
                    n_timed=n_timed,
                    is_maturing=position > 0 and since_end_us < (p90 or 0) * US,
                )
            )
        return Funnel(int(n_by_stage[0]), self.n_void, tuple(stages), self.n_disqualified, self.n_recycled)

    def sources(self) -> tuple[Cohort, ...]:
        names = self.version.codebook.sources
        return _cohorts(names, names, self.by_source, self.won_by_source)

    def tiers(self, ids: Sequence[str]) -> tuple[Cohort, ...]:
        names = {tier.id: tier.name or tier.id for tier in self.version.agreement.tiers}
        return _cohorts(ids, [names.get(each, each) for each in ids], self.by_tier, self.won_by_tier)


def _furthest(reached: Sequence[Instants]) -> NDArray[np.intp]:
    """The position of the furthest stage each lead was ever at."""
    furthest = np.zeros(len(reached[0]), np.intp)
    for position, at in enumerate(reached):
        furthest[at != NEVER] = position
    return furthest


def _lag(before: Instants, after: Instants) -> Ints:
    timed = np.flatnonzero((before != NEVER) & (after != NEVER) & (before <= after))
    return after[timed] - before[timed]


def _won(reading: Reading) -> Ints:
    """What each lead's won deals brought, in ten-thousandths of the agreement's currency."""
    deals = reading.history.deals
    is_ours = (deals.currency == reading.version.currency) | (deals.currency == -1)
    rows = np.flatnonzero((deals.status == WON) & is_ours)
    won = np.zeros(reading.n, np.int64)
    np.add.at(won, deals.lead[rows], deals.amount[rows])
    return won


def _passed(counts: Ints) -> Ints:
    """From leads by furthest stage to leads that reached each stage."""
    return np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1]


def _quantiles(parts: Sequence[Ints]) -> tuple[float | None, float | None, int]:
    lags = np.concatenate(parts) if parts else np.empty(0, np.int64)
    if not len(lags):
        return None, None, 0
    median, p90 = np.percentile(lags, [50, 90])
    return float(median) / US, float(p90) / US, len(lags)


def _cohorts(ids: Sequence[str], names: Sequence[str], counts: Ints, won: Ints) -> tuple[Cohort, ...]:
    """Groups that have leads, the most first; leads of no group have an empty id."""
    passed = _passed(counts)
    found = [
        Cohort(each, name, int(n[0]), dict(zip(STAGES, n.tolist(), strict=True)), int(amount) / TEN_THOUSANDTHS)
        for each, name, n, amount in zip([*ids, ""], [*names, ""], passed, won, strict=True)
        if n[0]
    ]
    return tuple(sorted(found, key=lambda cohort: (-cohort.n_leads, cohort.id)))
