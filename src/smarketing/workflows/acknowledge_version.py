"""Say that one has read what one is bound by."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarketing.records.access import Refused
from smarketing.records.events import one_write
from smarketing.records.models import Acknowledgement, Person
from smarketing.records.negotiation import Stale, take
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_


def acknowledge_version(
    *, version_id: int, fingerprint: str, by: Person, now: datetime, words: Words = ENGLISH
) -> Acknowledgement:
    """That this member read this text; said once, it stays said.

    Raises Refused for somebody whom the version does not bind, TermsError when it is not signed, Stale when another
    text was shown.
    """
    with transaction.atomic():
        hand = take(version_id, by=by, now=now, words=words)
        said = Acknowledgement.objects.filter(version=hand.version, person=by).first()
        if said is not None:
            return said
        if not hand.seat.member:
            raise Refused(N_("This agreement does not bind you."))
        if hand.status not in (Status.SIGNED, Status.IN_FORCE):
            raise TermsError(N_("Only a signed version that holds can be acknowledged."))
        if fingerprint != hand.revision.fingerprint:
            raise Stale(N_("The text is not the one that was shown to you."), hint=N_("Read the present one."))
        with one_write(verb="acknowledge_version", by=by, now=now) as write:
            write.about(hand.version, fingerprint=fingerprint)
            return Acknowledgement.objects.create(version=hand.version, person=by, fingerprint=fingerprint, at=now)
