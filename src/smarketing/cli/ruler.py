"""A clock as a ruler of open time: nights, weekends and pauses take no room, so its length is what was promised."""

from __future__ import annotations

from rich.text import Text

from smarketing.cli.console import say
from smarketing.scorecard.explain.explanation import ClockExplained, Instant
from smarketing.terms.offsets import US

WIDTH = 60


def ruler(clock: ClockExplained, width: int = WIDTH) -> Text:
    """Three lines: touches above, the bar, and what the marks mean.

    ━ open time used in time, red after the due instant; ─ still left. ▼ a touch that counts, ▽ one that does not.
    """
    total = max(clock.elapsed_us, clock.allowed_us or 0, 1)
    used = _cell(clock.elapsed_us, total, width)
    due = width if clock.allowed_us is None else _cell(clock.allowed_us, total, width)
    bar = Text("┣", style="dim")
    for cell in range(width):
        bar.append(*_mark(cell, used, due))
    bar.append(*(("┃", "bold") if clock.due and due == width else ("┫", "dim")))
    return Text("\n").join([_touches(clock, total, width), bar, _legend(clock, due, width)])


def _mark(cell: int, used: int, due: int) -> tuple[str, str]:
    if cell == due:
        return "┃", "bold"
    if cell < used:
        return "━", "green" if cell < due else "red"
    return "─", "dim"


def _touches(clock: ClockExplained, total: int, width: int) -> Text:
    row = [" "] * (width + 2)
    for touch in clock.touches:
        if touch.at.us >= clock.start.us:
            cell = 1 + min(_cell(_open_until(clock, touch.at), total, width), width - 1)
            row[cell] = "▼" if touch.is_counted or row[cell] == "▼" else "▽"
    return Text("".join(row).rstrip() or " ")


def _legend(clock: ClockExplained, due: int, width: int) -> Text:
    """The label ends under the due mark where there is room for it on the left, and begins there otherwise."""
    label = say("no due instant while paused")
    if clock.due:
        label = say("due after {time}", time=say.duration((clock.allowed_us or 0) / US))
    before = due + 2 - len(label) if due + 2 - len(label) > 2 or due >= width else due + 1
    return Text(" 0" + " " * max(1, before - 2) + label, style="dim")


def _open_until(clock: ClockExplained, at: Instant) -> int:
    """Open time from the start to an instant, pauses left out as far as they had cost by then."""
    passed = sum(max(0, min(s.end.us, at.us) - s.start.us) for s in (*clock.segments, *clock.ahead))
    paused = sum(pause.open_us for pause in clock.pauses if pause.end and pause.end.us <= at.us)
    return max(0, passed - paused)


def _cell(open_us: int, total: int, width: int) -> int:
    return min(width, open_us * width // total)
