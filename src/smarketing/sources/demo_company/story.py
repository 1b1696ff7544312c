"""When the demo company's story happens: fourteen months, the last one still running, two of them bad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from smarketing.terms.offsets import DAY_US, US
from smarketing.terms.zones import zone

N_MONTHS = 14
MARKETING_MONTH = 6  # the advertising account is suspended for three weeks
SALES_MONTH = 9  # the router breaks, two teams are at a fair, nobody answers
AMENDED_MONTH = 10  # both sides sign the second version
NEW_REP_MONTH = 7
MINUTE_US, HOUR_US = 60 * US, 3_600 * US
NEVER = int(np.iinfo(np.int64).max)
HEADQUARTERS = "Europe/Madrid"

Instants = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Story:
    """The days of the story in local dates, `[first_on, after_on)`; nothing is known after `exported_at`."""

    first_on: date
    until_on: date

    @property
    def n_days(self) -> int:
        return (self.until_on - self.first_on).days + 1

    @property
    def exported_at(self) -> datetime:
        """The export is taken on the last day at 17:30 of the head office."""
        return datetime.combine(self.until_on, time(17, 30), tzinfo=zone(HEADQUARTERS)).astimezone(UTC)

    @property
    def exported_us(self) -> int:
        return microseconds(self.exported_at)

    def month_start(self, number: int) -> date:
        years, month = divmod(self.first_on.month - 1 + number, 12)
        return date(self.first_on.year + years, month + 1, 1)

    @property
    def days(self) -> list[date]:
        return [self.first_on + timedelta(days=n) for n in range(self.n_days)]

    def day_of(self, at: Instants) -> NDArray[np.int64]:
        """Days since the first of the story, by UTC midnight: exact enough for moods and seasons."""
        return np.asarray(np.clip((at - midnight_us(self.first_on)) // DAY_US, 0, self.n_days - 1))

    def month_of(self, at: Instants) -> NDArray[np.int64]:
        starts = np.array([midnight_us(self.month_start(n)) for n in range(N_MONTHS + 3)])
        return np.asarray(np.clip(np.searchsorted(starts, at, side="right") - 1, 0, None))


def story_until(until_on: date) -> Story:
    """The story whose last day is `until_on`: that month so far, and the thirteen before it."""
    years, month = divmod(until_on.year * 12 + until_on.month - N_MONTHS, 12)
    return Story(date(years, month + 1, 1), until_on)


def microseconds(at: datetime) -> int:
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def midnight_us(on: date) -> int:
    return (on - date(1970, 1, 1)).days * DAY_US


def stream(seed: int, part: int) -> np.random.Generator:
    """Random numbers of one part of the story, so that a change in one part leaves the others as they were."""
    return np.random.default_rng([seed, part])


def spread(rng: np.random.Generator, median: NDArray[np.float64] | float, sigma: float, n: int) -> NDArray[np.float64]:
    """Waits as people make them: half of them under the median, a few very long."""
    return np.asarray(median * np.exp(sigma * rng.standard_normal(n)))


def choice(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """`n` positions drawn by `weights`: one row for all, or one row each."""
    cumulative = np.cumsum(weights, axis=-1)
    draw = rng.random(n)[:, None] * cumulative[..., -1:]
    return np.asarray((draw >= cumulative).sum(axis=-1).clip(0, weights.shape[-1] - 1))
