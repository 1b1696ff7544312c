"""Refuse to sign a proposed version, with reasons."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Decline, Person
from smarketing.records.negotiation import take
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_


def decline_version(
    *, version_id: int, party: str, reasons: str, by: Person, now: datetime, words: Words = ENGLISH
) -> Decline:
    """The refusal; anybody may take the talks up again later.

    Raises UserError without reasons, Refused for somebody who does not sign for the party, TermsError when the
    version is not proposed.
    """
    with one_write(verb="decline_version", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        hand.check_signs("decline", party)
        if not reasons.strip():
            raise UserError(
                N_("No reason is given."), where="reasons", hint=N_("Say in a sentence what keeps you from signing.")
            )
        decline = Decline.objects.create(
            version=hand.version, revision=hand.revision, party=party, person=by, reasons=reasons.strip(), at=now
        )
        hand.lapse_signatures(now)
        hand.move(Status.DECLINED)
        write.about(hand.version, party=party, reasons=decline.reasons)
    return decline
