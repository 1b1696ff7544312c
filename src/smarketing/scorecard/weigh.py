"""Lines pooled by weight, for each party and for all of them, and what is due after misses in a row."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing.scorecard.card import Line, Shape, Step, Total
from smarketing.scorecard.word import Word
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import N_

NOTHING_TO_WEIGH = N_("No promise has anything to show yet.")


def total(lines: Sequence[Line]) -> Total:
    """The weighted mean of how far each promise is kept, uncapped and with each promise counting at most in full.

    An open total counts by its share of the goal line so far, everything else by its progress. A line with nothing
    to show leaves with its weight.
    """
    shown = [(line.weight, value) for line in lines if (value := reached(line)) is not None]
    weight = sum(each for each, _ in shown)
    words = [line.word for line in lines]
    return Total(
        score=sum(each * value for each, value in shown) / weight if weight else None,
        kept=sum(each * min(value, 1.0) for each, value in shown) / weight if weight else None,
        n_met=words.count(Word.MET),
        n_missed=words.count(Word.MISSED),
        n_open=words.count(Word.ON_TRACK) + words.count(Word.BEHIND),
        n_no_data=words.count(Word.NO_DATA),
        n_points=points(lines),
        why="" if weight else NOTHING_TO_WEIGH,
    )


def reached(line: Line) -> float | None:
    """How far a promise is kept by now; None without anything to show."""
    if line.shape is Shape.TOTAL and line.is_target_met is None:
        return line.pace.share_of_line if line.pace else None
    return line.progress


def points(lines: Sequence[Line]) -> int:
    """One for each promise kept in each of its own periods of the card."""
    return sum(period.is_target_met is True for line in lines for period in line.periods)


def steps(lines: Sequence[Line], agreement: Agreement) -> tuple[Step, ...]:
    """The announced consequences and cancellations that are due: the furthest step each missed promise has reached.

    Strikes are decided periods missed in a row, so a condition of three misses is proposed at the third close.
    """
    found = []
    for line in lines:
        reached = [
            c for c in agreement.consequences if c.commitment in ("", line.id) and 0 < c.strikes <= line.n_strikes
        ]
        if reached:
            furthest = max(reached, key=lambda c: c.strikes)
            found.append(Step("consequence", line.id, line.n_strikes, furthest.step, furthest.responsible))
        found += [
            Step("cancellation", line.id, line.n_strikes, each.condition)
            for each in agreement.cancellation
            if each.commitment in ("", line.id) and 0 < each.missed_periods <= line.n_strikes
        ]
    return tuple(found)
