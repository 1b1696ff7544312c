"""What one byte says of a touch: ledger.replica_rows for a row in place of a column."""

from __future__ import annotations

from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, LATE_LOGGED, OUT
from smarketing.ledger.replica_rows import AMONG_US, NOT_ANSWERED, NOT_DONE, REACHED
from smarketing.terms.offsets import DAY_US


def flags(
    kind: str,
    direction: str,
    outcome: str | None,
    *,
    automated: bool | None,
    is_person: bool,
    deleted_at: int | None,
    logged_late_us: int,
) -> int:
    """Takes logged_late_us: how long after it happened it was written down."""
    is_done = outcome not in NOT_DONE and deleted_at is None and not (direction == "internal" and kind in AMONG_US)
    return (
        OUT * (direction == "out")
        | HUMAN * (not automated and is_person)
        | DONE * is_done
        | CONNECTED * (outcome in REACHED)
        | INBOUND * (direction == "in" and outcome not in NOT_ANSWERED)
        | LATE_LOGGED * (logged_late_us > DAY_US)
    )
