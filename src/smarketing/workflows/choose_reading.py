"""A person chooses in which language and colours pages are shown to them."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person


def choose_reading(*, by: Person, now: datetime, language: str | None = None, scheme: str | None = None) -> Person:
    """The person, with what was given changed; nothing is written where nothing changes."""
    wished = {"language": language, "scheme": scheme}
    changes = {name: value for name, value in wished.items() if value is not None and value != getattr(by, name)}
    if not changes:
        return by
    with one_write(verb="choose_reading", by=by, now=now) as write:
        for name, value in changes.items():
            setattr(by, name, value)
        by.save(update_fields=list(changes))
        write.about(by, **changes)
    return by
