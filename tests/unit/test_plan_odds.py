"""The odds: certain where there is nothing to chance, the same for the same seed, silent on short histories."""

from __future__ import annotations

import numpy as np

from smarketing.plan.odds import odds

WEEKS = 8
WEEKDAYS = np.tile(np.arange(7), WEEKS)
FIVE_ON_WORKDAYS = np.where(WEEKDAYS < 5, 5.0, 0.0)


def test_days_that_never_vary_leave_nothing_to_chance() -> None:
    ahead = np.array([4, 5, 6, 0])
    assert odds(FIVE_ON_WORKDAYS, WEEKDAYS, ahead, goal=30, so_far=20).chance_ratio == 1
    assert odds(FIVE_ON_WORKDAYS, WEEKDAYS, ahead, goal=31, so_far=20).chance_ratio == 0


def test_a_fair_coin_reaches_its_mean_about_half_the_time() -> None:
    coin = np.tile([0.0, 10.0], 7 * WEEKS // 2)
    found = odds(coin, np.zeros(len(coin), np.int64), np.zeros(21, np.int64), goal=105, seed=7)
    assert abs((found.chance_ratio or 0) - 0.5) < 0.02
    assert (found.low or 0) < (found.median or 0) < (found.high or 0)


def test_the_same_seed_gives_the_same_odds() -> None:
    wild = np.random.default_rng(1).poisson(4, 7 * WEEKS).astype(float)
    ahead = np.arange(21) % 7
    first, again = (odds(wild, WEEKDAYS, ahead, goal=90, seed=3) for _ in range(2))
    assert first == again
    assert 0 < (first.chance_ratio or 0) < 1


def test_a_short_history_says_nothing() -> None:
    found = odds(FIVE_ON_WORKDAYS[:20], WEEKDAYS[:20], np.array([0]), goal=1)
    assert found.chance_ratio is None
    assert found.n_days_known == 20


def test_a_period_that_is_over_is_decided() -> None:
    assert odds(FIVE_ON_WORKDAYS, WEEKDAYS, np.empty(0, np.int64), goal=10, so_far=10).chance_ratio == 1
