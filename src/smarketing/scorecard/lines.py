"""From the gathered cells of one commitment to its line of the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from smarketing.engine.clocks import void_reason
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import Codebook
from smarketing.scorecard.attainment import (
    NO_PERIOD_DECIDED,
    NOT_IN_FORCE,
    NOTHING_DECIDED,
    NOTHING_STARTED,
    Fields,
    Promise,
    is_judged,
    keeps,
    of_clocks,
    of_total,
    why_none,
    word,
)
from smarketing.scorecard.card import (
    Adjusted,
    Axis,
    Band,
    Counts,
    Depth,
    Line,
    Pace,
    Reason,
    Shape,
    Speed,
    Standing,
    Trend,
)
from smarketing.scorecard.cells import Cells, ClockCells
from smarketing.scorecard.gather import Gathered
from smarketing.scorecard.groups import groups
from smarketing.scorecard.horizon import edges
from smarketing.scorecard.outcomes import Outcome
from smarketing.scorecard.pace import NO_MISSES_ALLOWED, NOT_BEGUN, burn_rate, pace
from smarketing.scorecard.standings import days, trend
from smarketing.scorecard.totals import TallyCells
from smarketing.terms.offsets import US
from smarketing.terms.target import Measure

BANDS = (("under_5_min", 0, 300), ("5_to_15_min", 300, 900), ("15_to_60_min", 900, 3600), ("over_60_min", 3600, None))
COUNTS = ("n_met", "n_breached", "n_running", "n_void", "n_at_risk")
CLOCK_NAMES = ("lead", "system", "rep")


def line(
    gathered: Gathered,
    compiled: Compiled,
    axes: Sequence[Axis],
    n_promised: float | None = None,
    reasons: Sequence[str] = (),
) -> Line:
    """The card's line of one commitment.

    Takes    n_promised  leads promised for the period, if a commitment says so: the whole that misses are a share of
             reasons     names of what waivers were given for
    """
    clauses = gathered.clauses
    latest, promise, horizon = clauses.latest, clauses.promise, clauses.horizon
    periods = trend(gathered, horizon.own(clauses.grain))
    found = _total(gathered, periods) if promise.shape is Shape.TOTAL else _clocks(gathered, promise, n_promised)
    return Line(
        id=clauses.id,
        party=latest.party,
        kind=latest.kind.value,
        title=latest.title,
        description=latest.description,
        measure=promise.measure.value,
        shape=promise.shape,
        target=str(latest.target),
        target_unit=promise.unit,
        direction=promise.direction.value,
        period=clauses.grain,
        weight=float(latest.weight),
        contact=latest.contact,
        actual_unit=promise.unit,
        clocks={
            name: _speed(cells, cells.over(_whole(gathered)))
            for name in CLOCK_NAMES
            if (cells := gathered.three.get(name))
        },
        n_strikes=strikes(trend(gathered, horizon.decided(clauses.grain))),
        trend=trend(gathered, horizon.trend),
        periods=periods,
        days=days(gathered),
        voids=_voids(gathered, compiled.codebook),
        groups={axis: groups(gathered, compiled, axis) for axis in axes},
        waived=_adjusted(gathered, reasons),
        **found,
    )


def _adjusted(gathered: Gathered, reasons: Sequence[str]) -> Adjusted | None:
    """What the line says without its waivers; None where they change nothing in the card's period."""
    unwaived, n = gathered.before, 0 if gathered.before is None else int(gathered.before.reasons.sum())
    if unwaived is None or not (n or unwaived.n_moot):
        return None
    plain = replace(gathered, wide=unwaived.wide, near=unwaived.near, before=None)
    promise, own = gathered.clauses.promise, gathered.clauses.horizon.own(gathered.clauses.grain)
    found = _total(plain, trend(plain, own)) if promise.shape is Shape.TOTAL else _clocks(plain, promise, None)
    named = zip(reasons, unwaived.reasons.tolist(), strict=True)
    counted = sorted((Reason(name, number) for name, number in named if number), key=lambda each: (-each.n, each.id))
    told = {name: found[name] for name in ("actual", "is_target_met", "progress", *COUNTS)}
    return Adjusted(
        n=n,
        n_moot=unwaived.n_moot,
        reasons=tuple(counted),
        before=Standing(**told, target=found["target_value"]),
        word=found["word"],
    )


