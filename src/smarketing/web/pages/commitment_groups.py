"""One promise divided: what each rep, team, tier, source, week or day did, verdict by verdict."""

from __future__ import annotations

from smarketing.charts.numbers import bare, rough
from smarketing.reports.groups import Cell, is_short
from smarketing.reports.spoken import AXES, group_name
from smarketing.scorecard.card import Axis, Group, Line, Shape
from smarketing.terms.language import Words
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_tables import LinkedCell, LinkedGrid, LinkedRow


def commitment_grid(line: Line, axis: Axis, links: LeadLinks, words: Words) -> LinkedGrid:
    """The groups in their order; those of lead-by-lead promises with their verdicts and times."""
    groups = [group for group in line.groups.get(axis, ()) if group.id or group.n]
    top = max((group.actual or 0 for group in groups), default=0) or 1.0
    full = 1.0 if line.actual_unit == "ratio" else max(top, line.target_value or 0)
    return LinkedGrid(
        f"by-{axis.value}",
        words(AXES[axis]),
        _headers(line, words),
        (),
        tuple(
            LinkedRow(
                group_name(axis, group.id, group.name, words),
                links.group(axis, group.id, line.id),
                links.only.get(axis) == group.id,
                tuple(_cells(line, axis, group, full, links, words)),
            )
            for group in groups
        ),
    )


def _headers(line: Line, words: Words) -> tuple[str, ...]:
    if line.shape is Shape.TOTAL:
        return (words("Actual"), words("Counted"))
    verdicts = (words("Actual"), words("Target"), words("Met"), words("Breached"), words("Running"), words("Left out"))
    if line.shape is Shape.DEPTH:
        return verdicts
    return (*verdicts, words("Median"), words("Mean"), words("9 in 10 within"))


def _cells(line: Line, axis: Axis, group: Group, full: float, links: LeadLinks, words: Words) -> list[LinkedCell]:
    def linked(cell: Cell, verdict: str = "") -> LinkedCell:
        is_empty = cell.text in ("0", "–")
        more = {"verdict": verdict} if verdict else {}
        return LinkedCell(cell, "" if is_empty else links.group(axis, group.id, line.id, **more))

    fill = None if group.actual is None else min(group.actual / full, 1.0)
    standing = "" if line.shape is Shape.TOTAL or group.actual is None else "short" if is_short(line, group) else "kept"
    actual = linked(Cell(bare(group.actual, line.actual_unit, words), fill=fill, standing=standing))
    if line.shape is Shape.TOTAL:
        return [actual, linked(Cell(words.number(group.n)))]
    goal = group.target if group.target is not None else line.target_value
    counts = {"met": group.n_met, "breached": group.n_breached, "running": group.n_running, "void": group.n_void}
    cells = [actual, LinkedCell(Cell(bare(goal, line.actual_unit, words)), "")]
    cells += [linked(Cell(words.number(n)), verdict) for verdict, n in counts.items()]
    if line.shape is Shape.CLOCKS:
        cells += [linked(Cell(rough(at, words))) for at in (group.median_s, group.mean_s, group.p90_s)]
    return cells
