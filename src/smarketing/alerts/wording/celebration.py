"""A target is reached."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    reached = told.number("actual") if "actual" in told.payload else told.percent("attainment", 1)
    line = words(
        "{promise} is reached: {actual}, and {target} was promised.",
        promise=told.commitment,
        actual=reached,
        target=told.target or told.number("target"),
    )
    facts = ((words("Agreement"), told.agreement), (words("Asked for"), told.target))
    return Worded(
        words("Reached: {promise}", promise=told.commitment),
        (line, words("Well done, everybody.")),
        tuple((name, value) for name, value in facts if value),
        "good",
    )
