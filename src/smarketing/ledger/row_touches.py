"""What one byte says of a touch: ledger.replica_rows for a row in place of a column."""

from __future__ import annotations

from functools import cache

from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, LATE_LOGGED, OUT
from smarketing.ledger.replica_rows import AMONG_US, NOT_ANSWERED, NOT_DONE, REACHED
from smarketing.terms.offsets import DAY_US


def flags(
    what: tuple[str, str, str | None], *, is_human: bool, is_deleted: bool, occurred_at: int, logged_at: int | None
) -> int:
    """Takes what: kind, direction and outcome."""
    late = LATE_LOGGED if logged_at is not None and logged_at - occurred_at > DAY_US else 0
    return (_plain(*what) & ~(DONE * is_deleted)) | HUMAN * is_human | late


@cache
def _plain(kind: str, direction: str, outcome: str | None) -> int:
    """What does not depend on who did it and when."""
    is_done = outcome not in NOT_DONE and not (direction == "internal" and kind in AMONG_US)
    return (
        OUT * (direction == "out")
        | DONE * is_done
        | CONNECTED * (outcome in REACHED)
        | INBOUND * (direction == "in" and outcome not in NOT_ANSWERED)
    )
