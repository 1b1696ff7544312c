"""A message by which somebody tries a way out."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    line = words("{person} tried whether messages arrive here. They do.", person=told.text("by"))
    return Worded(words("A test from smarketing"), (line,), (), "good")
