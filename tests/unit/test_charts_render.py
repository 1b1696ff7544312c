"""Charts as SVG: named, safe to repeat on one page, in the reader's language, never fetching anything."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.cards import money_line, speed_line, total_line

from smarketing.charts._theme import PALETTE, style_sheet
from smarketing.charts.numbers import bare, money, rough, shown
from smarketing.charts.render import Size, number_locale, render, time_locale
from smarketing.charts.speed import in_time
from smarketing.charts.waterfall import waterfall
from smarketing.terms.language import words

EN, ES, IT = (words(language) for language in ("en", "es", "it"))


@pytest.fixture(scope="module")
def drawn() -> str:
    return render(waterfall(total_line(), role="marketing", words=EN), language="en")


def test_a_drawing_is_well_formed_and_named(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert root.findtext("title") == "Qualified leads handed over"
    assert root.attrib["aria-labelledby"].split() == ["waterfall-mqls-wide-title", "waterfall-mqls-wide-desc"]
    assert "width" not in root.attrib


def test_marks_say_formatted_numbers(drawn: str) -> None:
    assert 'aria-label="Wed 21 Oct: 252 leads so far, goal line 190"' in drawn


def test_ids_of_two_drawings_never_meet(drawn: str) -> None:
    other = render(waterfall(money_line(), role="marketing", words=EN), language="en")
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (drawn, other)]
    assert ids[0] and not ids[0] & ids[1]
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= ids[0]


def test_the_same_chart_is_drawn_with_the_same_bytes(drawn: str) -> None:
    assert render(waterfall(total_line(), role="marketing", words=EN), language="en") == drawn


def test_both_sizes_are_drawn() -> None:
    chart = in_time(speed_line(), role="sales", words=EN)
    boxes = {size: ElementTree.fromstring(render(chart, language="en", size=size)).attrib["viewBox"] for size in Size}
    assert boxes[Size.WIDE].split()[2] == "620"
    assert boxes[Size.NARROW].split()[2] == "340"


def test_an_axis_of_money_begins_at_nothing_not_at_no_thousands() -> None:
    svg = render(waterfall(money_line(), role="marketing", words=EN), language="en")
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    assert "0" in labels and "0k" not in labels and any(each.endswith("k") for each in labels)


@pytest.mark.parametrize(
    ("reader", "month", "thousand"), [(ES, "oct", "483.600"), (IT, "ott", "483.600"), (EN, "Oct", "483,600")]
)
def test_dates_and_amounts_speak_the_reader_s_language(reader: object, month: str, thousand: str) -> None:
    svg = render(waterfall(money_line(), role="marketing", words=reader), language=reader.language)  # type: ignore[arg-type, attr-defined]
    assert f" {month}<" in svg
    assert thousand in svg


def test_text_of_people_is_text(drawn: str) -> None:
    hostile = replace(total_line(), title='<script>alert("x")</script>')
    svg = render(waterfall(hostile, role="marketing", words=EN), language="en")
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).findtext("title") == '<script>alert("x")</script>'
    assert "<script" not in drawn


def test_a_spec_that_asks_the_network_is_refused() -> None:
    chart = waterfall(total_line(), role="marketing", words=EN)
    asking = replace(chart, spec={"data": {"url": "https://example.org/x.json"}, "mark": "bar"})
    with pytest.raises(ValueError, match=r"example\.org"):
        render(asking, language="en")


def test_nothing_is_asked_of_the_network(drawn: str) -> None:
    assert set(re.findall(r"https?://[^\"' <]+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_numbers_of_each_language() -> None:
    assert number_locale("es") == number_locale("it") == {**number_locale("en"), "decimal": ",", "thousands": "."}
    assert time_locale("es")["shortDays"][0] == "dom"
    assert time_locale("it")["months"][9] == "ottobre"


def test_every_colour_has_a_dark_twin_in_the_style_sheet() -> None:
    css = style_sheet()
    for name, (light, dark) in PALETTE.items():
        assert f"--chart-{name.replace('_', '-')}:light-dark({light},{dark})" in css
        assert f'[fill="{light}"]' in css and f'[stroke="{light}"]' in css


def test_light_colours_are_all_different_so_that_each_can_be_recoloured() -> None:
    lights = [light for light, _ in PALETTE.values()]
    assert len(set(lights)) == len(lights)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "leads", "–"),
        (1, "leads", "1 lead"),
        (248, "leads", "248 leads"),
        (62.3, "leads", "62 leads"),
        (4.7, "leads", "4.7 leads"),
        (0.824, "ratio", "82.4 %"),
        (327_600, "EUR", "€327,600"),
        (4.309, "touches", "4.31 touches"),
        (700, "points", "700 points"),
        (3, "reams", "3 reams"),
        (5400, "seconds", "1 h 30 min"),
    ],
)
def test_a_number_with_its_unit(value: float | None, unit: str, text: str) -> None:
    assert shown(value, unit, EN).replace("\u00a0", " ") == text


def test_a_number_without_its_unit() -> None:
    assert bare(None, "leads", EN) == "–"
    assert bare(248, "leads", EN) == "248"
    assert money(12_400, "EUR", ES) == "12.400\u00a0€"


def test_seconds_are_said_only_of_short_times() -> None:
    assert rough(95, EN).replace("\u00a0", " ") == "1 min 35 s"
    assert rough(1903, EN).replace("\u00a0", " ") == "32 min"
    assert rough(None, EN) == "–"
