"""A target is reached."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded
from smarketing.charts.numbers import shown
from smarketing.terms.target import Measure

COUNTED = (Measure.COUNT, Measure.SUM)  # both sides are amounts of one thing; the rest is promised in a phrase


def worded(told: Told) -> Worded:
    words, payload = told.words, told.payload
    line = words(
        "{promise} is reached: {actual}, and {target} was promised.",
        promise=told.commitment,
        actual=shown(payload.get("actual"), str(payload.get("unit", "")), words) if "unit" in payload else _plain(told),
        target=_promised(told),
    )
    facts = ((words("Agreement"), told.agreement), (words("Asked for"), told.target))
    return Worded(
        words("Reached: {promise}", promise=told.commitment),
        (line, words("Well done, everybody.")),
        tuple((name, value) for name, value in facts if value),
        "good",
    )


def _promised(told: Told) -> str:
    """What was owed, in the unit of what was reached."""
    payload = told.payload
    if payload.get("measure") in COUNTED and payload.get("target") is not None:
        return shown(payload["target"], str(payload.get("unit", "")), told.words)
    return told.target or told.number("target")


def _plain(told: Told) -> str:
    """Of a notice that was written down before units were."""
    return told.number("actual") if "actual" in told.payload else told.percent("attainment", 1)
