"""One clock laid out: when it started, which open time it used, what stopped it, and when it broke."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import REASSIGNED, Clocks, Verdict, void_reason
from smarketing.engine.history import NEVER
from smarketing.engine.metrics.speed_to_lead import three_clocks
from smarketing.engine.reading import Reading
from smarketing.scorecard.explain.case import Case, name_of
from smarketing.scorecard.explain.course import Course, holidays, pauses_of
from smarketing.scorecard.explain.explanation import ClockExplained, Instant, Timing, instant, instant_or_none
from smarketing.scorecard.explain.promise import calendar_seen, clause_seen, version_seen
from smarketing.scorecard.explain.sentences import BREACHED, CLOSED, LATE, PAUSED, RUNNING, TAKEN, clock_sentence
from smarketing.scorecard.explain.stages import stages_seen
from smarketing.scorecard.explain.touches import Window, touches_seen
from smarketing.terms import code_names
from smarketing.terms.commitment import Clock, Kind
from smarketing.terms.offsets import US
from smarketing.terms.promise_words import allowance_words

TIMED = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.DISPOSITION_TIME)
WINDOWS = (Kind.FOLLOW_UP_DEPTH, Kind.CONVERSION_RATE)
TOUCHED = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.FOLLOW_UP_CADENCE)


def clock_explained(case: Case, clocks: Clocks, row: int) -> ClockExplained:
    """The clock in `row`; its verdict, instants and elapsed time are the engine's, the rest is derived from them."""
    start, due, stop, connected = (
        int(column[row]) for column in (clocks.start_at, clocks.due_at, clocks.stop_at, clocks.connected_at)
    )
    owner, position, void = int(clocks.owner[row]), int(clocks.calendar[row]), int(clocks.void[row])
    version, clause = case.judges(start)
    reading, zone, words = case.reading(version), case.zone(position, version), case.words
    course = Course(case.compiled.tables, position, zone, pauses_of(reading, clause))
    verdict = Verdict(int(clocks.verdicts(case.now)[row]))
    until = _until(clause.commitment.kind, due, stop, case.now)
    end = max(until, due) if due != NEVER else until
    choice, window = _choice(clocks, row, clause), Window(start, stop, due, connected, case.now)
    has_touches = clause.commitment.kind in TOUCHED
    explained = ClockExplained(
        episode=int(clocks.episode[row]),
        verdict=verdict.name.lower(),
        sentence="",
        version=version_seen(version, words),
        clause=clause_seen(version, clause, words),
        calendar=calendar_seen(
            case.compiled, position, version, clause, owner=owner, override=choice or None, words=words
        ),
        allowance=allowance_words(clause.withins[choice if len(clause.withins) > 1 else 0], words),
        override=choice or None,
        owner=name_of(version.codebook.owner_names, owner),
        tier=name_of(case.compiled.tiers, int(clocks.tier[row])),
        source=name_of(version.codebook.sources, int(clocks.source[row])),
        void=void_reason(void, version.codebook),
        start=instant(start, zone),
        risk=instant_or_none(int(clocks.risk_at[row]), zone),
        due=instant_or_none(due, zone),
        stop=instant_or_none(stop, zone),
        connected=instant_or_none(connected, zone),
        breached=instant(due + 1, zone) if verdict is Verdict.BREACHED else None,
        elapsed_us=course.open_us(start, until) if stop == NEVER else int(clocks.elapsed_us[row]),
        allowed_us=None if due == NEVER else course.open_us(start, due),
        left_us=course.open_us(until, due) if verdict is Verdict.RUNNING and due != NEVER else None,
        late_us=course.open_us(due, stop) if due < stop < NEVER else None,
        n_touches=int(clocks.count[row]),
        n_touches_wanted=clause.n_touches if clause.commitment.kind is Kind.FOLLOW_UP_DEPTH else None,
        segments=course.segments(start, until),
        ahead=course.segments(until, end),
        pauses=course.paused(reading, clause, start, until),
        holidays=holidays(
            None if position == case.compiled.tables.always else case.compiled.calendars[position], start, end
        ),
        touches=touches_seen(
            case.whole.touches, version, clause.commitment, window, zone=zone, words=words, notes=case.notes
        )
        if has_touches
        else (),
        stages=stages_seen(case.whole, version, clause.commitment, window, zone=zone, words=words),
        timings=_timings(reading, clause, zone),
    )
    return replace(explained, sentence=_sentence(case, explained, clause, is_taken=void == REASSIGNED))


