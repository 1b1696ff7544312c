"""Let a system send us events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Source, SourceKind
from smarketing.records.slugs import SLUG
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.zones import check_zone
from smarketing.workflows.check_mapping import check_mapping
from smarketing.workflows.issue_secret import NewSource, issue

TAKEN = frozenset({"desk", "inbox"})  # what people note here themselves; a page beside those of the sources


def create_source(
    *,
    slug: str,
    name: str,
    kind: str,
    by: Person,
    now: datetime,
    zone: str = "UTC",
    currency: str = "",
    secret: str = "",
    mapping: Mapping[str, str] | None = None,
) -> NewSource:
    """A source and the secret that it proves itself with.

    Takes   slug    the name of the source in the facts and in its address
            secret  what the other system signs with, where it makes that secret itself
    Raises  UserError for a slug, kind, zone or meaning of a field that there cannot be, Refused
    """
    check_person_can(by, "source", "create", now)
    if not SLUG.fullmatch(slug) or slug in TAKEN:
        raise UserError(
            N_('"{slug}" cannot be the short name of a source.'),
            hint=N_("Use 2 to 60 lower-case letters, digits and hyphens, like hubspot-spain."),
            slug=slug,
        )
    if kind not in SourceKind.values:
        raise UserError(N_('There is no kind of source "{kind}".'), kind=kind, hint=", ".join(SourceKind.values))
    check_zone(zone)
    check_mapping(kind, mapping or {})
    with one_write(verb="create_source", by=by, now=now) as write:
        if Source.objects.filter(slug=slug).exists():
            raise UserError(N_('There is a source "{slug}" already.'), slug=slug)
        source = Source(slug=slug, name=name.strip() or slug, kind=kind, zone=zone, currency=currency.upper())
        source.mapping, source.created_at = dict(mapping or {}), now
        made = issue(source, secret)
        source.save()
        write.about(source, name=source.name, slug=slug, kind=kind)
    return made
