"""Why a lead was judged as it was, drawn on working time: the clocks, the pauses, every touch, and the due instant."""

from __future__ import annotations

from datetime import datetime

from smarketing.charts._parts import steps
from smarketing.charts._theme import colour
from smarketing.charts.chart import Chart, Records, Spec, Table
from smarketing.charts.ruler_labels import LABEL, LETTER, labels, marks_of
from smarketing.charts.ruler_table import ruler_table, timing_text, timings_of, what, why
from smarketing.charts.working_time import Axis, axis_of
from smarketing.scorecard.explain.explanation import ClockExplained, Explanation, Instant, Timing
from smarketing.terms.language import N_, Words

MOST_NUMBERS = 12  # more touches than that are marks without numbers
MOST_DAYS = 14  # longer rulers name days, not hours
LANE, BAR, CLOCK = 26, 18, 30
FOOT = 34
VERDICTS = {"met": N_("met"), "breached": N_("breached"), "running": N_("running"), "void": N_("void")}
TONES = ["good", "bad", "open", "axis", "grid", "ink", "goal", "sales", "quiet"]


def ruler(explanation: Explanation, words: Words) -> Chart:
    """The clock that says most: the latest that counts, else the latest; an empty chart says why there is none."""
    counted = [clock for clock in explanation.clocks if clock.verdict != "void"] or list(explanation.clocks)
    if not counted:
        return _nothing(explanation, words)
    return clock_ruler(counted[-1], explanation.now, words)


def rulers(explanation: Explanation, words: Words) -> tuple[Chart, ...]:
    """One for each clock of the lead, in their order."""
    return tuple(clock_ruler(clock, explanation.now, words) for clock in explanation.clocks)


def clock_ruler(clock: ClockExplained, now: Instant, words: Words) -> Chart:
    until = now.utc if clock.verdict == "running" else clock.start.utc
    axis = axis_of(clock, max([until, *(s.end.utc for s in clock.segments)]))
    marks = marks_of(clock, now, axis, words)
    top, timings = len(marks) * LABEL + 6, timings_of(clock)
    foot = top + LANE + BAR + 12 + CLOCK * len(timings)
    height = foot + FOOT
    below = height - top - LANE - BAR - 5
    records = {
        "shade": [
            {"from": p.left, "until": p.right, "top": height - top, "foot": height - foot}
            for p in axis.pieces
            if not p.is_open
        ],
        "bars": _bars(clock, axis, height - top - LANE) + _timing_bars(timings, axis, height, foot, now),
        "rules": [mark | {"foot": below, "top": height - mark["level"] * LABEL - 12} for mark in marks],
        "left": labels(marks, height, is_left=True),
        "right": labels(marks, height, is_left=False),
        "touches": _touches(clock, axis, height - top - LANE + 9, words),
        "names": _timing_names(timings, height, foot, words),
        "hours": _hours(axis, height - foot),
        "days": _days(axis, height - foot, words),
    }
    return Chart(
        id=f"ruler-{clock.clause.id}-{clock.episode}",
        title=f"{clock.clause.title or clock.clause.id}: {words(VERDICTS[clock.verdict])}",
        desc=_desc(axis, words),
        sentence=clock.sentence,
        spec=spec(height),
        records=records,
        table=ruler_table(clock, words),
        height=height,
        legend=_legend(clock, axis, words),
    )


def spec(height: int) -> Spec:
    """Places are shares of the width, heights are pixels counted from the foot."""
    x: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    y: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, height], "nice": False}}
    box = {"x": {"field": "from", **x}, "x2": {"field": "until"}, "y": {"field": "foot", **y}, "y2": {"field": "top"}}
    at = {"x": {"field": "at", **x}, "y": {"field": "y", **y}}
    upright = {"x": {"field": "at", **x}, "y": {"field": "foot", **y}, "y2": {"field": "top"}}
    tone = steps("tone", TONES, TONES)
    quiet = {"type": "text", "fontSize": 11, "color": colour("muted"), "aria": False}
    text = {"text": {"field": "text"}}
    strong = {"type": "text", "fontSize": 11, "fontWeight": 600, "baseline": "middle", "aria": False}
    point = {"type": "point", "shape": "triangle-down", "size": 90, "strokeWidth": 1.5}
    return {
        "layer": [
            _layer("shade", {"type": "rect", "color": colour("grid"), "aria": False}, box),
            _layer("bars", {"type": "rect", "aria": False}, box | {"color": tone}),
            _layer("rules", {"type": "rule", "strokeWidth": 1.5, "aria": False}, upright | {"color": tone}),
            _layer("left", strong | {"align": "left", "dx": 5}, at | text),
            _layer("right", strong | {"align": "right", "dx": -5}, at | text),
            _layer(
                "touches",
                point | {"filled": False},
                at
                | {"color": tone, "fill": steps("inside", ["ink", "none"], ["ink", "grid"])}
                | {"description": {"field": "say"}},
            ),
            _layer("touches", quiet | {"dy": -12, "fontSize": 10}, at | text),
            _layer("names", quiet | {"align": "left", "baseline": "bottom"}, at | text),
            _layer("hours", quiet | {"align": "center", "baseline": "top", "dy": 5}, at | text),
            _layer("days", quiet | {"align": "left", "baseline": "top", "dy": 19, "fontWeight": 600}, at | text),
        ]
    }


def _layer(data: str, mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"name": data}, "mark": mark, "encoding": encoding}


