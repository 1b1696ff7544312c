"""A draft of an agreement of its own that says what a version of another one says."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import Refused, actor_of
from smarketing.records.agreements import held_versions, today_of
from smarketing.records.models import Person, Version
from smarketing.records.negotiation import renumbered
from smarketing.terms.agreement import InForce
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.draft_agreement import draft_agreement, first_of_next_month, free_slug


def copy_version(*, slug: str, number: int, by: Person, now: datetime, words: Words = ENGLISH) -> Version:
    """Raises Refused where this person may not read the version, or would be of no party of the copy."""
    held = held_versions(actor_of(by, now.date()), slug=slug)
    found = next((each for each in held if each.version.number == number), None)
    if found is None:
        raise Refused(N_("There is no such version."))
    days = InForce(from_on=first_of_next_month(today_of(found.terms, now)))
    said = {"id": free_slug(found.terms.id), "version": 1, "in_force": days, "signatures": ()}
    text = renumbered(found.revision.text, found.terms.model_copy(update=said))
    return draft_agreement(text=text, by=by, now=now, words=words)
