"""Begin the next version of an agreement as a copy of one that was signed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from smarketing.records.access import Refused
from smarketing.records.agreements import today_of
from smarketing.records.events import one_write
from smarketing.records.models import Person, Version
from smarketing.records.negotiation import DRAFTED, renumbered, save_revision, take
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.draft_agreement import check_none_open, first_of_next_month


def amend_version(*, version_id: int, by: Person, now: datetime, words: Words = ENGLISH) -> Version:
    """A draft with the next number that says the same, from the first day of a coming month; the past is not touched.

    Raises Refused or TermsError when this version or another one is still being talked about.
    """
    with transaction.atomic(), one_write(verb="amend_version", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        if not hand.seat.can_write:
            raise Refused(N_("You may not do this."), hint=N_("Ask whoever answers for your team."))
        if hand.status in DRAFTED:
            raise TermsError(N_("This version is not signed yet."), hint=N_("Change it as it is."))
        agreement = hand.version.agreement
        check_none_open(agreement)
        newest = agreement.versions.aggregate(n=Max("number"), from_on=Max("from_on"))
        begins = first_of_next_month(max(today_of(hand.terms, now), newest["from_on"]))
        wanted = _next(hand.terms, number=newest["n"] + 1, days=InForce(from_on=begins))
        version = Version.objects.create(
            agreement=agreement,
            number=wanted.version,
            based_on=hand.version,
            from_on=begins,
            created_by=by,
            created_at=now,
        )
        text = renumbered(hand.revision.text, wanted)
        save_revision(version, text, wanted, verb="edit", party=hand.seat.party, note="", by=by, now=now)
        write.about(version, slug=agreement.slug, number=version.number, based_on=hand.version.number)
    return version


def _next(terms: Agreement, *, number: int, days: InForce) -> Agreement:
    until = terms.in_force.until_on
    if until is not None and until > days.from_on:
        days = days.model_copy(update={"until_on": until})
    return terms.model_copy(update={"version": number, "in_force": days, "signatures": ()})
