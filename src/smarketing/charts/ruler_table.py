"""The table beside a ruler: everything on it in the order of time, then the three clocks of the lead."""

from __future__ import annotations

from smarketing.charts.chart import Table
from smarketing.charts.touch_names import touch_name
from smarketing.scorecard.explain.explanation import ClockExplained, Timing, TouchSeen
from smarketing.terms.language import N_, Words
from smarketing.terms.offsets import US

TIMINGS = {"lead": N_("Lead clock"), "system": N_("System clock"), "rep": N_("Rep clock")}


def ruler_table(clock: ClockExplained, words: Words) -> Table:
    """Everything on the ruler in the order of time, then the three clocks."""
    zone_name = clock.calendar.zone
    known = [
        (clock.start, words("Start"), ""),
        (clock.risk, words("At risk"), ""),
        (clock.due, words("Due"), words("after {time}", time=words.duration((clock.allowed_us or 0) / US))),
        (clock.stop, words("Stop"), words("after {time}", time=words.duration(clock.elapsed_us / US))),
    ]
    rows = [(at.utc, title, note) for at, title, note in known if at]
    for number, touch in enumerate(clock.touches, 1):
        title = words("Touch {n}: {what}", n=words.number(number), what=what(touch, words))
        counts = words("counts") if touch.is_counted else words("does not count")
        rows.append((touch.at.utc, title, ". ".join(filter(None, (counts, why(touch, words))))))
    for pause in clock.pauses:
        cost = words("{time} of open time", time=words.duration(pause.open_us / US))
        rows.append((pause.start.utc, words("Pause: {status}", status=pause.status), cost))
        if pause.end:
            rows.append((pause.end.utc, words("Pause ends: {status}", status=pause.status), ""))
    rows.sort(key=lambda row: row[0])
    timed = [(words.instant(t.start.utc, zone_name), timing_text(t, words), t.owner) for t in timings_of(clock)]
    told = [(words.instant(at, zone_name), title, note) for at, title, note in rows]
    return Table((words("When"), words("What"), words("Note")), (*told, *timed))


def what(touch: TouchSeen, words: Words) -> str:
    return " · ".join(filter(None, (touch_name(touch.kind, touch.outcome, words), touch.owner)))


def why(touch: TouchSeen, words: Words) -> str:
    late = words("Written down more than a day later.") if touch.is_late_logged else ""
    return " ".join(filter(None, (touch.why, late)))


def timing_text(timing: Timing, words: Words) -> str:
    elapsed = words("not ended") if timing.elapsed_us is None else words.duration(timing.elapsed_us / US)
    judged = words("judged") if timing.is_judged else ""
    return " · ".join(filter(None, (words(TIMINGS[timing.clock]), elapsed, judged)))


def timings_of(clock: ClockExplained) -> tuple[Timing, ...]:
    """The lead, system and rep clocks; of a clock that was started again, the latest."""
    return tuple({timing.clock: timing for timing in clock.timings}.values())
