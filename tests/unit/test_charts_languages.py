"""What a drawing says to a screen reader is ours and in the reader's language; Vega adds no English to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests.cards import depth_line, month_card, speed_line, total_line

from smarketing.charts.bands import bands
from smarketing.charts.chart import Chart
from smarketing.charts.depth import depth_by_day, depth_spread
from smarketing.charts.funnel import funnel
from smarketing.charts.heat import arrivals_heat, touches_heat
from smarketing.charts.render import render
from smarketing.charts.speed import in_time, waiting_times
from smarketing.charts.trend import trend
from smarketing.charts.waterfall import waterfall
from smarketing.terms.language import Words, words

READ_ALOUD = re.compile(r'aria-(?:label|description|roledescription|valuetext)="([^"]*)"')


def charts(reader: Words) -> Iterator[Chart]:
    card = month_card()
    yield waterfall(total_line(), role="marketing", words=reader)
    yield in_time(speed_line(), role="sales", words=reader)
    yield waiting_times(speed_line(), role="sales", words=reader)
    yield bands(speed_line(), words=reader)
    yield depth_by_day(depth_line(), role="sales", words=reader)
    yield depth_spread(depth_line(), role="sales", words=reader)
    yield trend(total_line(), words=reader)
    yield funnel(card.funnel, words=reader)
    yield arrivals_heat(card.heat.arrivals, words=reader)
    yield touches_heat(card.heat.touches, words=reader)


@pytest.mark.parametrize("language", ["es", "it"])
def test_only_our_sentences_are_read_aloud(language: str) -> None:
    reader = words(language)
    for chart in charts(reader):
        ours = {str(value) for rows in chart.records.values() for row in rows for value in row.values()}
        svg = render(chart, language=language)
        foreign = {unescape(text) for text in READ_ALOUD.findall(svg)} - ours
        assert not foreign, f"{chart.id}: {sorted(foreign)[:3]}"
        assert re.findall(r"<desc[^>]*>([^<]*)</desc>", svg) == [chart.desc]


def test_axes_are_drawn_and_not_described() -> None:
    svg = render(waterfall(total_line(), role="marketing", words=words("es")), language="es")
    assert "titled" not in svg and "axis" not in " ".join(READ_ALOUD.findall(svg))
    assert " oct<" in svg
