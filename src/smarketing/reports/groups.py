"""Who and what stands behind the numbers: tables by rep, team, tier, source, week and day, and who fell short."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.charts.funnel import stage_name
from smarketing.charts.numbers import bare, money, rough
from smarketing.reports.spoken import AXES, CLOCKS, KINDS, group_name, target_words
from smarketing.scorecard.card import Axis, Cohort, Group, Line, Scorecard, Shape
from smarketing.terms.language import Words


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with a bar behind it; `standing` is kept, short or nothing to judge."""

    text: str
    note: str = ""
    fill: float | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Cell, ...]
    key: str = ""  # of the group


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of one axis: a row for each group, a column for each promise."""

    id: str
    title: str
    headers: tuple[str, ...]
    subheaders: tuple[str, ...]
    rows: tuple[Row, ...]
    is_open: bool = False
    columns: tuple[str, ...] = ()  # ids of the promises, or of the stages


@dataclass(frozen=True, slots=True)
class Miss:
    """One promise that a rep is below."""

    promise: str
    actual: str
    missed: str
    fill: float
    goal: float
    commitment: str = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    name: str
    n_missed: int
    misses: tuple[Miss, ...]
    key: str = ""  # of the rep


FEWEST_MISSES = 2  # one lead says nothing about a person


def grids(card: Scorecard, words: Words) -> tuple[Grid, ...]:
    """One table for each axis that the card was divided by."""
    axes = [axis for axis in Axis if any(axis in line.groups for line in card.lines)]
    return tuple(_grid(axis, card, words, is_open=axis is axes[0]) for axis in axes)


def _grid(axis: Axis, card: Scorecard, words: Words, *, is_open: bool) -> Grid:
    lines = [line for line in card.lines if line.groups.get(axis) and line.kind != "deliverable"]
    if axis in (Axis.REP, Axis.TEAM):  # people are read by what they do before what they were given
        lines.sort(key=lambda line: line.shape is Shape.TOTAL)
    names = {group.id: group.name for line in lines for group in line.groups[axis]}
    found = {line.id: {group.id: group for group in line.groups[axis]} for line in lines}
    tops = {line.id: max((g.actual or 0 for g in line.groups[axis]), default=0) for line in lines}
    rows = [
        Row(
            group_name(axis, key, name, words),
            tuple(_cell(line, found[line.id].get(key), tops[line.id], words) for line in lines),
            key,
        )
        for key, name in names.items()
        if key or any(found[line.id][key].actual for line in lines if key in found[line.id])
    ]
    titles = tuple(line.title or words(KINDS.get(line.kind, line.kind)) for line in lines)
    targets = tuple(target_words(line, words) for line in lines)
    ids = tuple(line.id for line in lines)
    return Grid(f"by-{axis.value}", words(AXES[axis]), titles, targets, tuple(rows), is_open, ids)


def _cell(line: Line, group: Group | None, top: float, words: Words) -> Cell:
    if group is None or group.actual is None:
        return Cell("–")
    note = "" if line.shape is Shape.TOTAL else words.plural("{n} lead", "{n} leads", group.n)
    if line.shape is Shape.CLOCKS and group.median_s is not None:
        note = f"{note} · {rough(group.median_s, words)}"
    full = (
        1.0
        if line.actual_unit == "ratio"
        else max(top, line.target_value or 0 if line.shape is Shape.DEPTH else 0, 1e-9)
    )
    standing = ""
    if line.shape is not Shape.TOTAL:
        standing = "short" if is_short(line, group) else "kept"
    return Cell(bare(group.actual, line.actual_unit, words), note, min(group.actual / full, 1.0), standing)


def is_short(line: Line, group: Group) -> bool:
    if group.is_target_met is not None:
        return not group.is_target_met
    if group.actual is None or group.target is None:
        return False
    return group.actual > group.target if line.direction == "at_most" else group.actual < group.target


def shortfalls(card: Scorecard, words: Words) -> tuple[Shortfall, ...]:
    """Reps whose own numbers are below a promise, the most misses first."""
    misses: dict[str, list[Miss]] = {}
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for line in card.lines:
        for group in line.groups.get(Axis.REP, ()):
            if line.shape is Shape.TOTAL or not group.id or group.n_breached < FEWEST_MISSES:
                continue
            if is_short(line, group):
                names[group.id] = group.name or group.id
                misses.setdefault(group.id, []).append(_miss(group, line, words))
                counts[group.id] = counts.get(group.id, 0) + group.n_breached
    found = (Shortfall(names[key], counts[key], tuple(rows), key) for key, rows in misses.items())
    return tuple(sorted(found, key=lambda person: (-person.n_missed, person.name)))


def _miss(group: Group, line: Line, words: Words) -> Miss:
    goal = (group.target if group.target is not None else line.target_value) or 0.0
    top = 1.0 if line.actual_unit == "ratio" else max(goal, group.actual or 0, 1e-9)
    facts = {"n": words.number(group.n_breached), "m": words.number(group.n_judged)}
    return Miss(
        line.title or words(KINDS.get(line.kind, line.kind)),
        bare(group.actual, line.actual_unit, words),
        words("{n} of {m} breached; promised {target}", target=target_words(line, words), **facts),
        min((group.actual or 0) / top, 1.0),
        min(goal / top, 1.0),
        line.id,
    )


def clock_rows(card: Scorecard, words: Words) -> tuple[Row, ...]:
    """The three clocks of the first answer, whichever is judged: where the time goes."""
    line = next((line for line in card.lines if line.clocks), None)
    if line is None:
        return ()
    rows = []
    for key, speed in line.clocks.items():
        name, meaning = (words(text) for text in CLOCKS.get(key, (key, "")))
        times = (rough(value, words) for value in (speed.median_s, speed.mean_s, speed.p90_s))
        cells = (Cell(meaning), Cell(words.number(speed.n_answered)), Cell(words.number(speed.n_never)))
        rows.append(Row(name, (*cells, *(Cell(time) for time in times)), key))
    return tuple(rows)


def cohort_grid(axis: Axis, title: str, cohorts: tuple[Cohort, ...], card: Scorecard, words: Words) -> Grid:
    """How far the leads of each source or tier have come, and what they brought."""
    stages = [stage.stage for stage in card.funnel.stages if stage.stage != "lead"]
    headers = (words("Leads"), *(stage_name(stage, words) for stage in stages), words("Won"))
    most = max((cohort.n_leads for cohort in cohorts), default=0) or 1
    rows = []
    for cohort in cohorts:
        reached = (cohort.n_by_stage.get(stage, 0) for stage in stages)
        cells = [Cell(words.number(cohort.n_leads), fill=cohort.n_leads / most)]
        cells += [
            Cell(words.number(n), words.percent(n / cohort.n_leads, 0) if cohort.n_leads else "") for n in reached
        ]
        cells.append(Cell(money(cohort.won, card.agreement.currency, words)))
        rows.append(Row(group_name(axis, cohort.id, cohort.name, words), tuple(cells), cohort.id))
    return Grid(f"{axis.value}s", title, headers, (), tuple(rows), columns=("lead", *stages, "customer"))
