"""Let versions begin and end on their days: nobody does it, a day begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from smarketing.records.agreements import signed_terms, today_of
from smarketing.records.events import one_write
from smarketing.records.models import Version
from smarketing.terms.lifecycle import Status, Who, check_can

VERBS = {Status.IN_FORCE: "start", Status.SUPERSEDED: "supersede", Status.ENDED: "end"}


def turn_versions(*, now: datetime) -> int:
    """How many versions turned. Asked again, or twice at once, nothing more happens."""
    return sum(_turn(version_id, now) for version_id in _due(now))


def _due(now: datetime) -> list[int]:
    """Versions that may have to turn, of whatever zone: the day after begins up to 14 hours before it does in UTC."""
    latest = (now + timedelta(hours=14)).date()
    starting = Q(status=Status.SIGNED, from_on__lte=latest)
    ending = Q(status=Status.IN_FORCE, until_on__lt=latest)
    found = Version.objects.filter(starting | ending).order_by("agreement_id", "number")
    return list(found.values_list("id", flat=True))


def _turn(version_id: int, now: datetime) -> int:
    with transaction.atomic():
        version = Version.objects.select_for_update(of=("self",)).select_related("agreement").get(id=version_id)
        steps = list(_steps(version, now))
        for turned, status in steps:
            check_can(VERBS[status], Status(turned.status), Who.DATE)
            with one_write(verb=f"{VERBS[status]}_version", by=None, now=now) as write:
                turned.status = status
                turned.save(update_fields=["status"])
                write.about(turned, slug=version.agreement.slug, number=turned.number)
    return len(steps)


def _steps(version: Version, now: datetime) -> Iterator[tuple[Version, Status]]:
    """What happens to a version and to the one it takes over from, in order."""
    today = today_of(signed_terms(version), now)
    status = Status(version.status)
    if status is Status.SIGNED and version.from_on <= today:
        before = version.agreement.versions.select_for_update().filter(
            status=Status.IN_FORCE, number__lt=version.number
        )
        yield from ((earlier, Status.SUPERSEDED) for earlier in before)
        yield version, Status.IN_FORCE
        status = Status.IN_FORCE
    if status is Status.IN_FORCE and version.until_on is not None and version.until_on < today:
        yield version, Status.ENDED
