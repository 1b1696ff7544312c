"""One commitment in many stretches of time or groups: what each has to show for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smarketing.scorecard.attainment import of_clocks, of_total
from smarketing.scorecard.card import Day, Trend
from smarketing.scorecard.cells import Cells, ClockCells
from smarketing.scorecard.divisions import ALL, Division, Ints
from smarketing.scorecard.gather import Gathered
from smarketing.scorecard.horizon import each_day, edges
from smarketing.scorecard.pace import Line
from smarketing.scorecard.totals import TallyCells, TotalCells
from smarketing.terms.period import Period
from smarketing.terms.target import Measure


def trend(line: Gathered, periods: Sequence[Period]) -> tuple[Trend, ...]:
    """The standing of each of some consecutive periods, each under the version it began with."""
    clauses, horizon = line.clauses, line.clauses.horizon
    cells = over(line.wide, edges(periods, line.wide.window))
    found = []
    for span, period in enumerate(periods):
        is_over = horizon.is_over(period)
        if isinstance(cells, TotalCells):
            fields = of_total(cells, span, 0, clauses.latest.target.measure, goal(line, period), is_over=is_over)
        else:
            fields = of_clocks(cells, span, 0, clauses.promise_in(period), is_over=is_over)
        found.append(
            Trend(**fields, label=period.label, from_on=period.from_on, until_on=period.until_on, is_over=is_over)
        )
    return tuple(found)


def days(line: Gathered) -> tuple[Day, ...]:
    """Every day of the card's period, with what had come together by its end."""
    clauses, horizon = line.clauses, line.clauses.horizon
    periods = each_day(horizon.period)
    cells = over(line.near, edges(periods, horizon.near))
    counting, n_passed = clauses.counting(horizon.period), horizon.n_passed(horizon.period)
    climb: Line | None = clauses.line(horizon.period) if isinstance(cells, TotalCells) else None
    so_far = _so_far(cells, clauses.latest.target.measure)
    found = []
    for span, period in enumerate(periods):
        is_over = horizon.is_over(period)
        if isinstance(cells, TotalCells):
            fields = of_total(cells, span, 0, clauses.latest.target.measure, None, is_over=is_over)
        else:
            fields = of_clocks(cells, span, 0, clauses.promise, is_over=is_over)
        found.append(
            Day(
                **fields,
                on=period.from_on,
                is_counting=bool(counting[span]),
                goal=None if climb is None else known(climb[span]),
                cumulative=known(so_far[span]) if span < n_passed else None,
            )
        )
    return tuple(found)


def goal(line: Gathered, period: Period) -> float | None:
    """What a total owes by the end of a period; None when no version was in force."""
    climb = line.clauses.line(period)
    return known(climb[-1]) if len(climb) else None


def over(
    cells: ClockCells | TallyCells, at: Ints, axis: str = ALL, division: Division | None = None
) -> Cells | TotalCells:
    return cells.over(at, axis, division)


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _so_far(cells: Cells | TotalCells, measure: Measure) -> Line:
    """By the end of each day: the total, or the attainment of all clocks that started until then."""
    if isinstance(cells, TotalCells):
        total = np.cumsum(cells.amount[:, 0]).astype(np.float64)
        return total / 10_000 if measure is Measure.SUM else total
    counted = np.cumsum(cells.outcomes[:, 0], axis=0)
    judged = counted[:, :3].sum(axis=1)
    pooled: Line = np.divide(counted[:, 0], judged, out=np.full(len(judged), np.nan), where=judged > 0)
    return pooled
