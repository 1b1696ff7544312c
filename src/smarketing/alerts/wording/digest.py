"""Several messages in one."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    subject = words.plural("{n} message from smarketing", "{n} messages from smarketing", told.n_parts)
    if told.text("why") == "brake":
        line = words("So much happened at once that we put it into one message.")
    else:
        line = words("What happened since the last summary, in one message.")
    return Worded(subject, (line,))
