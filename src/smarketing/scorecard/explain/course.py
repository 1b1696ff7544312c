"""The time a clock ran through: its open segments, the pauses and holidays on the way, on one calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smarketing.engine.clauses import Clause
from smarketing.engine.pauses import Pauses
from smarketing.engine.reading import Reading
from smarketing.engine.tables import Tables
from smarketing.scorecard.explain.case import local_date
from smarketing.scorecard.explain.explanation import Holiday, Pause, Segment, instant, instant_or_none
from smarketing.terms.calendar import Calendar
from smarketing.terms.holiday_dates import named_dates
from smarketing.terms.period import ONE_DAY


@dataclass(frozen=True, slots=True)
class Course:
    """One calendar of the compiled tables and the pauses of one lead, if the clause has any."""

    tables: Tables
    calendar: int
    zone: str
    pauses: Pauses | None

    def open_us(self, start: int, end: int) -> int:
        """Open microseconds in `[start, end)`, pauses left out; 0 when the end comes first."""
        begun, ended = np.array([start]), np.array([max(start, end)])
        if self.pauses is None:
            return int(self.tables.elapsed(self.calendar, begun, ended)[0])
        return int(self.tables.elapsed_paused(self.calendar, begun, ended, self.pauses)[0])

    def segments(self, start: int, end: int) -> tuple[Segment, ...]:
        """The open stretches in `[start, end)`, pauses included."""
        if end <= start:
            return ()
        opens, closes = self.tables.segments(self.calendar, start, end)
        return tuple(
            Segment(instant(begun, self.zone), instant(ended, self.zone), ended - begun)
            for begun, ended in zip(opens.tolist(), closes.tolist(), strict=True)
        )

    def paused(self, reading: Reading, clause: Clause, start: int, until: int) -> tuple[Pause, ...]:
        """The pauses in `[start, until)`. One that another covers costs only what is left of it, so costs add up."""
        if self.pauses is None:
            return ()
        seen, covered, plain = [], start, Course(self.tables, self.calendar, self.zone, None)
        order = np.lexsort((self.pauses.ends, self.pauses.starts))
        edges = zip(self.pauses.starts[order].tolist(), self.pauses.ends[order].tolist(), strict=True)
        for begun, ended in edges:
            if ended <= start or begun >= until:
                continue
            last = min(ended, until)
            cost = plain.open_us(max(begun, covered), last)
            covered = max(covered, last)
            status = _status_at(reading, clause, begun)
            seen.append(Pause(status, instant(begun, self.zone), instant_or_none(ended, self.zone), cost))
        return tuple(seen)


def pauses_of(reading: Reading, clause: Clause) -> Pauses | None:
    """The pauses of the one lead of a reading."""
    return None if clause.paused is None else reading.pauses(clause.paused)


def holidays(calendar: Calendar | None, start: int, end: int) -> tuple[Holiday, ...]:
    """Local dates from start to end that are closed although their weekday has hours; exceptions have the last word."""
    if calendar is None:
        return ()
    first, last = local_date(calendar.zone, start), local_date(calendar.zone, end)
    said = {hours.on: bool(hours.windows) for hours in calendar.exceptions}
    closed = named_dates(calendar, first, last + ONE_DAY) | {on: "" for on, is_open in said.items() if not is_open}
    return tuple(
        Holiday(on, name)
        for on, name in sorted(closed.items())
        if first <= on <= last and calendar.week[on.weekday()] and not said.get(on, False)
    )


def _status_at(reading: Reading, clause: Clause, at: int) -> str:
    """The paused status that the lead took at that instant, as the source spells it."""
    stages, names = reading.history.stages, reading.version.codebook.stages
    codes = stages.stage[stages.at == at].tolist()
    assert clause.paused is not None
    return next((names[code].partition(":")[2] or names[code] for code in codes if clause.paused[code]), "")
