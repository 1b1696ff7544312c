"""A chart as paper shows it: the light drawing with one family of letters, its title, sentence and legend."""

from __future__ import annotations

import re
from typing import Any

from smarketing.charts._theme import colour
from smarketing.charts.chart import Chart
from smarketing.charts.render import Size, render
from smarketing.reports.figures import Figure
from smarketing.terms.language import Words

LETTERS = re.compile(r'font-family="[^"]*"')
FAMILY = 'font-family="Inter"'
BOX = re.compile(r'viewBox="0 0 ([\d.]+) ')
EDGE = 10  # letters of paper are a little wider than those that a drawing was measured with


def drawing(chart: Chart, words: Words, size: Size = Size.NARROW) -> dict[str, Any]:
    """What `paper.typ` draws; an empty chart has no `svg` and keeps its sentence."""
    svg = "" if chart.is_empty else render(chart, language=words.language, size=size)
    legend = () if chart.is_empty else chart.legend
    return _plain(chart.title, chart.sentence, chart.desc, svg, [(name, text) for name, text in legend])


def drawn(figure: Figure, size: Size = Size.NARROW) -> dict[str, Any]:
    """The same of a figure that a page has drawn already."""
    svg = str(figure.wide if size is Size.WIDE and figure.wide else figure.narrow)
    legend = [(name.replace("-", "_"), text) for name, text in figure.legend]
    return _plain(figure.title, figure.sentence, figure.sentence, svg, legend)


def _plain(title: str, sentence: str, alt: str, svg: str, legend: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "title": title,
        "sentence": sentence,
        "alt": f"{title}. {alt}",
        "svg": BOX.sub(_wider, LETTERS.sub(FAMILY, svg), count=1),
        "legend": [(colour("ink" if name == "dot" else name), text) for name, text in legend],
    }


def _wider(box: re.Match[str]) -> str:
    return f'viewBox="{-EDGE} 0 {float(box[1]) + EDGE:g} '
