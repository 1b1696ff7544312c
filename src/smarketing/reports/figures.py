"""Which charts a scorecard shows, drawn once for a desk and once for a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from smarketing.charts.bands import bands
from smarketing.charts.chart import Chart, Table
from smarketing.charts.depth import depth_by_day, depth_spread
from smarketing.charts.funnel import funnel
from smarketing.charts.heat import arrivals_heat, touches_heat
from smarketing.charts.render import Size, render
from smarketing.charts.speed import in_time, waiting_times
from smarketing.charts.trend import trend
from smarketing.charts.waterfall import waterfall
from smarketing.scorecard.card import Line, Scorecard, Shape
from smarketing.terms.language import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn chart; `narrow` is empty when there is nothing to draw, `wide` when the narrow one serves everywhere."""

    id: str
    title: str
    sentence: str
    legend: tuple[tuple[str, str], ...]
    table: Table
    wide: Markup
    narrow: Markup


class Draw(Protocol):
    """How a chart becomes SVG: `charts.render.render`, or something that remembers what it drew."""

    def __call__(self, chart: Chart, *, language: str, size: Size) -> str: ...


def figure(chart: Chart, words: Words, sizes: Iterable[Size] = Size, draw: Draw = render) -> Figure:
    drawn = {size: Markup("") for size in Size}
    if not chart.is_empty:
        # Vega writes text as escaped XML; what stands in the SVG is safe as it is.
        drawn |= {size: Markup(draw(chart, language=words.language, size=size)) for size in sizes}
    return Figure(
        chart.id,
        chart.title,
        chart.sentence,
        () if chart.is_empty else tuple((name.replace("_", "-"), text) for name, text in chart.legend),
        chart.table,
        drawn[Size.WIDE],
        drawn[Size.NARROW],
    )


def classics(card: Scorecard, role: str, words: Words) -> tuple[Figure, ...]:
    """One team's charts: waterfalls of what grows, waits and attempts of what is judged lead by lead."""
    parties = {party.id for party in card.parties if _role(party.role) == role}
    lines = [line for line in card.lines if line.party in parties]
    return tuple(figure(chart, words) for line in lines for chart in _charts(line, role, words))


def _role(role: str) -> str:
    return role if role in ("marketing", "sales") else "other"


def _charts(line: Line, role: str, words: Words) -> Iterator[Chart]:
    if line.kind in ("deliverable", "follow_up_cadence"):
        return  # one thing a period, or the longest of all: the promise board says it
    if line.shape is Shape.TOTAL:
        yield waterfall(line, role=role, words=words)
    elif line.shape is Shape.DEPTH:
        yield depth_by_day(line, role=role, words=words)
    else:
        yield in_time(line, role=role, words=words)
        if line.kind == "speed_to_lead":
            yield waiting_times(line, role=role, words=words)


def answer_bands(card: Scorecard, words: Words) -> tuple[Figure, ...]:
    lines = (line for line in card.lines if line.kind == "speed_to_lead")
    return tuple(figure(bands(line, words=words), words) for line in lines)


def attempts(card: Scorecard, words: Words) -> tuple[Figure, ...]:
    """How the attempts on unreached leads are spread."""
    roles = {party.id: _role(party.role) for party in card.parties}
    lines = (line for line in card.lines if line.shape is Shape.DEPTH)
    charts = (depth_spread(line, role=roles.get(line.party, "other"), words=words) for line in lines)
    return tuple(figure(chart, words) for chart in charts)


def journey(card: Scorecard, words: Words) -> Figure:
    return figure(funnel(card.funnel, words=words), words)


def weeks(card: Scorecard, words: Words) -> tuple[Figure, Figure]:
    heat = card.heat
    arrivals, touches = arrivals_heat(heat.arrivals, words=words), touches_heat(heat.touches, words=words)
    return figure(arrivals, words), figure(touches, words)


def past(card: Scorecard, words: Words) -> tuple[Figure, ...]:
    """Every promise over the last periods, small."""
    lines = (line for line in card.lines if len(line.trend) > 1)
    return tuple(figure(trend(line, words=words), words, (Size.NARROW,)) for line in lines)
