"""Leads as they come in: growth, seasons, weekdays, hours, holidays, fairs, and three weeks without advertising."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.cast import MARKETS
from smarketing.sources.demo_company.market import CHANNELS, FAIR, FAIR_MONTHS, HOURS, PAGES, PAID, SEASON
from smarketing.sources.demo_company.story import MARKETING_MONTH, Instants, Story
from smarketing.terms.offsets import US
from smarketing.terms.zones import zone

Codes = NDArray[np.int64]
WEEKDAYS = (1.08, 1.12, 1.06, 1.0, 0.82)
GROWTH = 0.012  # a month


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One row per request, oldest first."""

    created_at: Instants
    channel: Codes
    market: Codes
    grade: Codes  # 0 is A
    score: Codes
    campaign: Codes  # any number; the campaign of the channel and language it falls on
    page: Codes
    first_name: Codes
    last_name: Codes
    firm: Codes

    def __len__(self) -> int:
        return len(self.created_at)


def arrivals(tale: Story, n_leads: int, seed: int, holidays: frozenset[date]) -> Arrivals:
    rng = story.stream(seed, 1)
    weights = _busyness(tale, holidays)
    cumulative = np.cumsum(weights.ravel())
    cell = np.searchsorted(cumulative, rng.random(n_leads) * cumulative[-1], side="right")
    day, channel = np.divmod(cell, len(CHANNELS))
    market = story.choice(rng, np.array([m.share for m in MARKETS]), n_leads)
    created_at = _moments(rng, tale, day, market)
    order = np.argsort(created_at, kind="stable")
    order = order[created_at[order] < tale.exported_us]
    grade = _grades(rng, channel)
    columns = {
        "created_at": created_at,
        "channel": channel,
        "market": market,
        "grade": grade,
        "score": np.clip(82 - 24 * grade + rng.normal(0, 7, n_leads), 1, 100).astype(np.int64),
        "page": rng.integers(0, len(PAGES), n_leads),
        **{name: rng.integers(0, 10_000, n_leads) for name in ("campaign", "first_name", "last_name", "firm")},
    }
    return Arrivals(**{name: values[order] for name, values in columns.items()})


def _busyness(tale: Story, holidays: frozenset[date]) -> NDArray[np.float64]:
    """Expected leads by day and channel, up to a factor."""
    weights = np.zeros((tale.n_days, len(CHANNELS)))
    for number, on in enumerate(tale.days):
        month = (on.year - tale.first_on.year) * 12 + on.month - tale.first_on.month
        quiet = 0.45 if on in holidays else 1.0
        trend = SEASON[on.month - 1] * (1 + GROWTH) ** month * quiet
        for position, channel in enumerate(CHANNELS):
            weekend = channel.weekend * (1.0 if on.weekday() == 5 else 1.1)
            weekday = WEEKDAYS[on.weekday()] if on.weekday() < 5 else weekend
            weights[number, position] = channel.share * trend * weekday
        weights[number, FAIR] *= 11.0 if on.month in FAIR_MONTHS and 10 <= on.day <= 12 else 0.06
        if month == MARKETING_MONTH:
            weights[number] *= 0.74
            if 4 <= on.day <= 26:
                weights[number, list(PAID)] *= 0.04
    return weights


def _moments(rng: np.random.Generator, tale: Story, day: Codes, market: Codes) -> Instants:
    """Instants whose local clock follows HOURS; a second is drawn inside the hour."""
    hour = story.choice(rng, np.array(HOURS, np.float64), len(day))
    second = hour * 3600 + rng.integers(0, 3600, len(day))
    offsets = np.stack([_offsets(tale, m.zone) for m in MARKETS])
    local = story.midnight_us(tale.first_on) + day * story.DAY_US + second * US
    return np.asarray(local - offsets[market, day])


def _offsets(tale: Story, zone_name: str) -> Instants:
    """How far the zone is ahead of UTC at noon of each day."""
    noons = (datetime(d.year, d.month, d.day, 12, tzinfo=zone(zone_name)) for d in tale.days)
    return np.array([(noon.utcoffset() or timedelta()) // timedelta(microseconds=1) for noon in noons], np.int64)


def _grades(rng: np.random.Generator, channel: Codes) -> Codes:
    steps = np.cumsum(np.array([c.grades for c in CHANNELS]), axis=1)[channel]
    return np.asarray((rng.random(len(channel))[:, None] > steps).sum(axis=1).clip(0, 2))
