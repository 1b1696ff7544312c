"""A kind that has no words of its own yet: what is known of it, as it stands."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words = told.words
    name = told.text("title", "subject") or told.commitment or told.agreement
    lines = tuple(str(line) for line in told.payload.get("lines", ()) if line) or (
        words("There is news in smarketing."),
    )
    facts = ((words("Agreement"), told.agreement), (words("Promise"), told.commitment))
    return Worded(name or words("News from smarketing"), lines, tuple((name, value) for name, value in facts if value))
