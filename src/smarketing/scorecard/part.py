"""What a promise says of some of the leads: shares and times keep their target, a number is a part of the whole's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smarketing.scorecard.card import Adjusted, Line, Pace, Shape
from smarketing.scorecard.word import Word
from smarketing.terms.commitment import Kind

UNJUDGED: dict[str, Any] = {"n_met": 0, "n_breached": 0, "n_running": 0, "is_target_met": None, "progress": None}


def is_divided(line: Line) -> bool:
    """Whether a promise is about leads, so that there is a part of it; what is handed over belongs to none."""
    return line.kind != Kind.DELIVERABLE


def part_of(line: Line) -> Line:
    """The line of some of the leads.

    A total keeps the goal of the whole promise to be held beside, but some of the leads neither meet nor miss it; the
    projection is theirs. Strikes and what follows from them are of the whole promise. What is not divided stays whole.
    """
    if not is_divided(line):
        return line
    if line.shape is not Shape.TOTAL:
        return replace(line, n_strikes=0)
    return replace(
        line,
        **UNJUDGED,
        attainment=None,
        attainment_why="",
        n_strikes=0,
        word=Word.NO_DATA if line.actual is None else Word.PART,
        pace=_of_the_whole(line.pace) if line.pace else None,
        trend=tuple(replace(each, **UNJUDGED) for each in line.trend),
        periods=tuple(replace(each, **UNJUDGED) for each in line.periods),
        days=tuple(replace(each, **UNJUDGED) for each in line.days),
        groups={axis: tuple(replace(each, **UNJUDGED) for each in found) for axis, found in line.groups.items()},
        waived=_unjudged(line.waived) if line.waived else None,
    )


def _unjudged(waived: Adjusted) -> Adjusted:
    return replace(waived, before=replace(waived.before, **UNJUDGED), word=Word.PART)


def _of_the_whole(pace: Pace) -> Pace:
    return replace(pace, gap=None, share_of_line=None, required_per_day=None)
