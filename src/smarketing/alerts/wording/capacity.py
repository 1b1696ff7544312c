"""The leads need more hours than the team has."""

from __future__ import annotations

from smarketing.alerts.wording.told import Told, Worded


def worded(told: Told) -> Worded:
    words, party = told.words, told.text("party_name", "party", "team")
    lines = (
        words(
            "The leads of {team} need {needed} hours, and there are {hours}.",
            team=party,
            needed=told.number("needed_hours"),
            hours=told.number("hours"),
        ),
        words("Either the leads become fewer, or the touches, or the people more: what is promised cannot be done."),
    )
    facts = ((words("Agreement"), told.agreement), (words("Used up"), told.percent("load")))
    return Worded(
        words("More leads than hours: {team}", team=party),
        lines,
        tuple((name, value) for name, value in facts if value and value != "–"),
        "open",
    )
