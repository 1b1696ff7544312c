"""Why a touch counts for a clock, or why not: the first reason that applies, in the order in which people would ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from smarketing.engine.answers import REPLY, counted
from smarketing.engine.clauses import Version
from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, LATE_LOGGED, OUT, Touches
from smarketing.facts.schema import TOUCH_KINDS
from smarketing.scorecard.explain.explanation import TouchSeen, instant
from smarketing.terms.commitment import Commitment, Kind, Stop
from smarketing.terms.language import N_, Words


class Reason(StrEnum):
    """Why a touch does not count; COUNTS is none."""

    COUNTS = ""
    AFTER_NOW = "after_now"
    DELETED = "deleted"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    NOT_DONE = "not_done"
    INBOUND = "inbound"
    INTERNAL = "internal"
    AUTOMATED = "automated"
    KIND = "kind_not_counted"
    TOO_SHORT = "too_short"
    BEFORE_START = "before_start"
    NOT_CONNECTED = "not_connected"
    AFTER_CONNECTION = "after_connection"
    AFTER_WINDOW = "after_window"
    AFTER_STOP = "after_stop"


SENTENCES = {
    Reason.AFTER_NOW: N_("It lies after the moment of this judgement."),
    Reason.DELETED: N_("The source deleted it."),
    Reason.SCHEDULED: N_("It was planned and has not happened."),
    Reason.CANCELLED: N_("It was cancelled."),
    Reason.NOT_DONE: N_("It has not happened: it was planned, cancelled or deleted."),
    Reason.INBOUND: N_("It came from the lead, not from us."),
    Reason.INTERNAL: N_("It stayed among ourselves."),
    Reason.AUTOMATED: N_("A machine sent it."),
    Reason.KIND: N_("The agreement does not count touches of this kind."),
    Reason.TOO_SHORT: N_("The call was shorter than the agreement asks for."),
    Reason.BEFORE_START: N_("It came before the clock started."),
    Reason.NOT_CONNECTED: N_("It did not reach the person."),
    Reason.AFTER_CONNECTION: N_("The person had been reached by then, so no more touches were owed."),
    Reason.AFTER_WINDOW: N_("It came after the window had closed."),
    Reason.AFTER_STOP: N_("The clock had stopped by then."),
}


@dataclass(frozen=True, slots=True)
class Note:
    """What the fact table knows of a touch beyond its byte of flags."""

    touch_id: str = ""
    outcome: str = ""
    is_deleted: bool = False


NOTHING_NOTED = Note()


@dataclass(frozen=True, slots=True)
class Window:
    """The clock that touches are held against, in microseconds UTC; NEVER for what has not come."""

    start_at: int
    stop_at: int
    due_at: int
    connected_at: int
    now: int


def touches_seen(
    touches: Touches,
    version: Version,
    commitment: Commitment,
    window: Window,
    *,
    zone: str,
    words: Words,
    notes: Sequence[Note] = (),
) -> tuple[TouchSeen, ...]:
    """Every touch of one lead, later ones than now included, each with its reason.

    Takes    touches   of one lead, in order, not cut at now
             notes     one per touch, or none at all
    """
    seen = []
    counts = counted(touches, version)
    for row in range(len(touches)):
        note = notes[row] if notes else NOTHING_NOTED
        reason = _reason(touches, row, bool(counts[row]), version, commitment, window, note)
        flags, owner = int(touches.flags[row]), int(touches.owner[row])
        seen.append(
            TouchSeen(
                at=instant(int(touches.at[row]), zone),
                kind=TOUCH_KINDS[int(touches.kind[row])],
                owner=version.codebook.owner_names[owner] if owner >= 0 else "",
                direction="in" if flags & INBOUND else "out" if flags & OUT else "internal",
                duration_s=None if touches.duration_s[row] < 0 else int(touches.duration_s[row]),
                is_connection=_is_connection(flags, bool(counts[row])),
                is_late_logged=bool(flags & LATE_LOGGED),
                is_counted=reason is Reason.COUNTS,
                reason=reason.value,
                why="" if reason is Reason.COUNTS else words(SENTENCES[reason]),
                touch_id=note.touch_id,
                outcome=note.outcome,
            )
        )
    return tuple(seen)


def _reason(
    touches: Touches, row: int, counts: bool, version: Version, commitment: Commitment, window: Window, note: Note
) -> Reason:
    at, flags = int(touches.at[row]), int(touches.flags[row])
    if at > window.now:
        return Reason.AFTER_NOW
    stops_at_connection = commitment.stop is Stop.CONNECTION and commitment.kind is Kind.SPEED_TO_LEAD
    if stops_at_connection and _is_connection(flags, counts):
        return _placed(at, commitment, window)
    if not counts:
        return _refusal(touches, row, version, note)
    if stops_at_connection:
        return Reason.NOT_CONNECTED
    return _placed(at, commitment, window)


def _refusal(touches: Touches, row: int, version: Version, note: Note) -> Reason:
    """Why a touch never counts, whenever it came; in the engine's own terms."""
    flags = int(touches.flags[row])
    if not flags & DONE:
        noted = {"scheduled": Reason.SCHEDULED, "cancelled": Reason.CANCELLED}.get(note.outcome, Reason.NOT_DONE)
        return Reason.DELETED if note.is_deleted else noted
    if flags & INBOUND:
        return Reason.INBOUND
    if not flags & OUT:
        return Reason.INTERNAL
    if not flags & HUMAN:
        return Reason.AUTOMATED
    return Reason.KIND if not version.kinds[touches.kind[row]] else Reason.TOO_SHORT


def _placed(at: int, commitment: Commitment, window: Window) -> Reason:
    """Whether a touch of the right kind came at the right time."""
    if at < window.start_at:
        return Reason.BEFORE_START
    if commitment.kind is Kind.FOLLOW_UP_DEPTH:
        if at > window.due_at:
            return Reason.AFTER_WINDOW
        return Reason.AFTER_CONNECTION if at > window.connected_at else Reason.COUNTS
    if commitment.kind is Kind.FOLLOW_UP_CADENCE and at == window.start_at:
        return Reason.BEFORE_START
    return Reason.AFTER_STOP if at > window.stop_at else Reason.COUNTS


def _is_connection(flags: int, counts: bool) -> bool:
    return (counts and bool(flags & CONNECTED)) or flags & REPLY == REPLY
