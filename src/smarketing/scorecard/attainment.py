"""One cell, one promise: what was reached, whether that keeps the target, and the word for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from smarketing.scorecard.card import Shape
from smarketing.scorecard.cells import Cells
from smarketing.scorecard.outcomes import Outcome
from smarketing.scorecard.totals import TotalCells
from smarketing.scorecard.word import Word
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.kinds import KIND_TERMS
from smarketing.terms.language import N_
from smarketing.terms.offsets import US
from smarketing.terms.target import Direction, Measure

DAY_S = 86_400
TEN_THOUSANDTHS = 10_000

NOTHING_STARTED = N_("No clock of this promise started in the period.")
NOTHING_DECIDED = N_("No clock of this promise is decided yet.")
NOTHING_ANSWERED = N_("Nothing was answered in the period.")
NOTHING_MATURED = N_("No window of an unconnected lead has closed yet.")
NOT_IN_FORCE = N_("No version of the agreement was in force.")
NO_PERIOD_DECIDED = N_("No period of this promise is over yet.")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a cell is held against; `value` is in the unit of what is measured: a ratio, seconds, touches, a number."""

    measure: Measure
    direction: Direction
    value: Decimal
    unit: str
    shape: Shape

    @classmethod
    def of(cls, commitment: Commitment, calendar: Calendar) -> Promise:
        target = commitment.target
        value, unit = target.value, target.unit
        if target.measure in (Measure.MEAN, Measure.MEDIAN, Measure.P90, Measure.GAP):
            assert target.within is not None, "the grammar of targets gives every time an allowance"
            value, unit = Decimal(seconds(target.within, calendar)), "seconds"
        return cls(target.measure, target.direction, value, unit, shape(commitment))


def shape(commitment: Commitment) -> Shape:
    if commitment.kind is Kind.FOLLOW_UP_DEPTH:
        return Shape.DEPTH
    return Shape.CLOCKS if KIND_TERMS[commitment.kind].is_clock else Shape.TOTAL


def seconds(allowance: Allowance, calendar: Calendar) -> int:
    """Open time of an allowance. A business day counts as long as the calendar's mean working day."""
    if allowance.unit is Unit.ROLLED_DAYS:
        return allowance.amount * DAY_S
    if allowance.unit is not Unit.BUSINESS_DAYS:
        return allowance.amount
    minutes = [sum((w.closes - w.opens) % 1440 or 1440 for w in windows) for windows in calendar.week if windows]
    return allowance.amount * 60 * sum(minutes) // len(minutes) if minutes else allowance.amount * DAY_S


def of_clocks(cells: Cells, span: int, group: int, promise: Promise | None, *, is_over: bool) -> Fields:
    """The Standing of one cell of clocks, as keyword arguments.

    Takes    promise  None when no version was in force; then nothing is judged
             is_over  whether the cell's period has ended
    Returns  of counted clocks (deliverables, one for each unit owed) the target is all of them, and progress is
             against those already due
    Nulls    `actual` without anything to measure, `is_target_met` while a clock runs or the period does
    """
    at = span, group
    met, late, never, running, at_risk, void = (int(n) for n in cells.outcomes[at])
    found: Fields = {
        "n_met": met,
        "n_breached": late + never,
        "n_running": running + at_risk,
        "n_void": void,
        "n_at_risk": at_risk,
        "n": met + late + never + running + at_risk,
        "mean_s": _seconds(cells.mean[at]),
        "median_s": _seconds(cells.median[at]),
        "p90_s": _seconds(cells.p90[at]),
        "depth": _known(cells.depth[at]),
    }
    if promise is None:
        return found
    actual = _actual(promise.measure, cells, at, met, late + never)
    is_decided = is_over and not running and not at_risk and is_judged(promise.measure, actual, late + never)
    owed = float(found["n"]) if promise.measure is Measure.COUNT else float(promise.value)
    due = float(met + late + never) if promise.measure is Measure.COUNT else owed
    return found | {
        "actual": actual,
        "target": owed,
        "is_target_met": keeps(promise, cells, at, met, late + never) if is_decided else None,
        "progress": progress(actual, due, promise.direction),
    }


