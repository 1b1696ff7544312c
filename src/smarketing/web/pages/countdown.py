"""What is left of a clock, as the boards show it: a text that holds without scripts, and what lets it count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smarketing.alerts.wording.dispute import REASONS
from smarketing.terms.language import Words
from smarketing.workflows.list_desk import RunningClock

SOON_S, URGENT_S = 3600, 900


@dataclass(frozen=True, slots=True)
class Countdown:
    """`seconds` of open time left; static/js/countdown.js counts them down until `closes_at`, or from `opens_at` on."""

    text: str
    tone: str  # bad, open, good, muted
    seconds: int | None
    is_late: bool  # its due instant has passed, though perhaps no open time since
    due_at: datetime | None
    closes_at: datetime | None
    opens_at: datetime | None
    rest: str  # why it does not run now; empty where it does
    waived: str  # that it counts no more, and why


def countdown(each: RunningClock, now: datetime, words: Words, zone: str) -> Countdown:
    left = each.left
    is_late = each.clock.due_at is not None and each.clock.due_at < now
    seconds = None if left.seconds is None else int(left.seconds)
    return Countdown(
        text=left_text(seconds, words, is_late=is_late),
        tone="muted" if each.waived else tone_of(seconds),
        seconds=seconds,
        is_late=is_late,
        due_at=each.clock.due_at,
        closes_at=left.closes_at,
        opens_at=left.opens_at,
        rest=words("closed now, goes on {at}", at=words.minute(left.opens_at, zone)) if left.opens_at else "",
        waived=waived_text(each.waived, words),
    )


def rest_of_all(all_left: Sequence[Countdown]) -> str:
    """Why none of several clocks runs now, to be said once; empty where they differ."""
    rests = {each.rest for each in all_left}
    return rests.pop() if len(all_left) > 1 and len(rests) == 1 else ""


def waived_text(reason: str, words: Words) -> str:
    return words("waived: {reason}", reason=words(REASONS.get(reason, reason))) if reason else ""


def left_text(seconds: int | None, words: Words, *, is_late: bool) -> str:
    """As countdown.js says it: whole minutes, seconds in the last one."""
    if seconds is None:
        return words("paused")
    length = abs(seconds)
    told = words.duration(length if length < 60 else length // 60 * 60)
    return words("{time} overdue", time=told) if is_late else words("{time} left", time=told)


def tone_of(seconds: int | None) -> str:
    if seconds is None:
        return "muted"
    if seconds < URGENT_S:
        return "bad"
    return "open" if seconds < SOON_S else "good"
