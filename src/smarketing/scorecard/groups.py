"""One commitment divided by rep, team, tier, source, week or day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smarketing.engine.compiled import Compiled
from smarketing.scorecard.attainment import Fields, of_clocks, of_total, ranks
from smarketing.scorecard.card import Axis, Group, Shape
from smarketing.scorecard.divisions import Division
from smarketing.scorecard.gather import Gathered
from smarketing.scorecard.horizon import each_day, edges, weeks
from smarketing.scorecard.standings import goal, over
from smarketing.scorecard.totals import TotalCells
from smarketing.terms.period import Period


def groups(line: Gathered, compiled: Compiled, axis: Axis) -> tuple[Group, ...]:
    """The groups that have anything to show, in order of rank; weeks and days in order of time and without ranks.

    Totals owe nothing by group: those are ranked by what they brought, everything else by progress, uncapped.
    """
    if axis in (Axis.WEEK, Axis.DAY):
        return _spans(line, axis)
    found = [group for group in _divided(line, compiled, axis) if group.n or (group.n_void and group.id)]
    is_total = line.clauses.promise.shape is Shape.TOTAL
    places = ranks([group.actual if is_total else group.progress for group in found])
    ranked = [replace(group, rank=place) for group, place in zip(found, places, strict=True)]
    return tuple(sorted(ranked, key=lambda group: (group.rank or len(found) + 1, -group.n, group.id)))


def _divided(line: Gathered, compiled: Compiled, axis: Axis) -> list[Group]:
    horizon, clauses = line.clauses.horizon, line.clauses
    book = compiled.codebook
    whole = edges([horizon.period], horizon.near)
    is_over, measure = horizon.is_over(horizon.period), clauses.latest.target.measure
    division = Division.merged("owner", book.team_of, len(book.teams)) if axis is Axis.TEAM else None
    cells = over(line.near, whole, "rep" if axis is Axis.TEAM else axis.value, division)

    def fields(group: int) -> Fields:
        if isinstance(cells, TotalCells):
            return of_total(cells, 0, group, measure, None, is_over=is_over)
        return of_clocks(cells, 0, group, clauses.promise, is_over=is_over)

    return [
        Group(**fields(group), id=each, name=name)
        for group, (each, name) in enumerate([*_names(line, compiled, axis), ("", "")])
    ]


def _names(line: Gathered, compiled: Compiled, axis: Axis) -> Sequence[tuple[str, str]]:
    book = compiled.codebook
    match axis:
        case Axis.REP:
            return list(zip(book.owners, book.owner_names, strict=True))
        case Axis.TEAM:
            return [(team, team) for team in book.teams]
        case Axis.TIER:
            names = {tier.id: tier.name or tier.id for tier in line.clauses.agreement.tiers}
            return [(tier, names.get(tier, tier)) for tier in compiled.tiers]
        case _:
            return [(source, source) for source in book.sources]


def _spans(line: Gathered, axis: Axis) -> tuple[Group, ...]:
    horizon, clauses = line.clauses.horizon, line.clauses
    is_week = axis is Axis.WEEK
    periods = weeks(horizon.period, horizon.week_starts_on) if is_week else each_day(horizon.period)
    cells = over(line.near, edges(periods, horizon.near))

    def fields(span: int, period: Period) -> Fields:
        is_over = horizon.is_over(period)
        if isinstance(cells, TotalCells):
            owed = goal(line, period)
            return of_total(cells, span, 0, clauses.latest.target.measure, owed, is_over=is_over)
        return of_clocks(cells, span, 0, clauses.promise_in(period), is_over=is_over)

    return tuple(
        Group(**fields(span, period), id=period.label, name=period.label) for span, period in enumerate(periods)
    )
