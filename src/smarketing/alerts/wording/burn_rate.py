"""Misses use up what the promise allows faster than planned."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    lines = (
        words(
            "{promise}: misses come {rate} times as fast as the promise allows.",
            promise=told.commitment,
            rate=told.number("rate", 1),
        ),
        words(
            "{missed} of {all} were missed; if it goes on like this, the period cannot be saved.",
            missed=told.number("n_breached"),
            all=told.number("n_judged"),
        ),
    )
    facts = ((words("Agreement"), told.agreement), (words("Asked for"), told.target))
    return Worded(
        words("Too many misses: {promise}", promise=told.commitment),
        lines,
        tuple((name, value) for name, value in facts if value),
        "bad",
    )
