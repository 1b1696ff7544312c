"""The colours and letters of every chart, in light and in dark.

A spec names a colour by its light value. A page overrides that presentation attribute through a CSS variable,
so that one drawing serves both schemes; a PDF or a mail shows the light one as it is.
"""

from __future__ import annotations

from typing import Any

FONT = "Inter, 'Segoe UI', system-ui, Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"

PALETTE: dict[str, tuple[str, str]] = {
    # name: (light, dark)
    "ink": ("#1d1f27", "#eceef4"),
    "muted": ("#666b7a", "#a0a6b7"),
    "grid": ("#e8e8ed", "#2b2f3b"),
    "axis": ("#c7c9d2", "#474c5c"),
    "goal": ("#3b3e4a", "#d5d8e2"),
    "marketing": ("#a3387c", "#e279b8"),
    "marketing_soft": ("#ecd3e3", "#4d2a41"),
    "sales": ("#2f5fd0", "#7ea2ff"),
    "sales_soft": ("#d3dff7", "#26375f"),
    "other": ("#0f7f86", "#4fc3c9"),
    "other_soft": ("#cfe9ea", "#1c4144"),
    "good": ("#1c8657", "#4fce94"),
    "bad": ("#c63d36", "#ff8379"),
    "open": ("#a86b12", "#f0b95a"),
    "quiet": ("#b9bcc8", "#565b6b"),
    "band_1": ("#14694a", "#58d6a0"),
    "band_2": ("#4f9d6f", "#3fae7f"),
    "band_3": ("#a9b665", "#a3ad55"),
    "band_4": ("#dd9a4a", "#d98f3f"),
    "band_5": ("#c4453d", "#ef7369"),
    "band_6": ("#bfc3ce", "#4c5161"),
    "heat_0": ("#f3f3f6", "#20232d"),
    "heat_1": ("#e3d9ec", "#332b47"),
    "heat_2": ("#cbb4dd", "#4a3a6b"),
    "heat_3": ("#a886c6", "#6b539a"),
    "heat_4": ("#7f55a8", "#9273cb"),
    "heat_5": ("#53307f", "#c3a8f5"),
}
HEAT = tuple(f"heat_{step}" for step in range(6))
BANDS = tuple(f"band_{step}" for step in range(1, 7))
ROLES = {"marketing": "marketing", "sales": "sales"}


def colour(name: str) -> str:
    return PALETTE[name][0]


def of_role(role: str) -> str:
    """The colour of a party; service and customers share one."""
    return ROLES.get(role, "other")


def config() -> dict[str, Any]:
    """Vega's own settings: no frame, hairlines, letters that a machine without fonts can draw."""
    letters = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "labelColor": colour("muted")}
    hairlines = {"gridColor": colour("grid"), "domainColor": colour("axis"), "tickColor": colour("axis")}
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": letters
        | hairlines
        | {"aria": False, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6},
        "axisX": {"grid": False, "tickSize": 4, "labelOverlap": "greedy", "labelSeparation": 8},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "text": {"font": FONT, "fontSize": 12, "fill": colour("ink")},
        "legend": {"disable": True},
    }


def style_sheet() -> str:
    """CSS that repaints a light drawing: variables for both schemes and one rule for each colour."""
    variables = "".join(f"--chart-{_dashed(n)}:light-dark({a},{b});" for n, (a, b) in PALETTE.items())
    rules = "".join(
        f'.chart svg [{what}="{light}"]{{{what}:var(--chart-{_dashed(name)})}}'
        for name, (light, _) in PALETTE.items()
        for what in ("fill", "stroke")
    )
    return f":root{{{variables}}}{rules}"


def _dashed(name: str) -> str:
    return name.replace("_", "-")
