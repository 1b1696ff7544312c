"""What the chart dicts mean: named data only, honest axes, one theme, words and a table for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.cards import depth_line, money_line, month_card, speed_line, total_line

from smarketing.charts import _theme
from smarketing.charts.bands import bands
from smarketing.charts.chart import Chart
from smarketing.charts.depth import depth_by_day, depth_spread
from smarketing.charts.funnel import funnel
from smarketing.charts.heat import arrivals_heat, touches_heat
from smarketing.charts.render import complete_spec
from smarketing.charts.speed import allowance, in_time, waiting_times
from smarketing.charts.trend import trend
from smarketing.charts.waterfall import waterfall
from smarketing.terms.language import words

EN = words("en")
CARD = month_card()


def every_chart() -> dict[str, Chart]:
    charts = (
        waterfall(total_line(), role="marketing", words=EN),
        waterfall(money_line(), role="marketing", words=EN),
        in_time(speed_line(), role="sales", words=EN),
        waiting_times(speed_line(), role="sales", words=EN),
        depth_by_day(depth_line(), role="sales", words=EN),
        depth_spread(depth_line(), role="sales", words=EN),
        bands(speed_line(), words=EN),
        funnel(CARD.funnel, words=EN),
        arrivals_heat(CARD.heat.arrivals, words=EN),
        touches_heat(CARD.heat.touches, words=EN),
        trend(total_line(), words=EN),
    )
    return {chart.id: chart for chart in charts}


CHARTS = every_chart()
each_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())


def inside(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from inside(item)


def layers(
    spec: dict[str, Any], data: str = "", shared: dict[str, Any] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mark with the name of its data and all encodings that reach it."""
    name = spec.get("data", {}).get("name", data)
    encodings = {**(shared or {}), **spec.get("encoding", {})}
    for layer in spec.get("layer", []):
        yield from layers(layer, name, encodings)
    if "mark" in spec:
        yield name, {**spec, "encoding": encodings}


@each_chart
def test_a_spec_holds_no_data_and_no_address(chart: Chart) -> None:
    text = json.dumps(chart.spec)
    assert '"values"' not in text or chart.id.startswith("heat")  # the heat map's axis lists its hours
    assert "url" not in text and "http" not in text
    named = {node["data"]["name"] for node in inside(chart.spec) if "data" in node}
    assert named == set(chart.records)


@each_chart
def test_every_encoded_field_is_in_every_record(chart: Chart) -> None:
    for name, mark in layers(chart.spec):
        fields = {channel["field"] for channel in mark["encoding"].values() if "field" in channel}
        assert [row for row in chart.records[name] if not fields <= set(row)] == []


@each_chart
def test_lengths_begin_at_zero(chart: Chart) -> None:
    for node in inside(chart.spec):
        if node.get("type") == "quantitative":
            assert node["scale"].get("zero") is True or node["scale"].get("domain", [1])[0] == 0


@each_chart
def test_time_is_drawn_in_utc(chart: Chart) -> None:
    assert all(node["scale"] == {"type": "utc"} for node in inside(chart.spec) if node.get("type") == "temporal")


@each_chart
def test_every_visible_mark_is_silent_or_says_a_formatted_sentence(chart: Chart) -> None:
    for _, mark in layers(chart.spec):
        look = mark["mark"]
        assert look.get("aria") is False or mark["encoding"]["description"] == {"field": "say"}


@each_chart
def test_colours_come_from_the_theme(chart: Chart) -> None:
    known = {light for light, _ in _theme.PALETTE.values()}
    used = {text for text in json.dumps(chart.spec).split('"') if text.startswith("#")}
    assert used <= known


@each_chart
def test_every_chart_has_its_words_and_its_table(chart: Chart) -> None:
    assert chart.title and chart.desc and chart.sentence.endswith(".")
    assert chart.table.rows
    assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)


@each_chart
def test_fonts_end_in_one_that_every_machine_has(chart: Chart) -> None:
    fonts = [
        value for node in inside(complete_spec(chart)) for key, value in node.items() if key.lower()[-4:] == "font"
    ]
    assert fonts and all(str(font).endswith("sans-serif") for font in fonts)


def test_the_goal_line_climbs_from_nothing_to_exactly_the_goal() -> None:
    goal = CHARTS["waterfall-mqls"].records["goal"]
    assert goal[0]["amount"] == 0
    assert goal[-1]["amount"] == pytest.approx(280)


def test_the_bars_of_the_waterfall_stand_on_one_another() -> None:
    days = CHARTS["waterfall-mqls"].records["days"]
    assert len(days) == 21
    assert [day["before"] for day in days[1:]] == [day["sum"] for day in days[:-1]]
    assert days[0]["before"] == 0 and days[-1]["sum"] == 252


def test_the_projection_goes_from_today_to_the_last_day() -> None:
    ahead = CHARTS["waterfall-mqls"].records["ahead"]
    assert [point["amount"] for point in ahead] == [252, 372]
    assert ahead[1]["at"] == CHARTS["waterfall-mqls"].records["goal"][-1]["at"]


def test_a_closed_month_projects_nothing() -> None:
    chart = waterfall(total_line(today=31), role="marketing", words=EN)
    assert chart.records["ahead"] == []
    assert chart.sentence == "372 leads came in; the goal was 280, kept with 92 to spare."


def test_a_total_behind_its_line_says_so() -> None:
    line = total_line()
    assert line.pace is not None
    behind = replace(line, pace=replace(line.pace, gap=-12.0, actual=178.0, line=190.0))
    assert waterfall(behind, role="marketing", words=EN).sentence == "178 leads so far, 12 behind the goal line of 190."