def _until(kind: Kind, due: int, stop: int, now: int) -> int:
    """How far a clock has run: to its stop, else to now; a window that has closed runs no further."""
    if stop != NEVER:
        return stop
    return min(now, due) if kind in WINDOWS else now


def _choice(clocks: Clocks, row: int, clause: Clause) -> int:
    """0, or the place of the override that holds, counted from 1."""
    rows = slice(row, row + 1)
    return int(clause.choice(clocks.tier[rows], clocks.source[rows], clocks.owner[rows])[0])


def _timings(reading: Reading, clause: Clause, zone: str) -> tuple[Timing, ...]:
    """The lead, system and rep clocks beside the judged one, where a promise is about following up."""
    if clause.commitment.kind not in TIMED:
        return ()
    judged = clause.commitment.clock if clause.commitment.kind is Kind.SPEED_TO_LEAD else None
    named = zip((Clock.LEAD, Clock.SYSTEM, Clock.REP), three_clocks(reading, clause), strict=True)
    return tuple(
        Timing(
            clock=name.value,
            owner=name_of(reading.version.codebook.owner_names, int(clocks.owner[row])),
            start=instant(int(clocks.start_at[row]), zone),
            stop=instant_or_none(int(clocks.stop_at[row]), zone),
            elapsed_us=None if clocks.elapsed_us[row] == NEVER else int(clocks.elapsed_us[row]),
            is_judged=name is judged,
        )
        for name, clocks in named
        for row in range(len(clocks))
    )


def _sentence(case: Case, clock: ClockExplained, clause: Clause, *, is_taken: bool) -> str:
    words, commitment = case.words, clause.commitment

    def said(at: Instant | None) -> str:
        return words.instant(at.utc, clock.calendar.zone) if at else ""

    decision = next((stage.stage for stage in clock.stages if stage.is_counted), "")
    values: dict[str, Any] = {
        "start": said(clock.start),
        "due": said(clock.due),
        "stop": said(clock.stop),
        "elapsed": words.duration(clock.elapsed_us / US),
        "left": words.duration(_left(clock, clause) / US),
        "late": words.duration((clock.late_us or 0) / US),
        "owner": clock.owner,
        "void": code_names.said(clock.void, code_names.REASONS, words),
        "wanted": words.number(clock.n_touches_wanted),
        "count": words.number(clock.n_touches),
        "is_reached": clock.connected is not None and clock.connected == clock.stop,
        "decision": code_names.said(decision, code_names.STAGES, words) or words("accepted by silence"),
        "stage": commitment.stage or "lead",
        "to_stage": commitment.to_stage or "customer",
        "status": next((pause.status for pause in clock.pauses if pause.end is None), ""),
    }
    return clock_sentence(commitment, TAKEN if is_taken else _state(clock), values, words)


def _state(clock: ClockExplained) -> str:
    if clock.verdict == BREACHED and clock.stop is not None:
        return LATE if clock.late_us else CLOSED
    return PAUSED if clock.verdict == RUNNING and clock.due is None else clock.verdict


def _left(clock: ClockExplained, clause: Clause) -> int:
    """Open microseconds that remain; while an endless pause hides the due instant, what the allowance has left."""
    if clock.due is not None:
        return clock.left_us or 0
    within = clause.withins[(clock.override or 0) if len(clause.withins) > 1 else 0]
    return 0 if within.is_days else max(0, within.amount * US - clock.elapsed_us)
