"""What a scorecard says that a rule of warning wants to be told: totals behind, misses too fast, hours too few, targets
reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from smarketing.plan.capacity import capacity_use
from smarketing.scorecard.card import Line, Scorecard, Shape
from smarketing.scorecard.word import Word
from smarketing.terms.agreement import Agreement, Party
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.commitment import Commitment, Kind

FEWEST_JUDGED = 5  # of them, before their misses say how fast misses come
FEWEST_DAYS = 5  # of a month, before it says how many leads the month brings


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` names what was found, the same as long as it is the same."""

    subject: tuple[str, ...]
    commitment: Commitment | None = None
    party: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misses:
    """Clocks of a commitment that were decided in a stretch of time."""

    n_judged: int
    n_breached: int

    def rate(self, commitment: Commitment) -> float | None:
        """How many times faster than allowed the misses came; None while there are too few to say."""
        allowed = 1 - float(commitment.target.value)
        if self.n_judged < FEWEST_JUDGED or allowed <= 0:
            return None
        return self.n_breached / self.n_judged / allowed


def behind(rule: AlertRule, commitment: Commitment, card: Scorecard, today: date) -> Iterator[Finding]:
    """A total that lay so far behind its goal line at the end of each of the last days."""
    line = _line(card, commitment)
    if line is None or line.shape is not Shape.TOTAL or rule.behind is None:
        return
    days = [day for day in line.days if day.on < today and day.goal and day.cumulative is not None][-rule.for_days :]
    shares = [1 - (day.cumulative or 0) / (day.goal or 1) for day in days]
    if len(days) == rule.for_days and min(shares) >= float(rule.behind):
        last, pace = days[-1], line.pace
        told: dict[str, Any] = {"behind": shares[-1], "actual": last.cumulative, "goal": last.goal}
        if pace:
            more = {"projected": pace.projected_end, "required": pace.required_per_day, "target": pace.goal}
            told |= {name: value for name, value in more.items() if value is not None}
        yield Finding((commitment.id, card.period.label), commitment, commitment.party, told)


def burning(rule: AlertRule, commitment: Commitment, card: Scorecard, misses: Misses | None) -> Iterator[Finding]:
    """Misses that come too fast: over the stretch that was looked at, or since the period began."""
    line = _line(card, commitment)
    found = misses or (Misses(line.n_met + line.n_breached, line.n_breached) if line else None)
    rate = found.rate(commitment) if found else None
    if found and rate is not None and rule.rate is not None and rate >= float(rule.rate):
        told = {"rate": rate, "n_breached": found.n_breached, "n_judged": found.n_judged}
        yield Finding((commitment.id, card.period.label), commitment, commitment.party, told)


def overrun(rule: AlertRule, agreement: Agreement, month: Scorecard) -> Iterator[Finding]:
    """A party whose leads of this month will need more hours than it has, if they come as they came so far."""
    for party in agreement.parties:
        leads, touches = _leads(party, agreement, month), _touches(party, agreement)
        if party.capacity is None or not leads or not touches:
            continue
        use = capacity_use(leads, touches, party.capacity)
        if float(use.used_ratio) > float(rule.load):
            reps = party.capacity.reps
            told = {
                "party_name": party.name,
                "needed_hours": float(use.hours_needed * reps),
                "hours": float(use.hours_available * reps),
                "load": float(use.used_ratio),
                "leads": leads,
            }
            yield Finding((party.id, month.period.label), None, party.id, told)


def reached(commitment: Commitment, card: Scorecard) -> Iterator[Finding]:
    """A target that was met: a total as soon as it is there, the rest when the period is over."""
    line = _line(card, commitment)
    if line is None or (line.n_met + line.n_breached == 0 and line.shape is not Shape.TOTAL):
        return
    is_there = line.shape is Shape.TOTAL and line.actual is not None and bool(line.pace and line.pace.goal)
    goal = line.pace.goal if line.pace else None
    if line.word is Word.MET or (is_there and (line.actual or 0) >= (goal or 0)):
        told = {"actual": line.actual, "unit": line.actual_unit, "measure": line.measure}
        more = {"target": goal or line.target_value, "period": card.period.label}
        yield Finding((commitment.id, card.period.label), commitment, commitment.party, told | more)


def commitments_of(rule: AlertRule, agreement: Agreement) -> list[Commitment]:
    return [commitment for commitment in agreement.commitments if rule.fits(commitment)]


def _line(card: Scorecard, commitment: Commitment) -> Line | None:
    return next((line for line in card.lines if line.id == commitment.id), None)


def _leads(party: Party, agreement: Agreement, month: Scorecard) -> int:
    """Leads of the month, from the promise that has most of them; beyond its first days for the whole of it."""
    own = [_line(month, each) for each in agreement.commitments if each.party == party.id and each.kind in BY_HAND]
    found = 0
    for line in (line for line in own if line is not None):
        n = line.n_met + line.n_breached + line.n_running
        pace = line.pace
        if pace and pace.n_days_passed >= FEWEST_DAYS:
            n = round(n * pace.n_days / pace.n_days_passed)
        found = max(found, n)
    return found


def _touches(party: Party, agreement: Agreement) -> int:
    own = [each for each in agreement.commitments if each.party == party.id and each.kind in BY_HAND]
    depths = [int(each.target.touches or each.target.value) for each in own if each.kind is Kind.FOLLOW_UP_DEPTH]
    return max(depths, default=1 if own else 0)


BY_HAND = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.FOLLOW_UP_CADENCE)
OF_CARDS = (Occasion.PACE, Occasion.BURN_RATE, Occasion.CAPACITY, Occasion.CELEBRATION)
