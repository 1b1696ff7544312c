"""The stretch of time one scorecard looks at: its period, the eleven like it before, and each promise's own periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from smarketing.scorecard.card import Span
from smarketing.scorecard.divisions import Ints, Window
from smarketing.terms.instants import instant_at
from smarketing.terms.offsets import EPOCH_ORDINAL, US, offsets
from smarketing.terms.period import ONE_DAY, Grain, Period, WeekStart, day_number, period_of, periods_between

N_TREND = 12


@dataclass(frozen=True)
class Horizon:
    """`period` on the clock of `zone`, seen at `now` (microseconds UTC)."""

    period: Period
    zone: str
    now: int
    week_starts_on: WeekStart = "monday"

    @cached_property
    def trend(self) -> tuple[Period, ...]:
        """Twelve periods of the card's length, the card's own last."""
        found = [self.period]
        for _ in range(N_TREND - 1):
            found.append(found[-1].previous())
        return tuple(reversed(found))

    def own(self, grain: Grain) -> tuple[Period, ...]:
        """The periods of a promise that begin in the card's period; the card's own when none lies wholly inside."""
        begun = [p for p in self._of(grain, self.period) if p.from_on >= self.period.from_on]
        is_coarser = not any(p.until_on <= self.period.until_on for p in begun)
        return (self.period,) if is_coarser else tuple(begun)

    def decided(self, grain: Grain) -> tuple[Period, ...]:
        """The latest twelve periods of a promise that end by the end of the card's period."""
        latest = period_of(grain, self.period.latest_on, week_starts_on=self.week_starts_on)
        if latest.until_on > self.period.until_on:
            latest = latest.previous()
        found = [latest]
        for _ in range(N_TREND - 1):
            found.append(found[-1].previous())
        return tuple(reversed(found))

    def covering(self, grain: Grain, period: Period) -> tuple[Period, ...]:
        """The periods of a promise that share a day with `period`."""
        return self._of(grain, period)

    def window(self, grains: Sequence[Grain]) -> Window:
        """Every day that a line of one of these grains asks about."""
        periods = [*self.trend, *(p for grain in grains for p in (*self.own(grain), *self.decided(grain)))]
        first = min(p.from_on for p in periods)
        return Window(day_number(first), (max(p.until_on for p in periods) - first).days)

    @property
    def near(self) -> Window:
        """The days of the card's period."""
        return Window(day_number(self.period.from_on), self.period.n_days)

    def is_over(self, period: Period) -> bool:
        return period.bounds(self.zone)[1] <= self.now

    def n_passed(self, period: Period) -> int:
        """Days of `period` that have begun by now, today included; an instant at midnight still belongs to its eve."""
        latest = self.now - 1
        today = date.fromordinal((latest + offsets(self.zone).at(latest)) // (86_400 * US) + EPOCH_ORDINAL)
        return min(max((today - period.from_on).days + 1, 0), period.n_days)

    @property
    def span(self) -> Span:
        start, end = self.period.bounds(self.zone)
        return Span(
            label=self.period.label,
            grain=self.period.grain,
            from_on=self.period.from_on,
            until_on=self.period.until_on,
            starts_at=instant_at(start),
            ends_at=instant_at(end),
            is_over=end <= self.now,
            n_days=self.period.n_days,
            n_days_passed=self.n_passed(self.period),
        )

    def _of(self, grain: Grain, period: Period) -> tuple[Period, ...]:
        return periods_between(grain, period.from_on, period.until_on, week_starts_on=self.week_starts_on)


def edges(periods: Sequence[Period], window: Window) -> Ints:
    """Where consecutive periods begin and the last ends, in days since the window's first."""
    days = [day_number(p.from_on) for p in periods] + [day_number(periods[-1].until_on)]
    return np.array(days, np.int64) - window.first


def weeks(period: Period, week_starts_on: WeekStart) -> tuple[Period, ...]:
    """The weeks of a period, those at its ends cut off at its edges."""
    found = periods_between(Grain.WEEK, period.from_on, period.until_on, week_starts_on=week_starts_on)
    return tuple(
        Period(p.grain, p.label, max(p.from_on, period.from_on), min(p.until_on, period.until_on)) for p in found
    )


def each_day(period: Period) -> tuple[Period, ...]:
    return tuple(Period(Grain.DAY, on.isoformat(), on, on + ONE_DAY) for on in period.days)
