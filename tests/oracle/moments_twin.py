"""The slow twin of warnings: it walks from one open stretch to the next and counts what has run."""

from __future__ import annotations

from tests.oracle import business_time_twin as walk

from smarketing.engine.history import NEVER
from smarketing.terms.calendar import Calendar

HORIZON = 60


def ran(calendar: Calendar, start: int, pauses: walk.Pauses) -> list[tuple[int, int]]:
    """The stretches in which the clock runs, for as long as a test looks."""
    return list(walk.running(calendar, start, start + HORIZON * walk.DAY, pauses))


def used_at(calendar: Calendar, start: int, used: int, pauses: walk.Pauses) -> int:
    """The first instant by which so much has run."""
    if used <= 0:
        return start
    for begin, end in ran(calendar, start, pauses):
        if end - begin >= used:
            return begin + used
        used -= end - begin
    return NEVER


def left_at(calendar: Calendar, start: int, left: int, allowed: int, pauses: walk.Pauses) -> int:
    """The last instant at which so much is left: the first one from which on less than that is left, exclusive."""
    used = allowed - left
    if used <= 0:
        return NEVER
    for begin, end in ran(calendar, start, pauses):
        if end - begin > used:
            return begin + used
        used -= end - begin
    return NEVER
