"""Keep a working calendar for agreements to take over; or retire it."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import slugify

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import OwnCalendar, Person
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import read_calendar_text
from smarketing.terms.write_yaml import calendar_yaml

TAKEN = ("new",)


def save_calendar(
    *, text: str, by: Person, now: datetime, calendar: OwnCalendar | None = None, words: Words = ENGLISH
) -> OwnCalendar:
    """The calendar that the text says; a new one where none is given. Agreements that hold a copy stay as they are.

    Raises UnreadableTerms for a text that cannot be obeyed, UserError when another calendar has its id
    """
    check_person_can(by, "calendar", "update" if calendar else "create", now)
    terms = read_calendar_text(text, name=calendar.slug if calendar else "", words=words)
    slug = calendar.slug if calendar else slugify(terms.id)[:60]
    if not calendar and (slug in TAKEN or not slug or OwnCalendar.objects.filter(slug=slug).exists()):
        hint = N_("Choose another id.")
        raise UserError(N_('There is a calendar "{id}" already.'), hint=hint, id=terms.id)
    with one_write(verb="save_calendar", by=by, now=now) as write:
        saved = calendar or OwnCalendar(slug=slug)
        saved.name = (terms.name or terms.id)[:120]
        saved.text = calendar_yaml(terms.model_copy(update={"id": slug}))
        saved.updated_by, saved.updated_at, saved.retired_at = by, now, None
        saved.save()
        write.about(saved, slug=slug, name=saved.name)
    return saved


def retire_calendar(*, calendar: OwnCalendar, by: Person, now: datetime) -> None:
    """New agreements no longer find it; those that hold a copy keep it."""
    check_person_can(by, "calendar", "delete", now)
    with one_write(verb="retire_calendar", by=by, now=now) as write:
        calendar.retired_at = now
        calendar.save(update_fields=["retired_at"])
        write.about(calendar, slug=calendar.slug)
