"""Change what people say of themselves: name, language, zone, light or dark."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person


def update_profile(
    *, of: Person, by: Person, now: datetime, name: str, language: str, zone: str, scheme: str
) -> Person:
    said = {"name": name, "language": language, "zone": zone, "scheme": scheme}
    changed = {field: value for field, value in said.items() if getattr(of, field) != value}
    with one_write(verb="update_profile", by=by, now=now) as write:
        Person.objects.filter(id=of.id).update(**changed)
        write.about(of, **changed)
    of.refresh_from_db()
    return of
