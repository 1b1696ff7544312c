"""The axis of a ruler: open time is long, closed time a narrow gap, so that a weekend never hides an hour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter

from smarketing.scorecard.explain.explanation import ClockExplained, Segment
from smarketing.terms.zones import zone

GAP = 0.035  # of the width, for each closed stretch
GAPS = 0.3  # at most, for all of them
BEFORE_DUE = 0.4  # at least, of the open width: a lead forgotten for months still shows its two hours
GUTTER = 0.05
HOUR = timedelta(hours=1)
STEPS_H = (1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 672, 2184)
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time `[start, end)` and its place on the ruler, both in shares of the width."""

    start: datetime
    end: datetime
    is_open: bool
    left: float
    right: float

    def place(self, at: datetime) -> float:
        length = (self.end - self.start) / timedelta(microseconds=1)
        passed = (at - self.start) / timedelta(microseconds=1)
        return self.left + (self.right - self.left) * (passed / length if length else 0.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """Every instant has a place in [0, 1]; what lies before or after the ruler stands in its gutters."""

    pieces: tuple[Piece, ...]
    zone: str
    is_bent: bool  # shorter after the due instant than before it

    def place(self, at: datetime) -> float:
        number = bisect_left(self.pieces, at, key=attrgetter("end"))
        if number == len(self.pieces):
            return min(self.pieces[-1].right + GUTTER / 2, 1.0)
        piece = self.pieces[number]
        return max(piece.left - GUTTER / 2, 0.0) if at < piece.start else piece.place(at)

    def open_within(self, start: datetime, end: datetime) -> Iterator[tuple[float, float]]:
        """The places of the open time in `[start, end)`."""
        for piece in self.pieces:
            begun, ended = max(start, piece.start), min(end, piece.end)
            if piece.is_open and begun < ended:
                yield piece.place(begun), piece.place(ended)

    def ticks(self) -> list[tuple[float, datetime]]:
        """Local full hours in open time, as few as can be read, and the opening of each stretch."""
        opened = [piece for piece in self.pieces if piece.is_open]
        before = {piece.end for piece in opened}
        openings = [p.start.astimezone(zone(self.zone)) for p in opened if p.start not in before]
        for step in STEPS_H:
            hours = [at for piece in opened for at in _hours(piece, self.zone, step)]
            if len(hours) <= MOST_TICKS:
                break
        return [(self.place(at), at) for at in sorted({*hours, *openings})]


def axis_of(clock: ClockExplained, until: datetime) -> Axis:
    """The ruler from the start of a clock to the latest of its due instant, its stop and `until`."""
    due = clock.due.utc if clock.due else None
    ends = [at.utc for at in (clock.due, clock.stop) if at]
    start, end = clock.start.utc, max([until, *ends])
    has_earlier = any(touch.at.utc < start for touch in clock.touches)
    has_later = any(touch.at.utc > end for touch in clock.touches)
    left, right = GUTTER * has_earlier, 1 - GUTTER * has_later
    cuts = _cut(start, max(end, start + timedelta(seconds=1)), (*clock.segments, *clock.ahead), due)
    widths, is_bent = _widths(cuts, due, right - left)
    pieces = []
    for (begun, ended, is_open), width in zip(cuts, widths, strict=True):
        pieces.append(Piece(begun, ended, is_open, left, min(left + width, right)))
        left = pieces[-1].right
    return Axis(tuple(pieces), clock.calendar.zone, is_bent)


Cut = tuple[datetime, datetime, bool]


def _cut(start: datetime, end: datetime, segments: Sequence[Segment], due: datetime | None) -> list[Cut]:
    """Open and closed stretches from start to end, in turn; an open one ends at the due instant."""
    cuts: list[Cut] = []
    for segment in sorted(segments, key=lambda s: s.start.utc):
        opened, closed = segment.start.utc, segment.end.utc
        latest = cuts[-1][1] if cuts else start
        cuts += [(latest, opened, False)] if latest < opened else []
        edges = [opened, *([due] if due and opened < due < closed else []), closed]
        cuts += [(begun, ended, True) for begun, ended in pairwise(edges)]
    latest = cuts[-1][1] if cuts else start
    return [*cuts, (latest, end, False)] if latest < end else cuts


def _widths(cuts: Sequence[Cut], due: datetime | None, room: float) -> tuple[list[float], bool]:
    """The width of each stretch, and whether time after the due instant is drawn shorter than before."""
    n_gaps = sum(not is_open for *_, is_open in cuts)
    if n_gaps == len(cuts):
        return [room / n_gaps] * n_gaps, False
    gap = min(GAP, GAPS / n_gaps) if n_gaps else 0.0
    lengths = [(ended - begun).total_seconds() if is_open else 0.0 for begun, ended, is_open in cuts]
    is_late = [due is not None and begun >= due for begun, *_ in cuts]
    late = sum(length for length, after in zip(lengths, is_late, strict=True) if after)
    early = sum(lengths) - late
    bent = early * (1 - BEFORE_DUE) / BEFORE_DUE / late if early and late > early * (1 - BEFORE_DUE) / BEFORE_DUE else 1
    scale = (room - gap * n_gaps) / (early + late * bent)
    widths = [
        length * scale * (bent if after else 1) if cut[2] else gap
        for cut, length, after in zip(cuts, lengths, is_late, strict=True)
    ]
    return widths, bent < 1


def _hours(piece: Piece, zone_name: str, step: int) -> Iterator[datetime]:
    """Local hours that `step` divides; steps of more than a day are midnights."""
    at = piece.start.astimezone(zone(zone_name))
    hour = at.replace(minute=0, second=0, microsecond=0)
    while hour <= piece.end:
        if hour >= at and (hour.toordinal() * 24 + hour.hour) % step == 0:
            yield hour
        hour += HOUR
