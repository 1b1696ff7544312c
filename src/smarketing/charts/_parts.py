"""The axes, bars and lines that several charts share, so that they look alike and begin at zero."""

from __future__ import annotations

from typing import Any

from smarketing.charts._theme import colour, of_role
from smarketing.charts.chart import Spec


def utc(field: str, **more: Any) -> Spec:
    """Time on Vega's UTC scale: a drawing never depends on the zone of the machine that makes it."""
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "title": None, **more}


def day_axis() -> Spec:
    return utc("from", axis={"format": "%-d %b", "tickCount": 8})


def from_zero(**axis: Any) -> Spec:
    """A number whose axis begins at zero; the field is named where it is used."""
    return {"type": "quantitative", "title": None, "scale": {"zero": True}, "axis": axis}


# d3 writes every label of an axis in thousands once the last one is, nothing too: "0k"
SHORTENED: Spec = {"format": "~s", "labelExpr": "datum.value === 0 ? '0' : datum.label"}


def categories(field: str, **axis: Any) -> Spec:
    """Names in the order of the records."""
    calm: Spec = {"ticks": False, "domain": False, "labelColor": colour("ink"), **axis}
    return {"field": field, "type": "ordinal", "sort": None, "title": None, "axis": calm}


def columns(data: str, y: Spec, top: str, paint: Spec, foot: str = "zero", edge: str = "") -> Spec:
    """Bars between two instants, from `foot` to `top`; each is described by its field `say`.

    `edge` outlines them, so that pale ones stand out from the paper too.
    """
    edges = {"x": day_axis(), "x2": {"field": "until"}, "y": {"field": foot, **y}, "y2": {"field": top}}
    return {
        "data": {"name": data},
        "mark": {"type": "rect", "cornerRadius": 1.5} | outline(edge),
        "encoding": {**edges, "color": paint, "description": {"field": "say"}},
    }


def frame_layer() -> Spec:
    """Two unseen points: the whole period is on the axis, however little has happened."""
    look = {"type": "point", "opacity": 0, "aria": False}
    return {"data": {"name": "frame"}, "mark": look, "encoding": {"x": utc("at")}}


def path(data: str, y: Spec, field: str, tone: str, at: str = "at", **mark: Any) -> Spec:
    """A line through the records."""
    look = {"type": "line", "color": colour(tone), "strokeWidth": 2, "aria": False, **mark}
    return {"data": {"name": data}, "mark": look, "encoding": {"x": utc(at), "y": {"field": field, **y}}}


def promise(data: str, y: Spec) -> list[Spec]:
    """A dashed line at the promised height, a piece for each version's, named at its right end.

    The records have the fields from, until, amount and text.
    """
    look = {"type": "rule", "color": colour("goal"), "strokeDash": [6, 4], "strokeWidth": 1.75, "aria": False}
    name = {"type": "text", "align": "right", "dy": -8, "fontWeight": 600, "aria": False}
    height = {"field": "amount", **y}
    return [
        {"data": {"name": data}, "mark": look, "encoding": {"x": utc("from"), "x2": {"field": "until"}, "y": height}},
        {
            "data": {"name": data},
            "mark": name,
            "encoding": {"x": utc("until"), "y": height, "text": {"field": "text"}},
        },
    ]


def one_colour(name: str) -> Spec:
    return {"value": colour(name)}


def outline(name: str) -> Spec:
    return {"stroke": colour(name), "strokeWidth": 0.8} if name else {}


def kept_colour(role: str) -> Spec:
    """Strong where the promise was kept (field is_kept), soft where it was not."""
    name = of_role(role)
    return steps("is_kept", [True, False], [name, f"{name}_soft"])


def steps(field: str, domain: list[Any], names: list[str]) -> Spec:
    scale = {"domain": domain, "range": [colour(name) for name in names]}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}


def labelled_bars(data: str, y: Spec, x: Spec, paint: Spec) -> Spec:
    """Lying bars with their field `text` behind the end; `room` reaches beyond the longest and its text."""
    return {
        "data": {"name": data},
        "encoding": {"y": y, "x": x},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.68}},
                "encoding": {"color": paint, "description": {"field": "say"}},
            },
            {"mark": {"type": "point", "opacity": 0, "aria": False}, "encoding": {"x": {**x, "field": "room"}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": colour("muted"), "aria": False},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }
