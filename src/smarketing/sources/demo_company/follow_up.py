"""What sales did: who received each lead, when they first tried, how often, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.arrivals import Arrivals, Codes
from smarketing.sources.demo_company.cast import MARKETS, OFFICES, REPS, habit
from smarketing.sources.demo_company.handover import Handovers
from smarketing.sources.demo_company.open_time import OpenTime
from smarketing.sources.demo_company.story import HOUR_US, MINUTE_US, NEVER, SALES_MONTH, Instants, Story
from smarketing.terms.offsets import DAY_US, US

MOST_ATTEMPTS = 9
STRUGGLING = ("Iberia", "Italia")  # teams that carry the bad month
REASONS = ("no_budget", "not_a_fit", "no_decision_power", "competitor", "student", "unreachable")


@dataclass(frozen=True, slots=True)
class Work:
    """One row per lead that sales received; `tried_at` has a column per attempt. NEVER where it did not happen."""

    lead: Codes
    rep: Codes
    assigned_at: Instants
    next_rep: Codes  # −1 when it stayed with the first
    reassigned_at: Instants
    tried_at: Instants
    connected_at: Instants
    accepted_at: Instants
    ended_at: Instants  # disqualified or sent back
    reason: Codes  # of REASONS; −1 sent back for nurturing
    qualified_at: Instants
    opportunity_at: Instants

    @property
    def answering(self) -> Codes:
        """The rep who ends up doing the work."""
        return np.where(self.next_rep >= 0, self.next_rep, self.rep)


def follow_up(tale: Story, coming: Arrivals, given: Handovers, offices: dict[str, OpenTime], seed: int) -> Work:
    rng = story.stream(seed, 3)
    lead = np.flatnonzero(given.is_worked)
    handed_at = given.mql_at[lead]
    rep, assigned_at = _assigned(rng, tale, coming.market[lead], handed_at)
    next_rep, reassigned_at = _reassigned(rng, tale, rep, assigned_at, offices)
    answering = np.where(next_rep >= 0, next_rep, rep)
    hours = _Office(answering, offices)
    received_at = np.where(next_rep >= 0, reassigned_at, assigned_at)
    grade = coming.grade[lead]
    tried_at = _attempts(rng, tale, answering, received_at, grade, hours)
    tried_at, connected_at = _connections(rng, tried_at, answering, grade, handed_at)
    return Work(
        lead,
        rep,
        assigned_at,
        next_rep,
        reassigned_at,
        tried_at,
        connected_at,
        *_outcomes(rng, tried_at, connected_at, answering, grade, hours),
    )


class _Office:
    """Business time of each lead's rep."""

    def __init__(self, rep: Codes, offices: dict[str, OpenTime]) -> None:
        desks = list(OFFICES)
        where = np.array([desks.index(r.office) for r in REPS])[rep]
        self.rows = {desk: np.flatnonzero(where == number) for number, desk in enumerate(desks)}
        self.offices = offices

    def later(self, at: Instants, wait_us: NDArray[np.float64]) -> Instants:
        result = np.full(at.shape, NEVER)
        for desk, rows in self.rows.items():
            known = rows[at[rows] != NEVER]
            result[known] = self.offices[desk].later(at[known], wait_us[known].astype(np.int64))
        return result


def _assigned(rng: np.random.Generator, tale: Story, market: Codes, handed_at: Instants) -> tuple[Codes, Instants]:
    """The router deals leads within a team; in the bad month it stops for a week."""
    n = len(market)
    month = tale.month_of(handed_at)
    teams = [m.team for m in MARKETS]
    of_team = np.array([[r.share * (r.team == team) for r in REPS] for team in teams])
    here = (habit("joined") <= month[:, None]) & (month[:, None] < habit("left"))
    rep = story.choice(rng, of_team[market] * here, n)
    wait = story.spread(rng, 75.0, 0.7, n) * US
    first = story.midnight_us(tale.month_start(SALES_MONTH)) + 7 * DAY_US
    broken = (first <= handed_at) & (handed_at < first + 8 * DAY_US) & (rng.random(n) < 0.6)
    wait += np.where(broken, rng.uniform(6, 44, n) * HOUR_US, 0)
    return rep, handed_at + wait.astype(np.int64)


def _reassigned(
    rng: np.random.Generator, tale: Story, rep: Codes, assigned_at: Instants, offices: dict[str, OpenTime]
) -> tuple[Codes, Instants]:
    """Leads of somebody who is away mostly pass to a colleague; a few pass for other reasons."""
    n = len(rep)
    is_away = np.zeros(n, bool)
    day = tale.day_of(assigned_at)
    for number, person in enumerate(REPS):
        for first, length in person.away:
            is_away |= (rep == number) & (first <= day) & (day < first + length)
    moves = rng.random(n) < np.where(is_away, 0.8, 0.035)
    month = tale.month_of(assigned_at)
    team = np.array([r.team for r in REPS])
    colleagues = (team[rep][:, None] == team) & (np.arange(len(REPS)) != rep[:, None])
    colleagues &= (habit("joined") <= month[:, None]) & (month[:, None] < habit("left"))
    other = story.choice(rng, colleagues * habit("share") + 1e-9 * (np.arange(len(REPS)) == rep[:, None]), n)
    wait = story.spread(rng, np.where(is_away, 2.5, 4.0), 0.7, n) * HOUR_US
    at = _Office(rep, offices).later(assigned_at, wait)
    return np.where(moves, other, -1), np.where(moves, at, NEVER)


def _attempts(
    rng: np.random.Generator, tale: Story, rep: Codes, received_at: Instants, grade: Codes, hours: _Office
) -> Instants:
    """Attempts until the rep tires, whether or not somebody answers: shape (leads, MOST_ATTEMPTS)."""
    n = len(rep)
    month = tale.month_of(received_at)
    struggles = np.isin(np.array([r.team for r in REPS])[rep], STRUGGLING)
    is_bad = month == SALES_MONTH
    slow = np.where(is_bad, np.where(struggles, 7.0, 1.8), 1.0) * np.array([0.55, 1.0, 1.5])[grade]
    wait = story.spread(rng, habit("answer_min")[rep] * slow, 0.9, n) * MINUTE_US
    first = hours.later(received_at, wait)
    keen = (rng.random(n) < 0.05) & (habit("stamina")[rep] > 5) & ~is_bad
    first = np.where(keen, received_at + (rng.uniform(2, 25, n) * MINUTE_US).astype(np.int64), first)
    ignored = habit("ignores")[rep] * np.array([0.4, 1.0, 2.0])[grade] + np.where(is_bad & struggles, 0.17, 0.0)
    first = np.where(rng.random(n) < ignored, NEVER, first)
    stamina = 1.3 * habit("stamina")[rep] * np.where(is_bad, np.where(struggles, 0.52, 0.8), 1.0)
    n_attempts = np.clip(1 + rng.poisson(np.maximum(stamina - 1, 0.2)), 1, MOST_ATTEMPTS)
    columns = [first]
    for attempt in range(1, MOST_ATTEMPTS):
        later = hours.later(columns[-1], story.spread(rng, 4.4, 0.7, n) * HOUR_US)
        columns.append(np.where(attempt < n_attempts, later, NEVER))
    return np.stack(columns, axis=1)


def _connections(
    rng: np.random.Generator, tried_at: Instants, rep: Codes, grade: Codes, handed_at: Instants
) -> tuple[Instants, Instants]:
    """A quick first attempt reaches people more often; nobody tries again after that."""
    quick = np.ones(tried_at.shape)
    quick[:, 0] = np.where(tried_at[:, 0] - handed_at < HOUR_US, 1.7, 1.0)
    chance = habit("charm")[rep][:, None] * np.array([1.25, 1.0, 0.8])[grade][:, None] * quick
    chance *= 0.94 ** np.arange(MOST_ATTEMPTS)
    reached = (rng.random(tried_at.shape) < chance) & (tried_at != NEVER)
    earlier = np.cumsum(reached, axis=1) - reached
    tried_at = np.where(earlier == 0, tried_at, NEVER)
    return tried_at, np.where(reached & (earlier == 0), tried_at, NEVER).min(axis=1)


def _outcomes(
    rng: np.random.Generator, tried_at: Instants, connected_at: Instants, rep: Codes, grade: Codes, hours: _Office
) -> tuple[Instants, Instants, Codes, Instants, Instants]:
    """Accepted after the first attempt; then a meeting, a refusal with its reason, or back to marketing."""
    n = len(rep)
    tidy = rng.random(n) < habit("tidy")[rep]
    accepted_at = hours.later(tried_at[:, 0], story.spread(rng, 0.5, 1.0, n) * HOUR_US)
    accepted_at = np.where(tidy, accepted_at, NEVER)
    latest = np.where(tried_at == NEVER, -1, tried_at).max(axis=1)
    latest = np.where(latest < 0, NEVER, latest)
    is_connected = connected_at != NEVER
    refuses = is_connected & (rng.random(n) < np.array([0.08, 0.20, 0.36])[grade])
    fades = ~is_connected & tidy & (rng.random(n) < 0.72)
    ended_at = np.where(refuses, hours.later(connected_at, story.spread(rng, 0.4, 0.8, n) * HOUR_US), NEVER)
    ended_at = np.where(fades, hours.later(latest, story.spread(rng, 9.0, 0.5, n) * HOUR_US), ended_at)
    reason = np.where(refuses, story.choice(rng, np.array([0.30, 0.32, 0.16, 0.14, 0.08]), n), -1)
    reason = np.where(fades & (rng.random(n) < 0.38), len(REASONS) - 1, reason)
    meets = is_connected & ~refuses & (rng.random(n) < np.array([0.66, 0.50, 0.33])[grade])
    qualified_at = np.where(meets, hours.later(connected_at, story.spread(rng, 13.0, 0.6, n) * HOUR_US), NEVER)
    opens = meets & (rng.random(n) < 0.72)
    opportunity_at = np.where(opens, hours.later(qualified_at, story.spread(rng, 7.0, 0.8, n) * HOUR_US), NEVER)
    return accepted_at, ended_at, reason, qualified_at, opportunity_at
