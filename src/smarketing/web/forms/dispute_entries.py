"""How contested verdicts are decided, as a form of the agreement."""

from __future__ import annotations

from smarketing.terms.agreement import Agreement
from smarketing.terms.dispute_rule import DisputeRule
from smarketing.terms.marked import N_
from smarketing.web.forms.entries import Entries, entry

NO_OR_YES = (("", N_("no")), ("true", N_("yes")))


def disputes(terms: Agreement) -> Entries:
    people = tuple(dict.fromkeys(contact.name for party in terms.parties for contact in party.contacts))
    silence = N_("Silence accepts a dispute")
    return (
        entry(DisputeRule, "disputes.decide_within", N_("Decided within"), kind="allowance"),
        entry(DisputeRule, "disputes.arbiter", N_("Who decides"), known=people),
        entry(DisputeRule, "disputes.silence_accepts", silence, kind="choice", choices=NO_OR_YES, default=""),
    )
