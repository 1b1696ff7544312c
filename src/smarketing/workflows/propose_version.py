"""Put a draft forward for signing."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.agreements import CLOSED, did_hold, signed_terms
from smarketing.records.events import one_write
from smarketing.records.models import Person, Version
from smarketing.records.negotiation import NAMED, Hand, check_fresh, take
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import check_succeeds


def propose_version(*, version_id: int, revision: int, by: Person, now: datetime, words: Words = ENGLISH) -> Version:
    """The version, proposed: from now on its text stands still until somebody signs, declines or answers with changes.

    Raises Stale when another text than `revision` is the latest, Refused and TermsError when it cannot be proposed.
    """
    with one_write(verb="propose_version", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        hand.check_writes("propose")
        check_fresh(hand, revision, words)
        _check_follows(hand)
        hand.move(Status.PROPOSED, proposed_by=by, proposed_at=now)
        write.about(hand.version, fingerprint=hand.revision.fingerprint)
    return hand.version


def _check_follows(hand: Hand) -> None:
    """The version begins after the latest one that held, between the same parties."""
    before = hand.version.agreement.versions.filter(status__in=CLOSED, number__lt=hand.version.number)
    earlier = next((version for version in before.order_by("-number") if did_hold(version)), None)
    if earlier is not None:
        terms = signed_terms(earlier)
        check_succeeds(terms, hand.terms, where=NAMED, words=hand.words)
        _check_parties(terms, hand.terms)


def _check_parties(earlier: Agreement, later: Agreement) -> None:
    """Who is bound by an agreement leaves it by ending it, not by being written out of its next version."""
    kept = {(party.id, party.role) for party in later.parties}
    for party in earlier.parties:
        if (party.id, party.role) not in kept:
            raise TermsError(
                N_("{party} is a party of version {n} and none of this one."),
                where=NAMED,
                hint=N_("Keep its id and role, or end that version and begin another agreement."),
                party=party.name,
                n=earlier.version,
            )