def _bars(clock: ClockExplained, axis: Axis, top: float) -> Records:
    """The judged clock: what was used in time, what was late, what is left; it stands still while closed or paused."""
    until = clock.segments[-1].end.utc if clock.segments else clock.start.utc
    end, due = axis.pieces[-1].end, clock.due.utc if clock.due else None
    edge = min(until, due) if due else until
    late = "axis" if clock.verdict == "void" else "bad"
    parts = [(clock.start.utc, edge, used_tone(clock)), (edge, until, late), (until, due or end, "axis")]
    parts += [(pause.start.utc, pause.end.utc if pause.end else until, "open") for pause in clock.pauses]
    return [
        {"from": left, "until": right, "top": top, "foot": top - BAR, "tone": tone}
        for begun, ended, tone in parts
        for left, right in axis.open_within(begun, ended)
    ]


def used_tone(clock: ClockExplained) -> str:
    """The colour of the time used before the due instant: a window that closed without enough in it is not good."""
    if clock.verdict == "breached":
        return "good" if _late_part(clock) else "bad"
    return {"met": "good", "running": "sales", "void": "axis"}[clock.verdict]


def _late_part(clock: ClockExplained) -> bool:
    return clock.due is not None and bool(clock.segments) and clock.segments[-1].end.utc > clock.due.utc


def _timing_bars(timings: tuple[Timing, ...], axis: Axis, height: int, foot: float, now: Instant) -> Records:
    rows: Records = []
    for position, timing in enumerate(reversed(timings)):
        low = height - foot + 4 + CLOCK * position
        end = timing.stop.utc if timing.stop else min(now.utc, axis.pieces[-1].end)
        tone = "ink" if timing.is_judged else "quiet"
        rows += [
            {"from": left, "until": right, "top": low + 6, "foot": low, "tone": tone}
            for left, right in axis.open_within(timing.start.utc, end)
        ]
    return rows


def _timing_names(timings: tuple[Timing, ...], height: int, foot: float, words: Words) -> Records:
    rows: Records = []
    for position, timing in enumerate(reversed(timings)):
        text = " · ".join(filter(None, (timing_text(timing, words), timing.owner)))
        rows.append({"at": 0.0, "y": height - foot + 12 + CLOCK * position, "text": text})
    return rows


def _touches(clock: ClockExplained, axis: Axis, y: float, words: Words) -> Records:
    """A full mark counts, a hollow one does not; numbers are those of the table."""
    has_numbers = len(clock.touches) <= MOST_NUMBERS
    rows: Records = []
    free = -1.0
    for number, touch in enumerate(clock.touches, 1):
        at = axis.place(touch.at.utc)
        is_free = has_numbers and at - free > 2.2 * LETTER
        free = at if is_free else free
        tone, inside = ("ink", "ink") if touch.is_counted else ("quiet", "none")
        say = f"{words.instant(touch.at.utc, axis.zone)}: {what(touch, words)}. {why(touch, words)}"
        text = words.number(number) if is_free else ""
        rows.append({"at": at, "y": y, "tone": tone, "inside": inside, "text": text, "say": say})
    return rows


def _hours(axis: Axis, y: float) -> Records:
    """Local times under the ruler, as many as a telephone can show beside each other."""
    rows: Records = []
    free = -1.0
    ticks = axis.ticks()
    if len({local.date() for _, local in ticks}) > MOST_DAYS:
        return rows
    for at, local in ticks:
        if at >= free and at <= 1 - 2 * LETTER:
            rows.append({"at": max(at, 2.5 * LETTER), "y": y, "text": local.strftime("%H:%M")})
            free = at + 7 * LETTER
    return rows


def _days(axis: Axis, y: float, words: Words) -> Records:
    """The local day under the first open time of it."""
    rows: Records = []
    free, named = -1.0, None
    for at, local in axis.ticks():
        if local.date() == named or at < free:
            continue
        text = _day(local, words)
        if at + len(text) * LETTER <= 1.02:
            rows.append({"at": at, "y": y, "text": text})
            free, named = at + (len(text) + 2) * 1.1 * LETTER, local.date()
    return rows


def _day(local: datetime, words: Words) -> str:
    from babel.dates import format_date

    return str(format_date(local, "EEE d MMM", locale=words.language))


def _desc(axis: Axis, words: Words) -> str:
    text = words(
        "A bar of open time from the start to the end; closed time is a narrow grey gap. Marks above it are touches, "
        "thin bars below it the three clocks of the lead."
    )
    if axis.is_bent:
        return f"{text} {words('Time after the due instant is drawn shorter than time before it.')}"
    return text


def _legend(clock: ClockExplained, axis: Axis, words: Words) -> tuple[tuple[str, str], ...]:
    used = {
        "good": words("used in time"),
        "bad": words("used, and the promise not kept"),
        "sales": words("used so far"),
        "axis": words("counts for nobody"),
    }
    tone = used_tone(clock)
    entries = (
        (bool(clock.segments), tone, used[tone]),
        (_late_part(clock) and tone != "axis", "bad", words("late")),
        (bool(clock.ahead), "axis", words("time left")),
        (bool(clock.pauses), "open", words("pause")),
        (any(not piece.is_open for piece in axis.pieces), "grid", words("closed")),
        (any(touch.is_counted for touch in clock.touches), "ink", words("touch that counts")),
        (any(not touch.is_counted for touch in clock.touches), "quiet", words("touch that does not count")),
    )
    return tuple((name, text) for is_there, name, text in entries if is_there)


def _nothing(explanation: Explanation, words: Words) -> Chart:
    sentence = explanation.why_nothing or explanation.sentence
    return Chart(
        id=f"ruler-{explanation.commitment}",
        title=words("No clock runs"),
        desc=sentence,
        sentence=sentence,
        spec=spec(FOOT),
        records={name: [] for name in NAMES},
        table=Table((words("When"), words("What"), words("Note")), ()),
    )


NAMES = ("shade", "bars", "rules", "left", "right", "touches", "names", "hours", "days")
