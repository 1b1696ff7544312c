"""Rename an endpoint, move it, give it a new secret, turn it off or on, or retire it."""

from __future__ import annotations

from datetime import datetime, timedelta

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Endpoint, EndpointKind, Person
from smarketing.records.sealed import seal
from smarketing.sources.webhook.signatures import standard
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.zones import check_zone
from smarketing.workflows.create_endpoint import NewEndpoint, checked_host

BOTH_FOR = timedelta(hours=24)
WELL = {"n_failures": 0, "broken_since": None, "retry_at": None, "trouble": None}


def change_endpoint(
    *, endpoint: Endpoint, name: str, address: str, language: str, zone: str, by: Person, now: datetime
) -> Endpoint:
    """The address stays where none is given: nobody is shown it.

    Raises UserError
    """
    check_person_can(by, "endpoint", "update", now)
    check_zone(zone)
    said = {"name": name.strip() or endpoint.slug, "language": language, "zone": zone}
    if address.strip():
        said |= {"host": checked_host(endpoint.kind, address), "address": seal(address.strip())}
    with one_write(verb="change_endpoint", by=by, now=now) as write:
        Endpoint.objects.filter(id=endpoint.id).update(**said, **(WELL if address.strip() else {}))
        write.about(endpoint, name=said["name"], language=language, zone=zone)
    endpoint.refresh_from_db()
    return endpoint


def rotate_endpoint(*, endpoint: Endpoint, by: Person, now: datetime) -> NewEndpoint:
    """A new secret, shown this once; for a day messages are signed with both.

    Raises UserError where messages are not signed
    """
    check_person_can(by, "endpoint", "rotate", now)
    if endpoint.kind != EndpointKind.WEBHOOK:
        raise UserError(N_("Messages to this kind are not signed."))
    secret = standard.new_secret()
    with one_write(verb="rotate_endpoint", by=by, now=now) as write:
        locked = Endpoint.objects.select_for_update().get(id=endpoint.id)
        locked.previous_secret, locked.previous_until_at = locked.secret, now + BOTH_FOR
        locked.secret = seal(secret)
        locked.save(update_fields=["secret", "previous_secret", "previous_until_at"])
        write.about(locked, name=locked.name, until_at=locked.previous_until_at)
    return NewEndpoint(locked, secret)


def pause_endpoint(*, endpoint: Endpoint, is_enabled: bool, by: Person, now: datetime) -> Endpoint:
    check_person_can(by, "endpoint", "update", now)
    with one_write(verb="pause_endpoint", by=by, now=now) as write:
        Endpoint.objects.filter(id=endpoint.id).update(is_enabled=is_enabled, **(WELL if is_enabled else {}))
        write.about(endpoint, name=endpoint.name, is_enabled=is_enabled)
    endpoint.refresh_from_db()
    return endpoint


def retire_endpoint(*, endpoint: Endpoint, by: Person, now: datetime) -> Endpoint:
    """For good: its address and secrets are forgotten, what it was sent stays in the log."""
    check_person_can(by, "endpoint", "delete", now)
    nothing = {"address": "", "secret": "", "previous_secret": ""}
    with one_write(verb="retire_endpoint", by=by, now=now) as write:
        Endpoint.objects.filter(id=endpoint.id).update(retired_at=now, is_enabled=False, **nothing)
        write.about(endpoint, name=endpoint.name)
    endpoint.refresh_from_db()
    return endpoint
