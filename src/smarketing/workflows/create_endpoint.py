"""Let messages go to a chat room or another program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from smarketing.alerts.channels import apprise
from smarketing.alerts.channels.targets import target_of
from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Endpoint, EndpointKind, Person
from smarketing.records.sealed import seal
from smarketing.records.slugs import SLUG
from smarketing.sources.webhook.signatures import standard
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.terms.marked import N_
from smarketing.terms.zones import check_zone

TAKEN = frozenset({"in-app", "email", "owner", "manager", "team", "seat"})


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """`secret` is shown now and never again; empty where messages are not signed."""

    endpoint: Endpoint
    secret: str


def create_endpoint(
    *, slug: str, name: str, kind: str, address: str, language: str, zone: str, by: Person, now: datetime
) -> NewEndpoint:
    """Raises UserError for a name or address that there cannot be, Refused"""
    check_person_can(by, "endpoint", "create", now)
    if not SLUG.fullmatch(slug) or slug in TAKEN:
        raise UserError(
            N_('"{slug}" cannot be the short name of an endpoint.'),
            hint=N_("Use 2 to 60 lower-case letters, digits and hyphens, like sales-room."),
            slug=slug,
        )
    host = checked_host(kind, address)
    check_zone(zone)
    words(language)
    secret = standard.new_secret() if kind == EndpointKind.WEBHOOK else ""
    with one_write(verb="create_endpoint", by=by, now=now) as write:
        if Endpoint.objects.filter(slug=slug).exists():
            raise UserError(N_('There is an endpoint "{slug}" already.'), slug=slug)
        endpoint = Endpoint(slug=slug, name=name.strip() or slug, kind=kind, host=host, language=language, zone=zone)
        endpoint.address, endpoint.secret, endpoint.created_at = seal(address.strip()), seal(secret), now
        endpoint.save()
        write.about(endpoint, name=endpoint.name, slug=slug, kind=kind)
    return NewEndpoint(endpoint, secret)


def checked_host(kind: str, address: str) -> str:
    """What may be shown of the address.

    Raises UserError where nothing may be sent
    """
    if kind not in EndpointKind.values:
        raise UserError(N_('There is no kind of endpoint "{kind}".'), kind=kind, hint=", ".join(EndpointKind.values))
    if kind == EndpointKind.APPRISE:
        apprise.check_address(address.strip())
        return urlsplit(address.strip()).scheme
    return target_of(address.strip(), settings.ENVIRONMENT.trusted_hosts).host
