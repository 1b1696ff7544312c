"""The bars of a promise judged lead by lead: days of a short period, the promise's own periods of a long one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from smarketing.charts.chart import Records
from smarketing.charts.numbers import epoch_ms, short_day
from smarketing.scorecard.card import Axis, Line, Standing
from smarketing.terms.language import Words
from smarketing.terms.period import Grain, read_period

MOST_DAYS = 62


@dataclass(frozen=True, slots=True)
class Stretch:
    from_on: date
    until_on: date
    standing: Standing
    is_open: bool = False

    def name(self, words: Words) -> str:
        if self.until_on - self.from_on <= timedelta(days=1):
            return short_day(self.from_on, words)
        return f"{short_day(self.from_on, words)} – {short_day(self.until_on - timedelta(days=1), words)}"

    @property
    def edges(self) -> dict[str, int]:
        """Where its bar begins and ends, with a gap of a tenth."""
        start, end = epoch_ms(self.from_on), epoch_ms(self.until_on)
        gap = (end - start) // 10
        return {"from": start + gap, "until": end - gap, "middle": (start + end) // 2}


def frame(bars: list[Stretch]) -> list[dict[str, int]]:
    """Where the period begins and ends."""
    return [{"at": epoch_ms(bars[0].from_on)}, {"at": epoch_ms(bars[-1].until_on)}] if bars else []


def promised(bars: list[Stretch], usual: float | None, say: Callable[[float], str], scale: int = 1) -> Records:
    """The promised height under each bar, equal neighbours in one piece; the last piece carries its name.

    A stretch was judged by the version of its time; `usual` is for those that say nothing.
    """
    pieces: Records = []
    for bar in bars:
        value = usual if bar.standing.target is None else bar.standing.target
        if value is None:
            continue
        edges = {"from": epoch_ms(bar.from_on), "until": epoch_ms(bar.until_on)}
        if pieces and pieces[-1]["amount"] == value / scale:
            pieces[-1]["until"] = edges["until"]
        else:
            pieces.append({**edges, "amount": value / scale, "text": ""})
    if pieces:
        pieces[-1]["text"] = say(pieces[-1]["amount"] * scale)
    return pieces


def is_kept(bar: Stretch, value: float, usual: float | None) -> bool:
    """Whether a bar reaches the promise of its own time."""
    goal = usual if bar.standing.target is None else bar.standing.target
    return goal is None or value >= goal


def stretches(line: Line, grain: Grain | None = None) -> list[Stretch]:
    """The pieces of one `grain`; days where there are few enough of them to be seen, else the line's periods.

    A grain that the line has no pieces of falls back to that choice.
    """
    found = _pieces(line, grain) if grain else []
    if found:
        return found
    if len(line.days) <= MOST_DAYS:
        return _days(line)
    return [Stretch(p.from_on, p.until_on, p, not p.is_over) for p in line.periods]


def _days(line: Line) -> list[Stretch]:
    return [Stretch(d.on, d.on + timedelta(days=1), d, d.n_running > 0) for d in line.days]


def _pieces(line: Line, grain: Grain) -> list[Stretch]:
    """Weeks as the line is divided by them; months and longer from the past periods, or the promise's own."""
    if grain is Grain.DAY:
        return _days(line)
    if grain is Grain.WEEK and line.groups.get(Axis.WEEK):
        weeks = [(read_period(group.id), group) for group in line.groups[Axis.WEEK]]
        return [Stretch(week.from_on, week.until_on, group, group.n_running > 0) for week, group in weeks]
    for periods in (line.trend, line.periods):
        if periods and all(_is(grain, period.from_on, period.until_on) for period in periods):
            return [Stretch(p.from_on, p.until_on, p, not p.is_over) for p in periods]
    return []


LENGTHS = {Grain.WEEK: (7, 7), Grain.MONTH: (28, 31), Grain.QUARTER: (90, 92), Grain.YEAR: (365, 366)}


def _is(grain: Grain, from_on: date, until_on: date) -> bool:
    least, most = LENGTHS[grain]
    return least <= (until_on - from_on).days <= most
