"""The charts of a scorecard by name, each with the leads behind every row of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from smarketing.charts.bands import bands
from smarketing.charts.chart import Chart
from smarketing.charts.depth import depth_by_day, depth_spread
from smarketing.charts.funnel import funnel
from smarketing.charts.heat import arrivals_heat, touches_heat
from smarketing.charts.render import Size
from smarketing.charts.speed import in_time, waiting_times
from smarketing.charts.stretches import Stretch, stretches
from smarketing.charts.trend import trend
from smarketing.charts.waterfall import waterfall
from smarketing.reports.figures import Draw, Figure, figure
from smarketing.scorecard.card import Line, Scorecard, Shape
from smarketing.terms.language import Words
from smarketing.terms.period import ONE_DAY, Grain, period_of
from smarketing.terms.target import Measure
from smarketing.web.pages.lead_links import LeadLinks

ROLES = ("marketing", "sales")
BOTH = tuple(Size)
SMALL = (Size.NARROW,)
Hrefs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A chart that nobody has drawn yet. `hrefs` lie over the cells of its table, the first column included."""

    chart: Chart
    hrefs: Hrefs = ()
    sizes: tuple[Size, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Drawn:
    """`live` is the address of the chart's spec, for readers who want to touch it."""

    it: Figure
    live: str
    rows: tuple[tuple[tuple[str, str], ...], ...]  # of the table: text and address


@dataclass(frozen=True, slots=True)
class Studio:
    """Whatever charts need besides the card."""

    links: LeadLinks
    words: Words
    draw: Draw
    live: Callable[[str], str]
    grain: Grain | None = None
    measure: Measure = Measure.SHARE

    def drawn(self, sketch: Sketch) -> Drawn:
        made = figure(sketch.chart, self.words, sketch.sizes, self.draw)
        live = self.live(sketch.chart.id) if not sketch.chart.is_empty else ""
        return Drawn(made, live, _linked(sketch))


def _linked(sketch: Sketch) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = []
    for n, row in enumerate(sketch.chart.table.rows):
        hrefs = sketch.hrefs[n] if n < len(sketch.hrefs) else ()
        rows.append(tuple((text, hrefs[k] if k < len(hrefs) else "") for k, text in enumerate(row)))
    return tuple(rows)


def every_sketch(card: Scorecard, studio: Studio) -> Iterator[Sketch]:
    """All charts of a card: what the address of one chart may name."""
    for line in card.lines:
        yield from of_line(line, role_of(card, line), studio)
        yield from more_of_line(line, role_of(card, line), studio)
        yield past(line, studio)
    yield journey(card, studio)
    yield Sketch(arrivals_heat(card.heat.arrivals, words=studio.words))
    yield Sketch(touches_heat(card.heat.touches, words=studio.words))


def role_of(card: Scorecard, line: Line) -> str:
    role = next((party.role for party in card.parties if party.id == line.party), "")
    return role if role in ROLES else "other"


def of_line(line: Line, role: str, studio: Studio) -> Iterator[Sketch]:
    """The classics: waterfalls of what grows; what is judged lead by lead by the chosen grain and measure."""
    if line.kind in ("deliverable", "follow_up_cadence"):
        return  # one thing a period, or the longest of all: the promise board says it
    words, grain = studio.words, studio.grain
    if line.shape is Shape.TOTAL:
        yield Sketch(waterfall(line, role=role, words=words), _days(line, studio.links))
    elif line.shape is Shape.DEPTH:
        bars = [bar for bar in stretches(line, grain) if bar.standing.depth is not None]
        yield Sketch(depth_by_day(line, role=role, words=words, grain=grain), _bars(bars, line, studio.links))
    elif studio.measure is Measure.SHARE:
        bars = [bar for bar in stretches(line, grain) if bar.standing.n_judged]
        hrefs = _bars(bars, line, studio.links, ("met", "breached", "running"))
        yield Sketch(in_time(line, role=role, words=words, grain=grain), hrefs)
    else:
        yield waits(line, role, studio)


def waits(line: Line, role: str, studio: Studio) -> Sketch:
    bars = [bar for bar in stretches(line, studio.grain) if bar.standing.median_s is not None]
    measure = Measure.MEDIAN if studio.measure is Measure.SHARE else studio.measure
    chart = waiting_times(line, role=role, words=studio.words, grain=studio.grain, measure=measure)
    return Sketch(chart, _bars(bars, line, studio.links))


def more_of_line(line: Line, role: str, studio: Studio) -> Iterator[Sketch]:
    """Where the answers fall, and how the attempts are spread."""
    links = studio.links
    if line.kind == "speed_to_lead":
        if studio.measure is Measure.SHARE:
            yield waits(line, role, studio)
        found = line.speed.bands if line.speed else ()
        hrefs = tuple(("", links.of(line.id, sort="elapsed", band=band.id)) for band in found)
        yield Sketch(bands(line, words=studio.words), hrefs)
    if line.shape is Shape.DEPTH:
        chart = depth_spread(line, role=role, words=studio.words)
        yield Sketch(chart, tuple(("", links.of(line.id, touches=row[0])) for row in chart.table.rows))


def journey(card: Scorecard, studio: Studio) -> Sketch:
    hrefs = tuple(("", studio.links.of(reached=stage.stage)) for stage in card.funnel.stages)
    return Sketch(funnel(card.funnel, words=studio.words), hrefs)


def past(line: Line, studio: Studio) -> Sketch:
    links = studio.links
    hrefs = tuple(("", links.of(line.id, period=period.label)) for period in line.trend)
    return Sketch(trend(line, words=studio.words), hrefs if line.kind != "deliverable" else (), SMALL)


def _days(line: Line, links: LeadLinks) -> Hrefs:
    """A long period's table has weeks in it, which no day answers for."""
    chart_days = [day.on for day in line.days]
    if len(chart_days) > 100:
        return ()
    known = (links.between(on, on + ONE_DAY, line.id) for on in chart_days)
    return tuple(("", href, "", "") for href in known)


def _bars(bars: list[Stretch], line: Line, links: LeadLinks, verdicts: tuple[str, ...] = ()) -> Hrefs:
    """The second column is how many; where there are `verdicts`, the columns after the first are theirs."""
    rows = []
    for bar in bars:
        more = (
            [_stretch(bar, line, links, verdict) for verdict in verdicts]
            if verdicts
            else [_stretch(bar, line, links, "counted")]
        )
        rows.append(("", *more))
    return tuple(rows)


def _stretch(bar: Stretch, line: Line, links: LeadLinks, verdict: str = "") -> str:
    said: dict[str, str] = {"verdict": verdict} if verdict else {}
    days = (bar.until_on - bar.from_on).days
    if days > 7:  # a month or more, perhaps before the page's own period
        grain = Grain.MONTH if days <= 31 else Grain.QUARTER if days <= 92 else Grain.YEAR
        return links.of(line.id, period=period_of(grain, bar.from_on).label, **said)
    return links.between(bar.from_on, bar.until_on, line.id, **said)
