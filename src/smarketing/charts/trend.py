"""The last periods of one promise, each beside its own target."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing.charts._parts import SHORTENED, categories, from_zero, steps
from smarketing.charts._theme import colour
from smarketing.charts.chart import Chart, Spec, Table
from smarketing.charts.numbers import bare, is_currency
from smarketing.scorecard.card import Line, Trend
from smarketing.scorecard.word import Word
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain

OF_THE_WHOLE = N_("The ticks are of the whole promise; these leads are a part of it.")
A_PART = N_("a part")
STANDING = {True: N_("met"), False: N_("missed"), None: N_("open")}
NOT_YET, NOT_HELD = N_("not promised yet"), N_("not promised")


def trend(line: Line, *, words: Words) -> Chart:
    """Up to twelve periods, the latest last: bars are what happened, ticks what was promised."""
    shown = [period for period in line.trend if period.actual is not None]
    rows = [_record(period, line, words) for period in shown]
    return Chart(
        id=f"trend-{line.id}",
        title=line.title or line.id,
        desc=words("One bar for each period, a tick where its target was; green was met, red was missed."),
        sentence=words(OF_THE_WHOLE) if line.word is Word.PART else _sentence(shown, words),
        spec=spec(line.actual_unit),
        records={"periods": rows},
        table=_table(line, words),
        height=150,
    )


def spec(unit: str) -> Spec:
    y = from_zero(tickCount=3, **_format(unit))
    tick = {"type": "tick", "thickness": 2.5, "color": colour("goal"), "opacity": 1, "width": {"band": 0.9}}
    return {
        "data": {"name": "periods"},
        "encoding": {"x": categories("period", labelAngle=0, labelPadding=8, labelColor=colour("muted"))},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2, "width": {"band": 0.62}},
                "encoding": {
                    "y": {"field": "actual", **y},
                    "color": steps("standing", ["met", "missed", "open"], ["good", "bad", "quiet"]),
                    "description": {"field": "say"},
                },
            },
            {"mark": tick | {"aria": False}, "encoding": {"y": {"field": "target", **y}}},
        ],
    }


def _format(unit: str) -> Spec:
    if unit == "ratio":
        return {"format": ".0%"}
    if unit == "seconds":
        return {"labelExpr": "datum.label + ' h'"}
    return SHORTENED if is_currency(unit) or unit == "points" else {"format": ",.0f"}


def period_name(period: Trend, grain: Grain, words: Words) -> str:
    """A few letters: `Oct`, `Oct 25` at a turn of the year, `W42`, `Q3 25`."""
    from babel.dates import format_date

    on = period.from_on
    if grain is Grain.MONTH:
        return str(format_date(on, "LLL", locale=words.language)) + (f" {on:%y}" if on.month == 1 else "")
    if grain is Grain.QUARTER:
        return str(format_date(on, "QQQ", locale=words.language)) + f" {on:%y}"
    if grain is Grain.YEAR:
        return f"{on:%Y}"
    return str(format_date(on, "d MMM", locale=words.language))


def period_title(period: Trend, grain: Grain, words: Words) -> str:
    if grain is Grain.MONTH:
        text = words.month(period.from_on)
        return text[0].upper() + text[1:]
    return period.label


def _record(period: Trend, line: Line, words: Words) -> dict[str, object]:
    scale = 3600 if line.actual_unit == "seconds" else 1
    standing = {True: "met", False: "missed", None: "open"}[period.is_target_met]
    say = words(
        "{period}: {actual}, target {target}, {standing}",
        period=period_title(period, _grain(line), words),
        actual=bare(period.actual, line.actual_unit, words),
        target=bare(period.target, line.actual_unit, words),
        standing=standing_of(period, line.trend, line, words),
    )
    return {
        "period": period_name(period, _grain(line), words),
        "actual": (period.actual or 0) / scale,
        "target": None if period.target is None else period.target / scale,
        "standing": standing,
        "say": say,
    }


def _grain(line: Line) -> Grain:
    """The grain of the card, told by the length of its latest period."""
    if not line.trend:
        return line.period
    days = (line.trend[-1].until_on - line.trend[-1].from_on).days
    steps = ((1, Grain.DAY), (7, Grain.WEEK), (31, Grain.MONTH), (92, Grain.QUARTER))
    return next((grain for most, grain in steps if days <= most), Grain.YEAR)


def standing_of(period: Trend, among: Sequence[Trend], line: Line, words: Words) -> str:
    """A word for one period `among` others; where no version was in force, whether one came later."""
    if line.word is Word.PART:
        return words(A_PART)
    if period.target is None and period.is_target_met is None:
        is_first = all(each.target is None for each in among if each.from_on < period.from_on)
        return words(NOT_YET if is_first else NOT_HELD)
    return words(STANDING[period.is_target_met])


def _sentence(shown: list[Trend], words: Words) -> str:
    decided = [period.is_target_met for period in shown if period.is_target_met is not None]
    if not decided:
        return words("No period has been decided yet.")
    return words("Met in {n} of {m} decided periods.", n=words.number(sum(decided)), m=words.number(len(decided)))


def _table(line: Line, words: Words) -> Table:
    headers = (words("Period"), words("Actual"), words("Target"), words("Standing"))
    grain, unit = _grain(line), line.actual_unit
    rows = tuple(
        (
            period_title(period, grain, words),
            bare(period.actual, unit, words),
            bare(period.target, unit, words),
            standing_of(period, line.trend, line, words),
        )
        for period in line.trend
    )
    return Table(headers, rows)