def strikes(periods: Sequence[Trend]) -> int:
    """How many of the latest periods were missed in a row; a period without a verdict neither counts nor ends it."""
    missed = 0
    for period in reversed(periods):
        if period.is_target_met:
            return missed
        missed += period.is_target_met is False
    return missed


def _clocks(gathered: Gathered, promise: Promise, n_promised: float | None) -> Fields:
    horizon, near = gathered.clauses.horizon, gathered.near
    assert isinstance(near, ClockCells)
    cells, at = near.over(_whole(gathered)), (0, 0)
    fields = of_clocks(cells, 0, 0, promise, is_over=horizon.is_over(horizon.period))
    counts = _counts(fields)
    is_known = is_judged(promise.measure, fields["actual"], counts.n_breached)
    on_track = keeps(promise, cells, at, counts.n_met, counts.n_breached) if is_known else None
    return {
        "target_value": _owed(gathered, promise),
        "actual": fields["actual"],
        "why": why_none(promise, cells, at),
        "attainment": counts.attainment,
        "attainment_why": _why_no_attainment(counts, fields["n"]),
        **_named(counts),
        "is_target_met": fields["is_target_met"],
        "progress": fields["progress"],
        "word": word(fields["is_target_met"], on_track),
        "pace": _burn(gathered, promise, counts, fields, n_promised),
        "speed": _speed(near, cells) if promise.shape is Shape.CLOCKS else None,
        "depth": _depth(near, cells) if promise.shape is Shape.DEPTH else None,
    }


def _owed(gathered: Gathered, promise: Promise) -> float:
    """The target of the card's period: for what is counted one by one, that of each promise's period in it."""
    if promise.measure is not Measure.COUNT:
        return float(promise.value)
    return float(promise.value) * len(gathered.clauses.horizon.own(gathered.clauses.grain))


def _total(gathered: Gathered, periods: Sequence[Trend]) -> Fields:
    horizon, near, clauses = gathered.clauses.horizon, gathered.near, gathered.clauses
    assert isinstance(near, TallyCells)
    climb = clauses.line(horizon.period)
    n_passed = horizon.n_passed(horizon.period)
    goal = None if np.isnan(climb[-1]) else float(climb[-1])
    measure = clauses.latest.target.measure
    fields = of_total(near.over(_whole(gathered)), 0, 0, measure, goal, is_over=horizon.is_over(horizon.period))
    actual = fields["actual"] if n_passed else None
    found = pace(climb, clauses.counting(horizon.period), actual, n_passed, clauses.latest.pacing)
    on_track = None if found.gap is None else found.gap >= 0
    counts = Counts(
        n_met=sum(period.n_met for period in periods),
        n_breached=sum(period.n_breached for period in periods),
        n_running=sum(period.n_running for period in periods),
        n_void=fields["n_void"],
    )
    return {
        "target_value": goal,
        "actual": actual,
        "why": "" if n_passed else NOT_BEGUN,
        "attainment": counts.attainment,
        "attainment_why": "" if counts.n_judged else NO_PERIOD_DECIDED if goal is not None else NOT_IN_FORCE,
        **_named(counts),
        "is_target_met": fields["is_target_met"],
        "progress": fields["progress"] if n_passed else None,
        "word": word(fields["is_target_met"], on_track),
        "pace": found,
        "speed": None,
        "depth": None,
    }


