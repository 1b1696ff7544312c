"""A way out was turned off, because nothing has got through it for days."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded
from smarketing.alerts.wording.troubles import trouble_words


def worded(told: Told) -> Worded:
    words, name = told.words, told.text("name")
    lines = (
        words(
            "Nothing has got through to {name} since {at}; it is turned off.",
            name=name,
            at=told.clock(told.at("since")),
        ),
        words("Messages that waited for it are not sent. Mend it and turn it on again in the settings."),
    )
    facts = ((words("Latest failure"), trouble_words(told.text("code"), words)),)
    return Worded(words("Turned off: {name}", name=name), lines, facts, "bad")
