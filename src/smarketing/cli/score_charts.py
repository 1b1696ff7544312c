"""Small charts of characters: a total against its goal line, waiting times, a funnel, and a trend in one word."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from smarketing.charts.bands import NAMES
from smarketing.charts.funnel import stage_name
from smarketing.charts.numbers import bare, short_day
from smarketing.cli.console import say, terminal
from smarketing.scorecard.card import Day, Funnel, Line, Speed

EIGHTHS = " ▁▂▃▄▅▆▇█"
HEIGHT = 6
WIDEST = 72
BAR = 28
MARGIN = 16  # the numbers beside a chart, and its indent
DAY_S = 86_400


def sparkline(values: Sequence[float | None]) -> str:
    """One character for each value, the largest a full block; a gap where there is none."""
    most = max((value for value in values if value is not None), default=0) or 1
    return "".join("·" if value is None else EIGHTHS[max(1, round(8 * value / most))] for value in values)


def waterfall(line: Line) -> RenderableType:
    """Columns of what had come together by each day, and the goal line in front of and above them."""
    days = _thinned(line.days)
    room = min(WIDEST, terminal().width - MARGIN)
    most = max([day.goal or 0 for day in days] + [day.cumulative or 0 for day in days]) or 1
    rows = [_row(days, level, most, max(1, room // len(days))) for level in range(HEIGHT, 0, -1)]
    top = bare(most, line.actual_unit, say)
    wide = len(top)
    marks = [top, *[""] * (HEIGHT - 2), "0"]
    axis = [Text(f"{mark:>{wide}} ┤") + row for mark, row in zip(marks, rows, strict=True)]
    first, last = short_day(line.days[0].on, say), short_day(line.days[-1].on, say)
    width = len(rows[0].plain)
    foot = Text(" " * (wide + 2) + first + last.rjust(max(width - len(first), len(last) + 1)), style="dim")
    key = Text(" " * (wide + 2)) + Text("█ ", style="cyan") + Text(say("so far"), style="dim")
    return Group(*axis, foot, key + Text("   ─ ", style="yellow") + Text(say("goal line"), style="dim"))


def _row(days: Sequence[Day], level: int, most: float, width: int) -> Text:
    """One line of the chart, `level` counted from 1 at the bottom."""
    row = Text()
    for day in days:
        eighths = round(8 * HEIGHT * (day.cumulative or 0) / most) - 8 * (level - 1)
        goal = -1 if day.goal is None else max(1, -(-HEIGHT * day.goal // most))
        if goal == level:
            is_inside = eighths >= 8
            row.append("─" * width, style="yellow on cyan" if is_inside else "yellow")
        else:
            row.append(EIGHTHS[min(max(eighths, 0), 8)] * width, style="cyan")
    return row


def _thinned(days: Sequence[Day]) -> Sequence[Day]:
    """Every day, or evenly chosen ones where there are more than fit; always the last."""
    step = -(-len(days) // WIDEST)
    return days[::-1][::step][::-1]


def bands(speed: Speed) -> RenderableType:
    """How many were answered how soon, never, or not yet."""
    most = max(band.n for band in speed.bands) or 1
    table = _bars()
    for band in speed.bands:
        style = "red" if band.id == "never" else "dim" if band.id == "waiting" else "cyan"
        table.add_row(say(NAMES[band.id]), bar(band.n / most, style), say.number(band.n))
    return table


def funnel(found: Funnel) -> RenderableType:
    """How far the leads made in the period have come."""
    table = _bars(extra=2)
    for stage in found.stages:
        lag = "" if stage.median_lag_s is None else say("after {time}", time=_long(stage.median_lag_s))
        share = "" if stage.conversion is None else say.percent(stage.conversion)
        table.add_row(
            stage_name(stage.stage, say),
            bar(stage.n / found.n_leads if found.n_leads else 0, "cyan"),
            say.number(stage.n),
            Text(share + ("…" if stage.is_maturing and share else ""), style="dim"),
            Text(lag, style="dim"),
        )
    return table


def _long(seconds: float) -> str:
    """Hours and minutes up to two days, then days."""
    if seconds < 2 * DAY_S:
        return say.duration(seconds)
    return say("{n} days", n=say.number(seconds / DAY_S, 1))


def bar(share: float, style: str) -> Text:
    """A bar to the eighth of a character."""
    eighths = round(8 * BAR * min(max(share, 0), 1))
    full, rest = divmod(eighths, 8)
    return Text("█" * full + ("", *"▏▎▍▌▋▊▉")[rest], style=style)


def _bars(extra: int = 0) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(width=BAR, no_wrap=True)
    for _ in range(1 + extra):
        table.add_column(justify="right", no_wrap=True)
    return table
