"""An explanation on the terminal: the sentence, the time as a ruler, then segments, pauses, touches and the clause."""

from __future__ import annotations

from collections.abc import Sequence

from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal
from smarketing.cli.ruler import ruler
from smarketing.scorecard.explain.explanation import (
    ClockExplained,
    Explanation,
    Instant,
    Segment,
    StageSeen,
    TallyExplained,
    TouchSeen,
)
from smarketing.terms.code_names import OUTCOMES, REASONS, STAGES, TOUCHES, said
from smarketing.terms.offsets import US

MOST_SEGMENTS = 6
VERDICTS = {
    "met": ("green", say("met")),
    "breached": ("red", say("breached")),
    "running": ("yellow", say("running")),
    "void": ("dim", say("void")),
}
CLOCKS = {
    "lead": say("lead clock (handover to touch)"),
    "system": say("system clock (handover to owner)"),
    "rep": say("rep clock (owner to touch)"),
}


def show_every(every: Sequence[Explanation]) -> None:
    """One after another under the lead's name; a rule with the commitment's id before each."""
    for position, each in enumerate(every):
        if not position:
            _show_lead(each)
        terminal().print(Rule(each.commitment, style="dim", align="left"))
        _show_verdicts(each)


def show_explanation(found: Explanation) -> None:
    _show_lead(found)
    _show_verdicts(found)


def _show_lead(found: Explanation) -> None:
    terminal().print(Text(say("Lead {id}", id=found.lead_id), style="bold"))


def _show_verdicts(found: Explanation) -> None:
    out = terminal()
    if found.why_nothing:
        out.print(found.why_nothing, soft_wrap=True)
    for clock in found.clocks:
        _show_clock(clock)
    for tally in found.tallies:
        _show_tally(tally)


def _show_clock(clock: ClockExplained) -> None:
    out = terminal()
    style, verdict = VERDICTS[clock.verdict]
    out.print()
    out.print(Text(f"{clock.clause.title}: ").append(verdict, f"bold {style}"))
    out.print(clock.sentence, soft_wrap=True)
    out.print()
    out.print(ruler(clock))
    out.print()
    out.print(_facts(clock))
    for title, table in (
        (say("Open time"), _segments(clock)),
        (say("Touches"), _touches(clock.touches)),
        (say("Stages"), _stages(clock.stages)),
        (say("The three clocks"), _timings(clock)),
    ):
        if table.row_count:
            out.print()
            out.print(title, style="bold")
            out.print(table)


def _show_tally(tally: TallyExplained) -> None:
    out = terminal()
    out.print()
    out.print(tally.sentence, soft_wrap=True)
    table = _table(2)
    _add_terms(table, tally)
    table.add_row(say("Period"), tally.period)
    out.print(table)


def _facts(clock: ClockExplained) -> Table:
    table = _table(2)
    _add_terms(table, clock)
    calendar, zone = clock.calendar, clock.calendar.zone
    hours = ", ".join(f"{days} {times}" for days, times in calendar.hours.items())
    name = " ".join(filter(None, (calendar.name or calendar.id, f"({hours})" if hours else "")))
    table.add_row(say("Calendar"), f"{name}. {calendar.why}")
    table.add_row(say("Time zone"), say("{zone}, database {version}", zone=zone, version=calendar.tzdb))
    table.add_row(say("Allowed"), _allowed(clock))
    for title, at in (
        (say("Started"), clock.start),
        (say("At risk"), clock.risk),
        (say("Due"), clock.due),
        (say("Stopped"), clock.stop),
    ):
        if at:
            table.add_row(title, say.instant(at.utc, zone))
    if clock.breached:
        table.add_row(say("Broken at"), Text(clock.breached.local, style="red"))
    table.add_row(say("Elapsed"), say.duration(clock.elapsed_us / US))
    for pause in clock.pauses:
        until = _clock_time(pause.end) if pause.end else say("now")
        cost = say.duration(pause.open_us / US)
        span = say("{status}: {start} to {end}, {cost} of open time", status=pause.status,
                   start=_clock_time(pause.start), end=until, cost=cost)  # fmt: skip
        table.add_row(say("Pause"), span)
    if clock.holidays:
        days = [" ".join(filter(None, (say.day(day.on), day.name))) for day in clock.holidays]
        table.add_row(say("Holidays"), "; ".join(days))
    return table


def _add_terms(table: Table, seen: ClockExplained | TallyExplained) -> None:
    clause = seen.clause
    table.add_row(say("Clause"), say("{number}, promised by {party}: {target}", number=clause.number,
                                     party=clause.party, target=clause.target))  # fmt: skip
    if clause.text:
        table.add_row("", clause.text)
    table.add_row(say("Agreement"), f"{seen.version.agreement}. {seen.version.why}")
    for title, value in ((say("Owner"), seen.owner), (say("Tier"), seen.tier), (say("Source"), seen.source)):
        if value:
            table.add_row(title, value)


def _allowed(clock: ClockExplained) -> str:
    if clock.override:
        return say("{allowance} (override {number})", allowance=clock.allowance, number=clock.override)
    return clock.allowance


def _segments(clock: ClockExplained) -> Table:
    """The open stretches; of many, the first and the last few."""
    table = _table(3, instants=0)
    for part, name in ((clock.segments, say("used")), (clock.ahead, say("until due"))):
        for segment in _some(part):
            if segment is None:
                table.add_row("…", say("{n} more", n=len(part) - MOST_SEGMENTS), "")
                continue
            span = f"{_clock_time(segment.start)} – {_clock_time(segment.end)}"
            table.add_row(span, say.duration(segment.open_us / US), name)
    return table


def _some(segments: Sequence[Segment]) -> list[Segment | None]:
    if len(segments) <= MOST_SEGMENTS:
        return list(segments)
    half = MOST_SEGMENTS // 2
    return [*segments[:half], None, *segments[-half:]]


def _touches(touches: Sequence[TouchSeen]) -> Table:
    table = _table(5, instants=1)
    for touch in touches:
        mark = Text("✓", style="green") if touch.is_counted else Text("✗", style="dim")
        what = " ".join(filter(None, (said(touch.kind, TOUCHES, say), said(touch.outcome, OUTCOMES, say))))
        notes = [touch.why, say("Written down more than a day later.") if touch.is_late_logged else ""]
        table.add_row(mark, _clock_time(touch.at), what, touch.owner, " ".join(filter(None, notes)))
    return table


def _stages(stages: Sequence[StageSeen]) -> Table:
    table = _table(4, instants=1)
    for stage in stages:
        mark = Text("✓", style="green") if stage.is_counted else Text("✗", style="dim")
        name = said(stage.stage, STAGES, say)
        name += f" ({said(stage.given_reason, REASONS, say)})" if stage.given_reason else ""
        table.add_row(mark, _clock_time(stage.at), name, stage.why)
    return table


def _timings(clock: ClockExplained) -> Table:
    table = _table(4)
    for timing in clock.timings:
        elapsed = "–" if timing.elapsed_us is None else say.duration(timing.elapsed_us / US)
        judged = say("judged") if timing.is_judged else ""
        table.add_row(CLOCKS[timing.clock], elapsed, timing.owner, judged)
    return table


def _clock_time(at: Instant) -> str:
    """Local date and time with the offset, to the second."""
    local = at.local
    return f"{local[:10]} {local[11:19]} {local[-6:]}"


def _table(n_columns: int, *, instants: int | None = None) -> Table:
    """A table without a header; the column of instants keeps its lines whole."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for position in range(n_columns):
        table.add_column(style="dim" if position == 0 and n_columns == 2 else "", no_wrap=position == instants)
    return table
