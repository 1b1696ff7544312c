"""A scorecard from JSON, equal to the last digit; and whether time alone can still change it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from smarketing.scorecard.card import Line, Scorecard, Speed, Standing


def card_from_json(content: dict[str, Any]) -> Scorecard:
    """The card that `to_json` told.

    Raises ValueError when it is of another shape, as cards of other releases may be.
    """
    return _cards().validate_python(as_fields(content))


def as_fields(content: dict[str, Any]) -> dict[str, Any]:
    """What `to_json` told under the names of the fields."""
    return {"lines" if key == "commitments" else key: value for key, value in content.items()}


@cache
def _cards() -> TypeAdapter[Scorecard]:
    return TypeAdapter(Scorecard)


def is_final(card: Scorecard) -> bool:
    """Whether only other facts can change the card: its period is over and nothing in it waits or matures."""
    is_waiting = any(_waits(line) for line in card.lines) or any(stage.is_maturing for stage in card.funnel.stages)
    return card.period.is_over and not is_waiting


def _waits(line: Line) -> bool:
    speeds: list[Speed] = [speed for speed in (line.speed, *line.clocks.values()) if speed]
    standings: list[Standing] = [*line.trend, *line.periods, *line.days]
    return (
        line.n_running > 0
        or any(standing.n_running for standing in standings)
        or any(speed.n_waiting for speed in speeds)
        or bool(line.depth and line.depth.n_open)
    )
