"""The words on a ruler: start, risk, due, stop and now, placed so that few lines run through them."""

from __future__ import annotations

from itertools import permutations, product

from smarketing.charts.chart import Records
from smarketing.charts.working_time import Axis
from smarketing.scorecard.explain.explanation import ClockExplained, Instant
from smarketing.terms.language import Words
from smarketing.terms.zones import zone

LETTER = 6.4 / 340  # of a telephone's width
LABEL = 17


def marks_of(clock: ClockExplained, now: Instant, axis: Axis, words: Words) -> Records:
    """Start, risk, due, stop and now, each with its own line of text, placed so that texts cross few lines."""
    is_late = clock.due is not None and clock.stop is not None and clock.stop.utc > clock.due.utc
    known = [
        (clock.start, "ink", words("Start")),
        (clock.risk, "open", words("At risk")),
        (clock.due, "goal", words("Due")),
        (clock.stop, "bad" if is_late else "good", words("Stop")),
        (now if clock.verdict == "running" else None, "sales", words("Now")),
    ]
    found: Records = [
        {"at": axis.place(at.utc), "tone": tone, "text": f"{name} {short_instant(at, axis.zone, words)}"}
        for at, tone, name in known
        if at
    ]
    levels, sides = min(
        product(permutations(range(len(found))), product((True, False), repeat=len(found))),
        key=lambda choice: _crossings(found, *choice),
    )
    placed = zip(found, levels, sides, strict=True)
    return [mark | {"level": level, "is_left": is_left} for mark, level, is_left in placed]


def _crossings(marks: Records, levels: tuple[int, ...], sides: tuple[bool, ...]) -> float:
    """How much texts are crossed by the lines of others or leave the ruler."""
    cost = 0.0
    for position, mark in enumerate(marks):
        width = len(mark["text"]) * LETTER + 0.02
        begun, ended = (mark["at"], mark["at"] + width) if sides[position] else (mark["at"] - width, mark["at"])
        cost += 10 * (max(0.0, -begun) + max(0.0, ended - 1)) + 0.001 * levels[position] * (1 - mark["at"])
        cost += sum(
            begun - 0.01 < other["at"] < ended + 0.01
            for n, other in enumerate(marks)
            if n != position and levels[n] < levels[position]
        )
    return cost


def labels(marks: Records, height: int, *, is_left: bool) -> Records:
    return [
        {"at": mark["at"], "y": height - mark["level"] * LABEL - 8, "text": mark["text"]}
        for mark in marks
        if mark["is_left"] is is_left
    ]


def short_instant(at: Instant, zone_name: str, words: Words) -> str:
    """`Tue 13, 10:00:19`: seconds only where there are some."""
    from babel.dates import format_datetime

    local = at.utc.astimezone(zone(zone_name))
    form = "EEE d, HH:mm:ss" if local.second else "EEE d, HH:mm"
    return str(format_datetime(local, form, locale=words.language))
