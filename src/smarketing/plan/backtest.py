"""What the past months would have scored under a draft: whether its promises can be kept before anybody signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from smarketing.plan.baseline import Caution


@dataclass(frozen=True, slots=True)
class PastMonth:
    """One promise in one past period: what happened, what was promised, and whether that was enough.

    actual and target are in the commitment's unit; is_met is None where nothing could be judged.
    """

    label: str
    from_on: date
    actual: float | None
    target: float | None
    is_met: bool | None
    n_judged: int = 0


@dataclass(frozen=True, slots=True)
class BacktestLine:
    """One commitment over the past periods, oldest first.

    suggested   a target that at least `part` of the judged periods would have met, in the commitment's unit;
                None when nothing was judged or the draft's own target already does
    """

    id: str
    party: str
    kind: str
    title: str
    target: str
    unit: str
    is_at_most: bool
    months: tuple[PastMonth, ...]
    n_met: int
    n_judged: int
    suggested: float | None
    n_met_by_suggestion: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """All promises of a draft; `cautions` is what else speaks against signing it (plan.realism)."""

    lines: tuple[BacktestLine, ...]
    part: float
    periods: tuple[str, ...]
    cautions: tuple[Caution, ...]


def line_of(
    months: Sequence[PastMonth],
    *,
    id: str,
    party: str,
    kind: str,
    title: str,
    target: str,
    unit: str,
    is_at_most: bool,
    step: float,
    part: float,
) -> BacktestLine:
    """The line of one commitment.

    Takes    months   as the scorecard judged them
             step     what targets of this unit are rounded to: 0.01 of a ratio, 60 seconds, 1 lead
             part     share of the periods that a suggested target would have met, as 0.75 for 9 of 12
    """
    judged = [month.is_met for month in months if month.is_met is not None]
    actuals = [month.actual for month in months if month.is_met is not None and month.actual is not None]
    n_met, wanted = sum(judged), ceil(part * len(judged))
    suggested = None if n_met >= wanted else reachable(actuals, wanted, is_at_most, step)
    n_by_suggestion = n_met
    if suggested is not None:
        n_by_suggestion = sum(actual <= suggested if is_at_most else actual >= suggested for actual in actuals)
    return BacktestLine(
        id=id,
        party=party,
        kind=kind,
        title=title,
        target=target,
        unit=unit,
        is_at_most=is_at_most,
        months=tuple(months),
        n_met=n_met,
        n_judged=len(judged),
        suggested=suggested,
        n_met_by_suggestion=n_by_suggestion,
    )


def reachable(actuals: Sequence[float], n_wanted: int, is_at_most: bool, step: float) -> float | None:
    """The hardest target, rounded to the easier side by `step`, that `n_wanted` of the actuals reach.

    None when there are fewer actuals, or when nothing above zero is reached.
    """
    if not 1 <= n_wanted <= len(actuals):
        return None
    hardest = sorted(actuals, reverse=not is_at_most)[n_wanted - 1]
    steps = round(hardest / step, 9)  # 0.29 / 0.01 is a hair below 29
    rounded = (ceil(steps) if is_at_most else floor(steps)) * step
    return round(rounded, 9) or None
