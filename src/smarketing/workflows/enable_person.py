"""Open a closed account again; tokens stay revoked."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person


def enable_person(*, person: Person, by: Person, now: datetime) -> Person:
    check_person_can(by, "person", "update", now)
    with one_write(verb="enable_person", by=by, now=now) as write:
        Person.objects.filter(id=person.id).update(is_active=True)
        write.about(person, email=person.email)
    person.refresh_from_db()
    return person