def of_total(
    cells: TotalCells, span: int, group: int, measure: Measure, goal: float | None, *, is_over: bool
) -> Fields:
    """The Standing of one cell of a total; `goal` is what exactly this stretch owed, None for nothing."""
    amount = float(cells.amount[span, group])
    if measure is Measure.SUM:
        amount /= TEN_THOUSANDTHS
    is_met = amount >= goal if is_over and goal is not None else None
    return {
        "n_met": int(is_met is True),
        "n_breached": int(is_met is False),
        "n_running": int(goal is not None and is_met is None),
        "n_void": int(cells.n_void[span, group]),
        "n": int(cells.n[span, group]),
        "amount": amount,
        "actual": amount,
        "target": goal,
        "is_target_met": is_met,
        "progress": progress(amount, goal, Direction.AT_LEAST),
    }


def is_judged(measure: Measure, actual: float | None, n_breached: int) -> bool:
    """Whether there is something to judge: a time that nobody has because nobody answered is missed, not unknown."""
    return actual is not None or (n_breached > 0 and measure is not Measure.DEPTH)


def keeps(promise: Promise, cells: Cells, at: tuple[int, int], n_met: int, n_breached: int) -> bool:
    """Whether a cell keeps its promise, compared in whole numbers wherever rounding could tip it."""
    value = promise.value
    match promise.measure:
        case Measure.SHARE | Measure.RATE:
            return n_met >= value * (n_met + n_breached)
        case Measure.DEPTH:
            return int(cells.n_touches[at]) >= value * int(cells.n_unconnected[at])
        case Measure.COUNT | Measure.SUM | Measure.GAP:
            return n_breached == 0
        case Measure.MEAN:
            total = (int(cells.elapsed_high[at]) << 32) + int(cells.elapsed_low[at])
            return int(cells.n_answered[at]) > 0 and total <= value * US * int(cells.n_answered[at])
        case Measure.MEDIAN:
            return bool(cells.median[at] <= float(value) * US)
        case Measure.P90:
            return bool(cells.p90[at] <= float(value) * US)


def progress(actual: float | None, target: float | None, direction: Direction) -> float | None:
    """How much of the target is reached: 1 is exactly all of it, more is better, nothing is capped."""
    above, below = (actual, target) if direction is Direction.AT_LEAST else (target, actual)
    return None if above is None or not below else above / below


def word(is_target_met: bool | None, on_track: bool | None) -> Word:
    """MET and MISSED are final; an open promise is held against where it should be by now."""
    if is_target_met is not None:
        return Word.MET if is_target_met else Word.MISSED
    if on_track is None:
        return Word.NO_DATA
    return Word.ON_TRACK if on_track else Word.BEHIND


def why_none(promise: Promise | None, cells: Cells, at: tuple[int, int]) -> str:
    """The reason a cell of clocks has no `actual`; empty when it has one."""
    if promise is None:
        return NOT_IN_FORCE
    n = int(cells.outcomes[at][: Outcome.VOID].sum())
    decided = int(cells.outcomes[at][: Outcome.RUNNING].sum())
    match promise.measure:
        case _ if not n:
            return NOTHING_STARTED
        case Measure.DEPTH:
            return "" if cells.n_unconnected[at] else NOTHING_MATURED
        case Measure.MEAN | Measure.MEDIAN | Measure.P90 | Measure.GAP:
            return "" if cells.n_answered[at] else NOTHING_ANSWERED
        case _:
            return "" if decided else NOTHING_DECIDED


def ranks(progresses: list[float | None]) -> list[int | None]:
    """Places from the best down; equals share a place and the next one is left out. Nothing is capped."""
    ordered = sorted((value for value in progresses if value is not None), reverse=True)
    return [None if value is None else 1 + ordered.index(value) for value in progresses]


def _actual(measure: Measure, cells: Cells, at: tuple[int, int], n_met: int, n_breached: int) -> float | None:
    judged = n_met + n_breached
    match measure:
        case Measure.SHARE | Measure.RATE:
            return n_met / judged if judged else None
        case Measure.DEPTH:
            return _known(cells.depth[at])
        case Measure.MEAN:
            return _seconds(cells.mean[at])
        case Measure.MEDIAN:
            return _seconds(cells.median[at])
        case Measure.P90:
            return _seconds(cells.p90[at])
        case Measure.GAP:
            return _seconds(cells.longest[at])
        case Measure.COUNT | Measure.SUM:
            return float(n_met) if judged else None


def _seconds(microseconds: float) -> float | None:
    return None if np.isnan(microseconds) else float(microseconds) / US


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
