"""A total lies behind its goal line."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    lines = [
        words(
            "{promise} is {share} behind its goal line: {actual} of the {goal} that should be there by now.",
            promise=told.commitment,
            share=told.percent("behind"),
            actual=told.number("actual"),
            goal=told.number("goal"),
        )
    ]
    if "projected" in told.payload:
        lines.append(
            words(
                "At this pace the period ends with {projected} of {target}.",
                projected=told.number("projected"),
                target=told.number("target"),
            )
        )
    facts = [(words("Agreement"), told.agreement), (words("Asked for"), told.target)]
    if "required" in told.payload:
        facts.append((words("Needed each day from now on"), told.number("required", 1)))
    return Worded(
        words("Behind the goal line: {promise}", promise=told.commitment),
        tuple(lines),
        tuple((name, value) for name, value in facts if value),
        "open",
    )
