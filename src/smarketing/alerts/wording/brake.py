"""So many messages came up at once that they are held together."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    n = int(told.payload.get("n") or 0)
    lines = (
        words.plural("{n} message came up within a minute.", "{n} messages came up within a minute.", n),
        words("They go out together, a few minutes later. Look whether an import or a changed rule caused them."),
    )
    return Worded(words("Too many messages at once"), lines, ((words("Since"), told.clock(told.at("since"))),), "bad")
