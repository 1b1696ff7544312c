"""The days of a week: leads that marketing handed over beside the contacts that sales made."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing.charts._parts import categories, from_zero
from smarketing.charts._theme import colour
from smarketing.charts.chart import Chart, Spec, Table
from smarketing.charts.numbers import short_day
from smarketing.scorecard.activity import ActivityDay
from smarketing.terms.language import Words

TEAMS = ("marketing", "sales")


def week_days(days: Sequence[ActivityDay], *, words: Words) -> Chart:
    """Two bars a day; no records where nothing happened."""
    n_leads, n_touches = sum(day.n_handed_over for day in days), sum(day.n_touches for day in days)
    leads = words.plural("{n} lead was handed over", "{n} leads were handed over", n_leads)
    touches = words.plural("{n} contact was made.", "{n} contacts were made.", n_touches)
    return Chart(
        id="week-days",
        title=words("Day by day"),
        desc=words("Two bars for each day: leads handed over to sales, and contacts that sales made."),
        sentence=f"{leads}; {touches}",
        spec=spec(),
        records={"bars": [bar for day in days for bar in _bars(day, words)] if n_leads + n_touches else []},
        table=Table(
            (words("Day"), words("Leads handed over"), words("Contacts made")),
            tuple(
                (short_day(day.on, words), words.number(day.n_handed_over), words.number(day.n_touches)) for day in days
            ),
        ),
        height=190,
        legend=(("marketing", words("leads handed over")), ("sales", words("contacts made"))),
    )


def spec() -> Spec:
    paint = {"domain": list(TEAMS), "range": [colour(team) for team in TEAMS]}
    return {
        "data": {"name": "bars"},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": categories("day", labelAngle=0, labelPadding=8, labelColor=colour("muted")),
            "xOffset": {"field": "team", "type": "nominal", "sort": list(TEAMS), "scale": {"domain": list(TEAMS)}},
            "y": {"field": "n", **from_zero(tickCount=4, format=",.0f")},
            "color": {"field": "team", "type": "nominal", "scale": paint, "legend": None},
            "description": {"field": "say"},
        },
    }


def _bars(day: ActivityDay, words: Words) -> list[dict[str, object]]:
    """A day's two bars."""
    name = short_day(day.on, words)
    leads = words.plural("{day}: {n} lead handed over", "{day}: {n} leads handed over", day.n_handed_over, day=name)
    touches = words.plural("{day}: {n} contact made", "{day}: {n} contacts made", day.n_touches, day=name)
    short = name.split()[0].rstrip(",")
    return [
        {"day": f"{short} {day.on.day}", "team": "marketing", "n": day.n_handed_over, "say": leads},
        {"day": f"{short} {day.on.day}", "team": "sales", "n": day.n_touches, "say": touches},
    ]
