"""The chance of reaching the goal, by letting past days happen again in a thousand orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_PATHS = 20_000
FEWEST_DAYS = 28
AT_ONCE = 4_000_000  # numbers drawn at once, so that a long period needs no more memory than a short one


@dataclass(frozen=True, slots=True)
class Odds:
    """chance_ratio is the share of paths that reach the goal; low, median and high are their 10th, 50th and 90th
    percentiles at the end of the period. None, with `n_days_known`, when the history is too short to say."""

    chance_ratio: float | None
    low: float | None
    median: float | None
    high: float | None
    n_days_known: int
    n_paths: int
    seed: int


def odds(
    history: NDArray[np.float64],
    weekdays: NDArray[np.int64],
    ahead: NDArray[np.int64],
    *,
    goal: float,
    so_far: float = 0.0,
    seed: int = 0,
    n_paths: int = N_PATHS,
) -> Odds:
    """The chance that `so_far` and the days ahead reach `goal`, if days go on as they went.

    Takes    history    what each past local day brought, days without anything included
             weekdays   of those days, 0 Monday … 6 Sunday: a Monday ahead is drawn from past Mondays
             ahead      weekdays of the days still to come
    Returns  the same bits for the same seed
    Null     with less than four weeks of history, or a weekday ahead that the history never saw
    """
    if len(history) < FEWEST_DAYS or not set(ahead.tolist()) <= set(weekdays.tolist()):
        return Odds(None, None, None, None, len(history), 0, seed)
    draw = np.random.default_rng(seed)
    ends = np.full(n_paths, float(so_far))
    for weekday in range(7):
        past, n_days = history[weekdays == weekday], int((ahead == weekday).sum())
        if n_days:
            ends += _sums(past, n_days, n_paths, draw)
    low, median, high = (float(end) for end in np.quantile(ends, (0.1, 0.5, 0.9)))
    return Odds(float((ends >= goal).mean()), low, median, high, len(history), n_paths, seed)


def _sums(past: NDArray[np.float64], n_days: int, n_paths: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """For each path the sum of `n_days` days drawn from `past`."""
    step = max(1, AT_ONCE // n_days)
    sizes = [min(step, n_paths - first) for first in range(0, n_paths, step)]
    return np.concatenate([past[draw.integers(0, len(past), (size, n_days))].sum(axis=1) for size in sizes])
