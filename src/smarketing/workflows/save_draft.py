"""Save what a draft says now, beside everything it said before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarketing.records.events import one_write
from smarketing.records.models import Person, Revision
from smarketing.records.negotiation import check_fresh, read_draft, save_revision, take
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words


def save_draft(
    *, version_id: int, text: str, revision: int, by: Person, now: datetime, note: str = "", words: Words = ENGLISH
) -> Revision:
    """The next revision of a draft; the present one where nothing changed.

    Takes    revision  number of the text that was changed
    Raises   Stale when somebody saved in between, UnreadableTerms for a text that cannot be obeyed, Refused and
             TermsError when this person may not, or when the version is no draft
    """
    with transaction.atomic():
        hand = take(version_id, by=by, now=now, words=words)
        hand.check_writes("edit")
        kept, terms = read_draft(text, words)
        if kept == hand.revision.text:
            return hand.revision
        check_fresh(hand, revision, words)
        with one_write(verb="save_draft", by=by, now=now) as write:
            saved = save_revision(
                hand.version, kept, terms, verb="edit", party=hand.seat.party, note=note, by=by, now=now
            )
            write.about(hand.version, revision=saved.number, fingerprint=saved.fingerprint)
    return saved
