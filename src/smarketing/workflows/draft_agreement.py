"""Begin an agreement, or the next version of one, from a text or from a starter."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max

from smarketing.records.access import Actor, Refused, actor_of, check_can
from smarketing.records.agreements import OPEN, held_versions, today_of
from smarketing.records.events import one_write
from smarketing.records.models import Agreement, Person, Version
from smarketing.records.negotiation import NAMED, read_draft, renumbered, save_revision
from smarketing.records.parties import Roster, seat_of
from smarketing.terms.agreement import Agreement as Terms
from smarketing.terms.agreement import InForce
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.starters import starter_text

RESERVED = "new"  # the address of the page on which agreements begin


def draft_agreement(*, text: str, by: Person, now: datetime, note: str = "", words: Words = ENGLISH) -> Version:
    """A draft that says this text. Where the agreement is there already, it becomes the next version of it.

    Raises UnreadableTerms for a text that cannot be obeyed, Refused for somebody of none of its parties, TermsError
    while another version is still open.
    """
    actor = actor_of(by, now.date())
    check_can(actor, "draft", "create")
    kept, terms = read_draft(text, words)
    with one_write(verb="draft_agreement", by=by, now=now) as write:
        agreement = _agreement(actor, terms, now)
        number = 1 + (agreement.versions.aggregate(n=Max("number"))["n"] or 0)
        if agreement.versions.exists() or terms.version < number:
            wanted = terms.model_copy(update={"version": number})
            kept, terms = renumbered(kept, wanted), wanted
        seat = _seat(actor, terms)
        version = _version(agreement, terms, by, now)
        revision = save_revision(version, kept, terms, verb="edit", party=seat, note=note, by=by, now=now)
        write.about(version, slug=agreement.slug, number=version.number, fingerprint=revision.fingerprint)
    return version


def draft_starter(*, name: str, language: str, by: Person, now: datetime, words: Words = ENGLISH) -> Version:
    """A draft of a starter, under an id that is free, from the first day of the coming month."""
    text = starter_text(name, language, words=words)
    kept, terms = read_draft(text, words)
    days = InForce(from_on=first_of_next_month(today_of(terms, now)))
    wanted = terms.model_copy(update={"id": free_slug(terms.id), "in_force": days})
    return draft_agreement(text=renumbered(kept, wanted), by=by, now=now, words=words)


def free_slug(wanted: str) -> str:
    """The id, followed by a number where it is taken."""
    taken = set(Agreement.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    names = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def first_of_next_month(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _agreement(actor: Actor, terms: Terms, now: datetime) -> Agreement:
    if terms.id == RESERVED:
        raise TermsError(N_('The id "{id}" cannot be used.'), where=NAMED, hint=N_("Choose another one."), id=terms.id)
    found = Agreement.objects.select_for_update().filter(slug=terms.id).first()
    if found is None:
        return Agreement.objects.create(slug=terms.id, title=terms.title[:200], created_by=actor.person, created_at=now)
    held = held_versions(actor, slug=terms.id)
    if not any(each.seat.can_write for each in held):
        raise TermsError(N_('The id "{id}" cannot be used.'), where=NAMED, hint=N_("Choose another one."), id=terms.id)
    check_none_open(found)
    return found


def check_none_open(agreement: Agreement) -> None:
    """Raises TermsError while a version is still being talked about: there is one table, not two."""
    is_open = agreement.versions.filter(status__in=OPEN).order_by("-number").first()
    if is_open is not None:
        raise TermsError(
            N_("Version {n} of this agreement is still open."),
            hint=N_("Change that one, or sign it first."),
            n=is_open.number,
        )


def _seat(actor: Actor, terms: Terms) -> str:
    seat = seat_of(actor, terms, Roster.today())
    if not seat.can_write:
        raise Refused(
            N_("None of the parties of this agreement is a team of yours."),
            hint=N_("Name your team, as it is called here, under the teams of its party."),
        )
    return seat.party


def _version(agreement: Agreement, terms: Terms, by: Person, now: datetime) -> Version:
    return Version.objects.create(
        agreement=agreement,
        number=terms.version,
        based_on=agreement.versions.order_by("-number").first(),
        from_on=terms.in_force.from_on,
        until_on=terms.in_force.until_on,
        created_by=by,
        created_at=now,
    )
