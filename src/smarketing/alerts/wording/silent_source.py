"""A source of facts has gone quiet."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words, source = told.words, told.text("source_name", "name", "source")
    since = told.at("silent_since") or told.at("last_received_at") or told.at("since")
    lines = [words("{source} has sent nothing since {at}.", source=source, at=told.clock(since))]
    gap = told.payload.get("usual_gap_s")
    if isinstance(gap, int | float):
        lines.append(words("Usually something comes every {gap}.", gap=words.duration(gap)))
    lines.append(words("Look over there whether its webhooks are still on; some systems turn them off after failures."))
    return Worded(words("Nothing comes from {source}", source=source), tuple(lines), (), "bad")
