"""Answer a proposal with changes, or take declined talks up again: the version is a draft once more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarketing.records.events import one_write
from smarketing.records.models import Person, Revision
from smarketing.records.negotiation import check_fresh, read_draft, save_revision, take
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.marked import N_


def counter_version(
    *, version_id: int, note: str, revision: int, by: Person, now: datetime, text: str = "", words: Words = ENGLISH
) -> Revision:
    """The text that answers a proposal; signatures given so far lapse and stay to be seen.

    Takes    text  what the answer says; the proposed text where it is left out, to be changed afterwards
             note  why, in the words of who answers
    Raises   UserError without a reason, Stale, Refused and TermsError
    """
    return _draft_again("counter", version_id, note, revision, by, now, text, words)


def reopen_version(
    *, version_id: int, note: str, revision: int, by: Person, now: datetime, words: Words = ENGLISH
) -> Revision:
    """The same for a version that was declined."""
    return _draft_again("reopen", version_id, note, revision, by, now, "", words)


def _draft_again(
    verb: str, version_id: int, note: str, revision: int, by: Person, now: datetime, text: str, words: Words
) -> Revision:
    with transaction.atomic(), one_write(verb=f"{verb}_version", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        hand.check_writes(verb)
        if not note.strip():
            raise UserError(N_("No reason is given."), where="note", hint=N_("Say in a sentence what should change."))
        check_fresh(hand, revision, words)
        kept, terms = read_draft(text, words) if text else (hand.revision.text, hand.terms)
        saved = save_revision(hand.version, kept, terms, verb=verb, party=hand.seat.party, note=note, by=by, now=now)
        n_lapsed = hand.lapse_signatures(now)
        hand.move(Status.DRAFT, proposed_by=None, proposed_at=None)
        write.about(hand.version, revision=saved.number, fingerprint=saved.fingerprint, signatures_lapsed=n_lapsed)
    return saved
