"""Tables of groups, hours and clocks whose every number leads on to its leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from smarketing.charts.chart import Chart
from smarketing.charts.heat import Hours, arrivals_heat, day_name, touches_heat
from smarketing.reports.groups import Cell, Grid, Row, Shortfall, clock_rows, cohort_grid, grids, shortfalls
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.terms.language import Words
from smarketing.web.pages.lead_links import LeadLinks

STEPS = 5  # of colour above none


@dataclass(frozen=True, slots=True)
class LinkedCell:
    it: Cell
    href: str


@dataclass(frozen=True, slots=True)
class LinkedRow:
    name: str
    href: str
    is_chosen: bool
    cells: tuple[LinkedCell, ...]


@dataclass(frozen=True, slots=True)
class LinkedGrid:
    id: str
    title: str
    headers: tuple[str, ...]
    subheaders: tuple[str, ...]
    rows: tuple[LinkedRow, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A rep below a promise; the ways stand beside the misses in their order."""

    it: Shortfall
    href: str
    hrefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hour:
    n: str
    step: int
    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Seven rows of twenty-four hours, each a link; the darker the more."""

    id: str
    title: str
    sentence: str
    clock: str  # whose hours they are
    days: tuple[tuple[str, tuple[Hour, ...]], ...]
    is_empty: bool


def axes_of(card: Scorecard) -> tuple[Axis, ...]:
    """What the card can be divided by."""
    return tuple(axis for axis in Axis if any(line.groups.get(axis) for line in card.lines))


def linked_grid(card: Scorecard, axis: Axis, links: LeadLinks, words: Words) -> LinkedGrid | None:
    """The table of one axis: a row for each group, a column for each promise."""
    found = next((grid for grid in grids(card, words) if grid.id == f"by-{axis.value}"), None)
    if found is None:
        return None
    rows = tuple(_row(row, found, axis, links) for row in found.rows)
    return LinkedGrid(found.id, found.title, found.headers, found.subheaders, rows)


def _row(row: Row, grid: Grid, axis: Axis, links: LeadLinks) -> LinkedRow:
    cells = tuple(
        LinkedCell(cell, "" if cell.text == "–" else links.group(axis, row.key, line))
        for cell, line in zip(row.cells, grid.columns, strict=True)
    )
    return LinkedRow(row.name, links.group(axis, row.key), links.only.get(axis) == row.key, cells)


def cohorts(card: Scorecard, links: LeadLinks, words: Words) -> tuple[LinkedGrid, ...]:
    """How far the leads of each source and tier have come."""
    tables = ((Axis.SOURCE, words("Leads by source"), card.sources), (Axis.TIER, words("Leads by tier"), card.tiers))
    made = ((axis, cohort_grid(axis, title, found, card, words)) for axis, title, found in tables if found)
    return tuple(_cohorts(axis, grid, links) for axis, grid in made)


def _cohorts(axis: Axis, grid: Grid, links: LeadLinks) -> LinkedGrid:
    rows = []
    for row in grid.rows:
        stages = zip(row.cells, grid.columns, strict=True)
        cells = tuple(LinkedCell(cell, links.group(axis, row.key, reached=stage)) for cell, stage in stages)
        rows.append(LinkedRow(row.name, links.group(axis, row.key), links.only.get(axis) == row.key, cells))
    return LinkedGrid(grid.id, grid.title, grid.headers, (), tuple(rows))


def people(card: Scorecard, links: LeadLinks, words: Words) -> tuple[Person, ...]:
    """Who fell short, the most misses first."""
    return tuple(
        Person(
            found,
            links.group(Axis.REP, found.key),
            tuple(links.group(Axis.REP, found.key, miss.commitment, verdict="breached") for miss in found.misses),
        )
        for found in shortfalls(card, words)
    )


def clocks(card: Scorecard, links: LeadLinks, words: Words) -> tuple[LinkedRow, ...]:
    """The three clocks of the first answer, whichever is judged."""
    line = next((line for line in card.lines if line.clocks), None)
    if line is None:
        return ()
    bands = ("", "answered", "never", "answered", "answered", "answered")  # of the cells; the first is the meaning

    def href(clock: str, band: str) -> str:
        return links.of(line.id, clock=clock, band=band, sort="-elapsed") if band else ""

    return tuple(
        LinkedRow(
            row.name,
            links.of(line.id, clock=row.key, sort="-elapsed"),
            is_chosen=False,
            cells=tuple(
                LinkedCell(cell, "" if cell.text in ("0", "–") else href(row.key, band))
                for cell, band in zip(row.cells, bands, strict=True)
            ),
        )
        for row in clock_rows(card, words)
    )


def heats(card: Scorecard, links: LeadLinks, words: Words) -> tuple[Heat, Heat]:
    """When people reach out, and when leads come, on the clock of the agreement's zone."""
    arrivals, touches = arrivals_heat(card.heat.arrivals, words=words), touches_heat(card.heat.touches, words=words)
    zone = card.agreement.zone
    return (
        _heat(touches, card.heat.touches, partial(links.of, touched="1"), zone, words),
        _heat(arrivals, card.heat.arrivals, partial(links.of, reached="lead"), zone, words),
    )


def _heat(chart: Chart, hours: Hours, href: Callable[..., str], zone: str, words: Words) -> Heat:
    most = max(map(max, hours), default=0)

    def hour(day: int, at: int, n: int) -> Hour:
        step = 0 if not n else max(1, -(-n * STEPS // most))
        text = words("{day}, {hour}:00: {n}", day=day_name(day, words), hour=f"{at:02}", n=words.number(n))
        return Hour(words.number(n), step, href(weekday=str(day), hour=str(at)) if n else "", text)

    days = tuple(
        (day_name(day, words), tuple(hour(day, at, n) for at, n in enumerate(row))) for day, row in enumerate(hours)
    )
    return Heat(
        chart.id, chart.title, chart.sentence, words("Hours on the clock of {zone}.", zone=zone), days, not most
    )