def test_a_missed_month_says_by_how_much() -> None:
    line = total_line(today=31)
    assert line.pace is not None
    missed = replace(line, pace=replace(line.pace, gap=-30.0, actual=250.0, line=280.0))
    assert "missed by 30" in waterfall(missed, role="marketing", words=EN).sentence


def test_hours_are_drawn_and_the_allowance_is_a_line() -> None:
    chart = CHARTS["waiting-speed"]
    assert chart.records["allowance"][0]["amount"] == 2
    assert chart.records["waits"][0]["median"] == pytest.approx(0.5, abs=1)


def test_an_allowance_in_days_has_no_line_of_hours() -> None:
    assert allowance(replace(speed_line(), target="80 % within 2 business days")) is None
    assert allowance(replace(speed_line(), target="what the parties agree")) is None
    chart = waiting_times(replace(speed_line(), target="80 % within 2 business days"), role="sales", words=EN)
    assert chart.records["allowance"] == []


def test_a_day_is_kept_from_the_promised_share_on() -> None:
    rows = CHARTS["in-time-speed"].records["shares"]
    assert {row["is_kept"] for row in rows} == {True, False}
    assert all(row["is_kept"] == (row["share"] >= 0.8) for row in rows)


def test_bands_add_up_to_every_lead_that_counts() -> None:
    assert sum(row["leads"] for row in CHARTS["bands-speed"].records["bands"]) == 229


def test_attempts_end_with_one_bar_for_all_above() -> None:
    line = depth_line()
    assert line.depth is not None
    long = replace(line, depth=replace(line.depth, touches=(1,) * 21))
    rows = depth_spread(long, role="sales", words=EN).records["attempts"]
    assert len(rows) == 13
    assert rows[-1] == rows[-1] | {"attempts": "12+", "leads": 9}
    assert sum(row["leads"] for row in rows) == 21


def test_the_darkest_hour_is_the_busiest() -> None:
    cells = CHARTS["heat-arrivals"].records["hours"]
    assert len(cells) == 7 * 24
    assert max(cells, key=lambda cell: cell["n"])["step"] == 5
    assert {cell["step"] for cell in cells if cell["n"] == 0} == {0}


def test_a_trend_keeps_each_period_beside_its_own_target() -> None:
    rows = CHARTS["trend-mqls"].records["periods"]
    assert [row["standing"] for row in rows][-1] == "open"
    assert all(row["target"] == 270 for row in rows)
    assert CHARTS["trend-mqls"].sentence == "Met in 3 of 8 decided periods."


def test_periods_before_a_promise_existed_say_so() -> None:
    line = total_line()
    gap = len(line.trend) - 2
    nothing = {number: replace(line.trend[number], target=None, is_target_met=None) for number in (0, 1, gap)}
    known = [replace(each, target=270.0) for each in line.trend]
    chart = trend(replace(line, trend=tuple(nothing.get(n, each) for n, each in enumerate(known))), words=EN)
    standings = [row[3] for row in chart.table.rows]
    assert standings[:2] == ["not promised yet", "not promised yet"]
    assert standings[gap] == "not promised"
    assert standings[-1] == "open"
    assert all("promised" not in said for number, said in enumerate(standings) if number not in nothing)


def test_nothing_to_draw_is_no_error() -> None:
    bare = replace(speed_line(), days=(), speed=None, trend=(), attainment=None, n_met=0, n_breached=0)
    nothing = (
        in_time(bare, role="sales", words=EN),
        waiting_times(bare, role="sales", words=EN),
        bands(bare, words=EN),
        trend(bare, words=EN),
        depth_by_day(replace(depth_line(), days=(), depth=None), role="sales", words=EN),
        depth_spread(replace(depth_line(), depth=None), role="sales", words=EN),
        waterfall(replace(total_line(), days=(), pace=None), role="marketing", words=EN),
        funnel(replace(CARD.funnel, n_leads=0, stages=()), words=EN),
        arrivals_heat(((0,) * 24,) * 7, words=EN),
    )
    assert [chart.id for chart in nothing if not chart.is_empty] == []
    assert all(chart.sentence.endswith(".") for chart in nothing)


def test_a_year_is_drawn_by_the_promise_s_own_periods() -> None:
    line = replace(speed_line(), days=speed_line().days * 3, periods=speed_line().trend)
    chart = in_time(
        replace(line, periods=tuple(replace(p, n_met=8, n_breached=2) for p in line.periods)), role="sales", words=EN
    )
    assert len(chart.records["shares"]) == len(line.periods)
    assert " – " in chart.table.rows[0][0]


def test_the_promised_line_steps_where_a_new_version_came_into_force() -> None:
    before, after = (replace(p, n_met=81, n_breached=19) for p in speed_line().trend[:2])
    periods = (replace(before, target=0.8), replace(after, target=0.82))
    line = replace(speed_line(), days=speed_line().days * 3, periods=periods)
    chart = in_time(line, role="sales", words=EN)
    assert [(piece["amount"], piece["text"]) for piece in chart.records["target"]] == [
        (0.8, ""),
        (0.82, "Promised 82\u00a0%"),
    ]
    assert [row["is_kept"] for row in chart.records["shares"]] == [True, False]


def test_a_year_of_days_climbs_by_weeks_and_loses_nothing() -> None:
    line = total_line()
    year = replace(line, days=line.days[:21] * 17 + line.days[21:])
    chart = waterfall(year, role="marketing", words=EN)
    assert len(chart.records["days"]) < 60
    assert chart.records["days"][-1]["sum"] == 252
    assert chart.records["goal"][-1]["amount"] == pytest.approx(280)