def _burn(
    gathered: Gathered, promise: Promise, counts: Counts, fields: Fields, n_promised: float | None
) -> Pace | None:
    """A share has no goal line to climb, but an allowance for misses that is used up."""
    if promise.measure not in (Measure.SHARE, Measure.RATE):
        return None
    horizon = gathered.clauses.horizon
    counting, n_passed = gathered.clauses.counting(horizon.period), horizon.n_passed(horizon.period)
    n_days, passed = int(counting.sum()), int(counting[:n_passed].sum())
    target, actual, n = float(promise.value), counts.attainment, fields["n"]
    expected = n * n_days / passed if passed else None
    if n_promised is not None and not horizon.is_over(horizon.period):
        expected = max(n_promised, n)
    allowed = None if expected is None else float(1 - promise.value) * expected
    return Pace(
        goal=target,
        line=target,
        actual=actual,
        gap=None if actual is None else actual - target,
        share_of_line=fields["progress"],
        per_day=None,
        n_days=n_days,
        n_days_passed=passed,
        required_per_day=None,
        projected_end=None,
        pacing=gathered.clauses.latest.pacing.value,
        n_allowed_misses=allowed,
        burn_rate=burn_rate(counts.n_breached, allowed, passed, n_days) if allowed else None,
        why=NO_MISSES_ALLOWED if target == 1 else _why_no_attainment(counts, n),
    )


def _speed(gathered: ClockCells, cells: Cells) -> Speed:
    """How long answers took, and how many never came, over the whole window of `gathered`."""
    counted = {outcome: int(cells.outcomes[0, 0, outcome]) for outcome in Outcome}
    waiting = counted[Outcome.RUNNING] + counted[Outcome.AT_RISK]
    times = gathered.times(0, gathered.window.n)
    bands = [Band(name, _between(times, since, until), since, until) for name, since, until in BANDS]
    return Speed(
        n_answered=counted[Outcome.MET] + counted[Outcome.LATE],
        n_never=counted[Outcome.NEVER],
        n_waiting=waiting,
        mean_s=_seconds(cells.mean[0, 0]),
        median_s=_seconds(cells.median[0, 0]),
        p90_s=_seconds(cells.p90[0, 0]),
        bands=(*bands, Band("never", counted[Outcome.NEVER]), Band("waiting", waiting)),
    )


def _depth(gathered: ClockCells, cells: Cells) -> Depth:
    n_matured = int(cells.n_unconnected[0, 0]) + gathered.n_connected
    touches = gathered.touches
    return Depth(
        mean=None if np.isnan(cells.depth[0, 0]) else float(cells.depth[0, 0]),
        n_unconnected=int(cells.n_unconnected[0, 0]),
        n_connected=gathered.n_connected,
        n_open=int(cells.outcomes[0, 0, : Outcome.VOID].sum()) - n_matured,
        touches=tuple(touches.tolist()),
    )


def _voids(gathered: Gathered, codebook: Codebook) -> tuple[Reason, ...]:
    """Why clocks of the period count for nobody, the commonest reason first."""
    found = [
        Reason(void_reason(code, codebook), int(gathered.near.voids[code]))
        for code in np.flatnonzero(gathered.near.voids).tolist()
        if code
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.n, reason.id)))


def _whole(gathered: Gathered) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return edges([gathered.clauses.horizon.period], gathered.clauses.horizon.near)


def _between(times: np.ndarray[tuple[int], np.dtype[np.int64]], since_s: int, until_s: int | None) -> int:
    later = times >= since_s * US
    return int((later if until_s is None else later & (times < until_s * US)).sum())


def _why_no_attainment(counts: Counts, n: int) -> str:
    if counts.n_judged:
        return ""
    return NOTHING_DECIDED if n else NOTHING_STARTED


def _counts(fields: Fields) -> Counts:
    return Counts(*(fields[name] for name in COUNTS))


def _named(counts: Counts) -> Fields:
    return {name: getattr(counts, name) for name in COUNTS}


def _seconds(microseconds: float) -> float | None:
    return None if np.isnan(microseconds) else float(microseconds) / US
