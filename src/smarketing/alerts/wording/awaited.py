"""What a clock waits for: what a message about it asks for depends on the kind of the promise."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from smarketing.terms.commitment import PIECES, Clock, Commitment, Kind, Stop


class Awaited(StrEnum):
    """ANSWER is also what a notice waits for that was written down before kinds were."""

    ANSWER = "answer"
    CONNECTION = "connection"
    OWNER = "owner"
    TOUCHES = "touches"
    DECISION = "decision"
    NEXT_TOUCH = "next_touch"
    THING = "thing"


OF_KINDS = {
    Kind.FOLLOW_UP_DEPTH: Awaited.TOUCHES,
    Kind.DISPOSITION_TIME: Awaited.DECISION,
    Kind.FOLLOW_UP_CADENCE: Awaited.NEXT_TOUCH,
    Kind.DELIVERABLE: Awaited.THING,
}


def awaited(payload: Mapping[str, Any]) -> Awaited:
    kind = payload.get("kind")
    if kind == Kind.SPEED_TO_LEAD and payload.get("clock") == Clock.SYSTEM:
        return Awaited.OWNER
    if kind == Kind.SPEED_TO_LEAD and payload.get("stop") == Stop.CONNECTION:
        return Awaited.CONNECTION
    return next((what for each, what in OF_KINDS.items() if each == kind), Awaited.ANSWER)


def owed(commitment: Commitment | None, episode: int | None) -> dict[str, Any]:
    """What a payload says of the promise itself; of a thing that is owed several times a period also which it is."""
    if commitment is None:
        return {}
    if commitment.kind is Kind.DELIVERABLE:
        piece = (episode or 0) % PIECES + 1
        return {"kind": commitment.kind.value, "piece": piece, "pieces": int(commitment.target.value)}
    return {"kind": commitment.kind.value, "clock": commitment.clock.value, "stop": commitment.stop.value}
