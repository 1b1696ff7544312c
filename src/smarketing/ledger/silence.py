"""Whether a source is unusually quiet: only the hours of the week in which it usually sends are counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
HISTORY = 4 * WEEK
FEWEST_HOURS = 10  # with events in them, before anything is called usual
TIMES = 2  # so many times its usual gap is silence


@dataclass(frozen=True, slots=True)
class Silence:
    """Both in seconds of hours in which it usually sends; `usual_gap_s` is null while too little is known."""

    usual_gap_s: int | None
    quiet_s: int

    @property
    def is_silent(self) -> bool:
        return self.usual_gap_s is not None and self.quiet_s >= TIMES * self.usual_gap_s


def silence_of(hours: Iterable[datetime], now: datetime, usual_gap_s: int | None = None) -> Silence:
    """How quiet a source is.

    Takes   hours        the starts of the hours in which it sent anything, in any order
            usual_gap_s  what a person says is usual; learnt from the last four weeks when null
    """
    active = sorted(hour for hour in set(hours) if hour > now - HISTORY)
    if not active or (usual_gap_s is None and len(active) < FEWEST_HOURS):
        return Silence(None, 0)
    usual = _usual_cells(active, now)
    n_quiet = _between(active[-1], now.replace(minute=0, second=0, microsecond=0), usual)
    gaps = sorted(_between(one, following, usual) for one, following in pairwise(active))
    learnt = gaps[int(len(gaps) * 0.95)] if gaps else 1
    hour_s = int(HOUR.total_seconds())
    return Silence(usual_gap_s or max(learnt, 1) * hour_s, n_quiet * hour_s)


def _usual_cells(active: list[datetime], now: datetime) -> frozenset[int]:
    """Hours of the week, from 0 to 167, in which it sent in at least half of the weeks that it is known."""
    n_weeks = max(1, round((now - active[0]) / WEEK))
    weeks: dict[int, set[int]] = defaultdict(set)
    for hour in active:
        weeks[_cell(hour)].add((now - hour) // WEEK)
    seen = Counter({cell: len(found) for cell, found in weeks.items()})
    return frozenset(cell for cell, n in seen.items() if 2 * n >= n_weeks)


def _between(since: datetime, until: datetime, usual: frozenset[int]) -> int:
    """Usual hours after `since` and up to `until`."""
    n = int((until - since) / HOUR)
    return sum(1 for step in range(1, n + 1) if _cell(since + step * HOUR) in usual)


def _cell(at: datetime) -> int:
    return at.weekday() * 24 + at.hour
