"""The goal line of a total, how far the total is from it, and how fast the allowance for misses is used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from smarketing.scorecard.card import Pace
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Pacing
from smarketing.terms.holiday_dates import closed_dates
from smarketing.terms.language import N_
from smarketing.terms.period import Period

Line = NDArray[np.float64]
Flags = NDArray[np.bool_]

DECIMALS, HAIR = 6, 1e-9  # of a target, and of what adding up floats may be wrong by

NOT_BEGUN = N_("The period has not begun.")
NO_COUNTING_DAY = N_("No day of this period counts.")
NONE_PASSED = N_("No counting day has begun yet.")
NONE_LEFT = N_("No counting day is left.")
NO_MISSES_ALLOWED = N_("The target allows no misses.")
NO_GOAL = N_("No version of the agreement was in force.")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a period owes: `target` at its end, climbing on the days that count."""

    period: Period
    target: float
    counting: Flags  # one per day of the period

    @property
    def line(self) -> Line:
        """The goal at the end of each day: target × counting days so far ÷ all of them; exactly the target at last."""
        passed = np.cumsum(self.counting)
        if not len(passed) or not passed[-1]:
            return np.full(len(passed), np.nan)
        return np.where(passed == passed[-1], self.target, self.target * passed / passed[-1])


def counting_days(pacing: Pacing, calendar: Calendar, days: Sequence[date]) -> Flags:
    """Which days the goal line climbs on: all, or those on which the calendar opens."""
    if pacing is Pacing.CALENDAR_DAYS or not days:
        return np.ones(len(days), np.bool_)
    special = {hours.on: bool(hours.windows) for hours in calendar.exceptions}
    closed = closed_dates(calendar, days[0], days[-1] + timedelta(days=1))
    return np.array(
        [special[on] if on in special else bool(calendar.week[on.weekday()]) and on not in closed for on in days],
        np.bool_,
    )


def goal_line(goals: Sequence[Goal], period: Period) -> Line:
    """The goal at the end of each day of `period`, which may cut through several goals or be a part of one.

    NaN on days that no goal covers.
    """
    climb = np.full(period.n_days, np.nan)
    reached = 0.0
    for goal in goals:
        line = goal.line
        first = max(0, (period.from_on - goal.period.from_on).days)
        end = min(goal.period.n_days, (period.until_on - goal.period.from_on).days)
        if first >= end:
            continue
        before = line[first - 1] if first else 0.0
        at = (goal.period.from_on - period.from_on).days
        climb[at + first : at + end] = reached + (line[first:end] - before)
        reached = float(climb[at + end - 1])
    plain = np.round(climb, DECIMALS)  # differences of sevenths may miss a whole number by a hair, and so a promise
    return np.where(np.abs(climb - plain) < HAIR, plain, climb)


def pace(line: Line, counting: Flags, actual: float | None, n_passed: int, pacing: Pacing) -> Pace:
    """Where a total stands `n_passed` days into its period, today included.

    Takes    line      goal at the end of each day, from `goal_line`
             counting  the days on which it climbs
             actual    the total so far
    Returns  per_day and required_per_day are for counting days; projected_end goes on as so far
    Nulls    whatever would divide by nothing; `why` says which
    """
    n_days, passed = int(counting.sum()), int(counting[:n_passed].sum())
    goal = _known(line[-1]) if len(line) else None
    so_far = 0.0 if n_passed == 0 else _known(line[min(n_passed, len(line)) - 1])
    left = n_days - passed
    return Pace(
        goal=goal,
        line=so_far,
        actual=actual,
        gap=None if so_far is None or actual is None else actual - so_far,
        share_of_line=_ratio(actual, so_far),
        per_day=_ratio(goal, n_days),
        n_days=n_days,
        n_days_passed=passed,
        required_per_day=_required(goal, actual, left),
        projected_end=_projected(goal, so_far, actual),
        pacing=pacing.value,
        why=_why(goal, n_days, n_passed, passed, left),
    )


def burn_rate(n_misses: int, n_allowed: float, n_passed: int, n_days: int) -> float | None:
    """How fast the allowance for misses is used up: 1 uses it up exactly at the end of the period.

    None when nothing is allowed or no day has passed.
    """
    used, time = _ratio(n_misses, n_allowed), _ratio(n_passed, n_days)
    return _ratio(used, time)


def _required(goal: float | None, actual: float | None, left: int) -> float | None:
    if goal is None or actual is None:
        return None
    return 0.0 if actual >= goal else _ratio(goal - actual, left)


def _projected(goal: float | None, so_far: float | None, actual: float | None) -> float | None:
    share = _ratio(actual, so_far)
    return None if share is None or goal is None else share * goal


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _why(goal: float | None, n_days: int, n_passed: int, passed: int, left: int) -> str:
    if not n_days:
        return NO_COUNTING_DAY
    if goal is None:
        return NO_GOAL
    if not n_passed:
        return NOT_BEGUN
    if not passed:
        return NONE_PASSED
    return "" if left else NONE_LEFT
