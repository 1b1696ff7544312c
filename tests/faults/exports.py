"""Exports for the served site: leads of which some are wrong, some come twice, and some were changed since."""

from __future__ import annotations

HEADER = "Lead Id,Created Time,Modified Time,Owner,Lead Source,Status"
N_ROWS, N_TWICE = 6_000, 50
WRONG_EVERY, SHARED = 100, 600  # of the rows of an export the first ones are the last of the one before


def export(number: int) -> tuple[str, bytes]:
    """Name and content of a file with N_ROWS + N_TWICE rows."""
    rows = [_row(number, lead) for lead in _leads(number)]
    return f"leads-{number}.csv", "\n".join([HEADER, *rows, *rows[:N_TWICE], ""]).encode()


def right_leads(numbers: set[int]) -> set[str]:
    """The ids that these exports bring."""
    return {f"L{lead}" for number in numbers for lead in _leads(number) if not _is_wrong(lead)}


def _leads(number: int) -> range:
    first = number * (N_ROWS - SHARED)
    return range(first, first + N_ROWS)


def _is_wrong(lead: int) -> bool:
    return lead % WRONG_EVERY == WRONG_EVERY - 1


def _row(number: int, lead: int) -> str:
    created = "not a time" if _is_wrong(lead) else f"2025-06-02T{lead % 24:02}:{lead % 60:02}:00Z"
    return f"L{lead},{created},2025-07-{number + 1:02}T09:00:00Z,Rita,Google,{('New', 'Called')[number % 2]}"
