"""How long a lead takes to become a customer, told by those still on their way as well as by those who arrived.

Averaging finished cycles alone makes a growing company look fast: its slow leads have not finished yet.
Kaplan and Meier's estimate keeps every unfinished lead in the count for as long as it has been watched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

US_PER_DAY = 86_400_000_000
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class LagCounts:
    """Leads by whole days: how many converted after d days, how many are unconverted at an age of d days.

    Counts of disjoint leads add up, so a bucket at a time gives the same as all at once.
    """

    converted: NDArray[np.int64]
    waiting: NDArray[np.int64]

    @classmethod
    def none(cls) -> LagCounts:
        return cls(np.zeros(LONGEST_DAYS + 1, np.int64), np.zeros(LONGEST_DAYS + 1, np.int64))

    def __add__(self, other: LagCounts) -> LagCounts:
        return LagCounts(self.converted + other.converted, self.waiting + other.waiting)


@dataclass(frozen=True, slots=True)
class Lag:
    """The share of leads that have converted by the end of each day after their creation.

    converted_ratio, standard_error   one number per day; the estimate and Greenwood's error of it
    """

    converted_ratio: NDArray[np.float64]
    standard_error: NDArray[np.float64]

    @property
    def eventual_ratio(self) -> float:
        """Share that converts in the end, as far as anybody was watched."""
        return float(self.converted_ratio[-1])

    def days_until(self, part: float) -> int | None:
        """Days until `part` of all that will convert have; None when nobody ever did."""
        if self.eventual_ratio <= 0:
            return None
        return int(np.argmax(self.converted_ratio >= part * self.eventual_ratio - 1e-12))

    def matured_ratio(self, age_days: int) -> float | None:
        """Share of the eventual conversions that leads of this age have behind them; None when nobody converts."""
        if self.eventual_ratio <= 0:
            return None
        day = min(max(age_days, 0), len(self.converted_ratio) - 1)
        return float(self.converted_ratio[day]) / self.eventual_ratio


def lag_counts(created_at: NDArray[np.int64], won_at: NDArray[np.int64], now: int) -> LagCounts:
    """Leads counted by the days they took or have waited.

    Takes    created_at, won_at   microseconds UTC; a `won_at` later than `now` has not come
             now                  the instant until which leads were watched
    Returns  counts per whole day; a win before the creation counts as day 0, later leads than `now` not at all
    """
    is_there = created_at <= now
    created, won = created_at[is_there], won_at[is_there]
    is_won = won <= now
    days = np.clip((np.where(is_won, won, now) - created) // US_PER_DAY, 0, LONGEST_DAYS).astype(np.intp)
    size = LONGEST_DAYS + 1
    return LagCounts(np.bincount(days[is_won], minlength=size), np.bincount(days[~is_won], minlength=size))


def kaplan_meier(counts: LagCounts) -> Lag:
    """The estimate from counts by day; leads that stop being watched on a day were still at risk on it."""
    at_risk = (counts.converted + counts.waiting)[::-1].cumsum()[::-1]
    is_watched = at_risk > 0
    at_risk, converted = at_risk[is_watched], counts.converted[is_watched]
    if not len(at_risk):
        return Lag(np.zeros(1), np.zeros(1))
    survival = np.cumprod(1 - converted / at_risk)
    left = at_risk - converted
    terms = np.divide(converted, at_risk * left, out=np.zeros(len(left)), where=left > 0)
    return Lag(1 - survival, survival * np.sqrt(np.cumsum(terms)))
