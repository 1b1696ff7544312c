"""Rules of warning as forms: when each fires, who is told and by which way."""

from __future__ import annotations

from typing import Any

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.marked import N_
from smarketing.web.forms.entries import Choices, Entries, Name, Rows, entry

OCCASION_NAMES = {
    Occasion.REMINDER: N_("Time runs short"),
    Occasion.BREACH: N_("Time has run out"),
    Occasion.ESCALATION: N_("Still no answer after the deadline"),
    Occasion.PACE: N_("A total is behind its goal line"),
    Occasion.BURN_RATE: N_("Misses come too fast"),
    Occasion.CAPACITY: N_("More leads than hours"),
    Occasion.SILENT_SOURCE: N_("A source has gone quiet"),
    Occasion.UNASSIGNED: N_("Nobody has a lead"),
    Occasion.CELEBRATION: N_("A target is reached"),
    Occasion.PULSE: N_("Every morning"),
    Occasion.WEEKLY_SUMMARY: N_("Every week"),
}
PLACE_NAMES = (
    ("owner", N_("Owner of the lead, else the point of contact")),
    ("manager", N_("Whom the owner reports to")),
    ("team", N_("The owner's team")),
    ("seat", N_("Who answers for leads that nobody has")),
)
NO_OR_YES = (("", N_("no")), ("true", N_("yes")))


def alerts(terms: Agreement) -> Entries:
    people = tuple(dict.fromkeys(contact.name for party in terms.parties for contact in party.contacts))
    parties = tuple((party.id, Name(party.name)) for party in terms.parties)
    readers: Choices = (*PLACE_NAMES, *parties, *((name, Name(name)) for name in people))
    promises = tuple((each.id, Name(each.title or each.id)) for each in terms.commitments)
    occasions = tuple((each.value, label) for each, label in OCCASION_NAMES.items())
    left_out: dict[str, Any] = {"default": "", "is_required": False}
    either: dict[str, Any] = {"kind": "choice", "choices": NO_OR_YES} | left_out
    each = (
        entry(AlertRule, "id", N_("Short name")),
        entry(AlertRule, "on", N_("What it waits for"), kind="choice", choices=occasions),
        entry(AlertRule, "commitments", N_("Of which promises"), kind="ticks", choices=promises),
        entry(AlertRule, "at", N_("Time that is used up"), kind="share", unit="%", **left_out),
        entry(AlertRule, "before", N_("Before the deadline"), kind="allowance"),
        entry(AlertRule, "after", N_("After the deadline or the handover"), kind="allowance"),
        entry(AlertRule, "behind", N_("Behind the goal line"), kind="share", unit="%", **left_out),
        entry(AlertRule, "for_days", N_("Days in a row"), kind="number", unit=N_("days"), **left_out),
        entry(AlertRule, "rate", N_("Times as fast as allowed"), kind="number", **left_out),
        entry(AlertRule, "look_back", N_("Looked back over"), kind="allowance"),
        entry(AlertRule, "load", N_("Hours that are needed"), kind="share", unit="%", **left_out),
        entry(AlertRule, "gap_factor", N_("Times the usual gap"), kind="number", **left_out),
        entry(AlertRule, "to", N_("Who is told"), kind="ticks", choices=readers),
        entry(AlertRule, "channels", N_("By which way"), kind="lines"),
        entry(AlertRule, "cooldown", N_("Not again for"), kind="allowance"),
        entry(AlertRule, "most", N_("Most in a day"), kind="number", **left_out),
        entry(AlertRule, "urgent", N_("In quiet hours too"), **either),
        entry(AlertRule, "digest", N_("With the daily digest"), **either),
    )
    about = N_("Fill in only what the occasion needs: a reminder its share or its time, an escalation its time.")
    return (
        entry(Agreement, "seat", N_("Who answers for leads that nobody has"), known=people),
        Rows("alerts", N_("Warnings"), N_("Warning"), each, "id", about),
    )
