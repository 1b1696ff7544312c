"""A chart as a picture for mail, which shows neither SVG nor our legend: light on white, with its legend drawn in."""

from __future__ import annotations

from typing import Any

from smarketing.charts._theme import colour, config
from smarketing.charts.chart import Chart, Spec
from smarketing.charts.render import SCHEMA, VEGA_LITE, number_locale, time_locale

WIDTH = 440  # CSS pixels without the axis; the picture is twice as sharp
SHARP = 2
LETTER, SQUARE, GAP = 6.6, 18, 22


def picture(chart: Chart, *, language: str) -> bytes:
    """PNG; the same chart gives the same bytes. Empty where there is nothing to draw.

    Vega must not be started before a process forks; its first drawing takes a second.
    """
    import vl_convert

    if chart.is_empty:
        return b""
    png: bytes = vl_convert.vegalite_to_png(
        picture_spec(chart),
        vl_version=VEGA_LITE,
        scale=SHARP,
        allowed_base_urls=[],
        format_locale=number_locale(language),
        time_format_locale=time_locale(language),
    )
    return png


def picture_spec(chart: Chart) -> Spec:
    """The chart's own spec under its legend."""
    drawn = {**chart.spec, "width": WIDTH, "height": min(chart.height, 220)}
    frame: dict[str, Any] = {"$schema": SCHEMA, "config": config() | {"background": "#ffffff"}, "padding": 10}
    parts = [_legend(chart.legend), drawn] if chart.legend else [drawn]
    return {**frame, "datasets": chart.records, "spacing": 12, "vconcat": parts}


def _legend(legend: tuple[tuple[str, str], ...]) -> Spec:
    """A square and a few words for each colour, one after the other."""
    entries, x = [], 0.0
    for name, text in legend:
        entries.append({"x": x, "text": text, "paint": colour("ink" if name == "dot" else name)})
        x += SQUARE + LETTER * len(text) + GAP
    place = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, WIDTH], "nice": False}}
    paint = {"field": "paint", "type": "nominal", "scale": None, "legend": None}
    square = {"type": "point", "shape": "square", "filled": True, "size": 110, "opacity": 1}
    return {
        "width": WIDTH,
        "height": 14,
        "data": {"values": entries},
        "encoding": {"x": place, "y": {"value": 7}},
        "layer": [
            {"mark": square, "encoding": {"color": paint}},
            {
                "mark": {"type": "text", "align": "left", "dx": 11, "baseline": "middle", "color": colour("muted")},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }
