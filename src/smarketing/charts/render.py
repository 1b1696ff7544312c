"""A chart as SVG text that a page can hold: named, described, with ids of its own and numbers in the reader's way."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from html import escape
from typing import Any

from smarketing.charts._theme import config
from smarketing.charts.chart import Chart, Spec

VEGA_LITE = "6.4"
LONG_NUMBER = re.compile(r"(?<=\d)(\.\d{2})\d+")
GEOMETRY = re.compile(r' (?:d|transform|[xy][12]?|width|height)="[^"]*"')  # never a text: 12.400 is a number of people
NOTHING_DRAWN = re.compile(r'<g\b[^>]*\brole="graphics-symbol"[^>]*(?:/>|></g>)')  # a nameless picture, if left in
ENGLISH_ROLES = re.compile(r' aria-roledescription="[^"]*"')  # Vega's own: the drawing as a whole is one image
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


class Size(Enum):
    """Widths in CSS pixels: a column of a desk, a telephone."""

    WIDE = 620
    NARROW = 340


def complete_spec(chart: Chart, size: Size = Size.WIDE) -> Spec:
    """The chart's spec with its data, size and theme: what any Vega-Lite 6 viewer draws."""
    height = chart.height if size is Size.WIDE else min(chart.height, 240)
    fit = {"type": "fit", "contains": "padding"}
    frame = {"$schema": SCHEMA, "width": size.value, "height": height, "autosize": fit, "padding": 2}
    return {**frame, "config": config(), "datasets": chart.records, **chart.spec}


def render(chart: Chart, *, language: str, size: Size = Size.WIDE) -> str:
    """SVG without width and height, so that CSS decides; `title` and `desc` name it.

    Vega must not be started before a process forks; its first drawing takes a second.
    """
    import vl_convert

    text = vl_convert.vegalite_to_svg(
        complete_spec(chart, size),
        vl_version=VEGA_LITE,
        allowed_base_urls=[],
        format_locale=number_locale(language),
        time_format_locale=time_locale(language),
    )
    short = GEOMETRY.sub(
        lambda found: LONG_NUMBER.sub(r"\1", found[0]), ENGLISH_ROLES.sub("", NOTHING_DRAWN.sub("", text))
    )
    return _named(_with_own_ids(short, f"{chart.id}-{size.name.lower()}"), chart, size)


def _named(svg: str, chart: Chart, size: Size) -> str:
    key = f"{chart.id}-{size.name.lower()}"
    names = f'<title id="{key}-title">{escape(chart.title)}</title><desc id="{key}-desc">{escape(chart.desc)}</desc>'
    box = re.search(r'viewBox="([^"]+)"', svg)
    inside = svg[svg.index(">") + 1 :]
    opening = f'<svg role="img" aria-labelledby="{key}-title {key}-desc" viewBox="{box[1] if box else ""}">'
    return opening + names + inside


def _with_own_ids(svg: str, prefix: str) -> str:
    """Ids of this drawing's own, counted from 0: Vega counts on through a process, and every drawing has a clip0."""
    own = {name: f"{prefix}-{n}" for n, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))}
    svg = re.sub(r'\bid="([^"]+)"', lambda found: f'id="{own[found[1]]}"', svg)
    return re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{own.get(found[1], found[1])})", svg)


@cache
def number_locale(language: str) -> dict[str, Any]:
    """How d3 writes numbers in this language."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    decimal, group = get_decimal_symbol(language), get_group_symbol(language)
    return {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"}


@cache
def time_locale(language: str) -> dict[str, Any]:
    """The names of months and days as d3 wants them: weeks begin on Sunday."""
    from babel import Locale

    locale = Locale.parse(language)

    def names(table: Any, kind: str, order: range | tuple[int, ...]) -> list[str]:
        return [str(table["stand-alone"][kind].get(n) or table["format"][kind][n]) for n in order]

    months, week = range(1, 13), (6, 0, 1, 2, 3, 4, 5)
    return {
        "dateTime": "%x %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": names(locale.days, "wide", week),
        "shortDays": names(locale.days, "abbreviated", week),
        "months": names(locale.months, "wide", months),
        "shortMonths": names(locale.months, "abbreviated", months),
    }
