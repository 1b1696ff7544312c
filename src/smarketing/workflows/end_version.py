"""Call a signed version off, before its first day or while it is in force."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person, Version
from smarketing.records.negotiation import take
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_


def end_version(*, version_id: int, party: str, why: str, by: Person, now: datetime, words: Words = ENGLISH) -> Version:
    """The version, ended. Its text and signatures stay; leads that come in afterwards are judged by nothing.

    Raises UserError without a reason, Refused for somebody who does not sign for the party, TermsError when the
    version does not hold.
    """
    with one_write(verb="end_version", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        hand.check_signs("cancel", party)
        if not why.strip():
            raise UserError(N_("No reason is given."), where="why", hint=N_("Say in a sentence why it ends."))
        hand.move(Status.ENDED, ended_at=now, ended_why=why.strip())
        write.about(hand.version, party=party, why=why.strip())
    return hand.version
