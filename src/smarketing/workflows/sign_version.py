"""Sign a version for a party: exactly the text that was shown, and no other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarketing.failpoints import reach
from smarketing.records.agreements import today_of
from smarketing.records.events import Write, one_write
from smarketing.records.models import Person, Signature
from smarketing.records.negotiation import Hand, Stale, take
from smarketing.terms.faults import ENGLISH
from smarketing.terms.fingerprint import fingerprint as fingerprint_of
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_

STATEMENT = N_(
    "I, {name}, sign version {version} of “{title}” for {party}, in the text whose fingerprint is {fingerprint}."
)


def sign_version(
    *, version_id: int, party: str, fingerprint: str, method: str, by: Person, now: datetime, words: Words = ENGLISH
) -> Signature:
    """The signature; the one that stands already when the same person signs the same text again.

    Takes    fingerprint  of the text the signer was shown
             method       how they have just proved who they are: password, passkey, totp, sso
    Raises   Stale when the text is another one by now, Refused for somebody who does not sign for the party,
             TermsError when nothing can be signed
    """
    with transaction.atomic():
        hand = take(version_id, by=by, now=now, words=words)
        standing = hand.version.signatures.filter(lapsed_at=None, party=party).first()
        if standing is not None and (standing.person_id, standing.fingerprint) == (by.id, fingerprint):
            return standing
        hand.check_signs("sign", party)
        _check_text(hand, fingerprint)
        if standing is not None:
            raise Stale(N_("{name} has signed for this party."), name=standing.name)
        with one_write(verb="sign_version", by=by, now=now) as write:
            reach("agreement.sign.before_write")
            signature = _sign(hand, party, method, now, write)
            reach("agreement.sign.after_write")
        reach("agreement.sign.before_commit")
    reach("agreement.sign.after_commit")
    return signature


def statement(*, name: str, title: str, version: int, party: str, fingerprint: str, words: Words) -> str:
    """The sentence a signer agrees to."""
    return words(STATEMENT, name=name, title=title, version=version, party=party, fingerprint=fingerprint)


def _check_text(hand: Hand, fingerprint: str) -> None:
    """The text kept is the one that was shown, and still has the fingerprint that was kept beside it."""
    if fingerprint != hand.revision.fingerprint or fingerprint_of(hand.terms) != hand.revision.fingerprint:
        raise Stale(
            N_("The text changed after it was shown to you, so nothing was signed."),
            hint=N_("Read the present text, then sign that one."),
        )


def _sign(hand: Hand, party: str, method: str, now: datetime, write: Write) -> Signature:
    names = {each.id: each.name for each in hand.terms.parties}
    said = statement(
        name=str(hand.by),
        title=hand.terms.title,
        version=hand.version.number,
        party=names[party],
        fingerprint=hand.revision.fingerprint,
        words=hand.words,
    )
    signature = Signature.objects.create(
        version=hand.version,
        revision=hand.revision,
        party=party,
        person=hand.by,
        name=str(hand.by)[:120],
        fingerprint=hand.revision.fingerprint,
        statement=said,
        method=method[:20],
        signed_at=now,
    )
    signed = set(hand.version.signatures.filter(lapsed_at=None).values_list("party", flat=True))
    is_last = signed >= {each.id for each in hand.terms.parties}
    if is_last:
        hand.move(Status.SIGNED, signed_at=now)
    write.about(
        hand.version,
        party=party,
        fingerprint=signature.fingerprint,
        is_last=is_last,
        late=today_of(hand.terms, now) > hand.terms.in_force.from_on,
    )
    return signature
