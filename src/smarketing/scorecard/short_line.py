"""One line of a card in as little JSON as its chart needs, to be drawn later."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from smarketing.scorecard.card import Day, Line, plain

DAY = {f.name: f.default for f in fields(Day)}


def short_line(line: Line) -> dict[str, Any]:
    """Without its groups, its past and its spread; of its days only what they say."""
    bare = replace(line, groups={}, trend=(), periods=(), clocks={}, speed=None, depth=None, days=(), waived=None)
    days = [
        {name: plain(value) for name, default in DAY.items() if (value := getattr(day, name)) != default}
        for day in line.days
    ]
    return {**plain(bare), "days": days}


def line_of(told: dict[str, Any]) -> Line:
    """The line that `short_line` told.

    Raises ValueError when it is of another shape
    """
    return _lines().validate_python(told)


@cache
def _lines() -> TypeAdapter[Line]:
    return TypeAdapter(Line)
