"""Stop listening to a source, listen again, or retire it; what it sent already is still brought in."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Source


def pause_source(*, source: Source, is_enabled: bool, by: Person, now: datetime) -> Source:
    """While it is off its address answers as if there were nothing."""
    check_person_can(by, "source", "update", now)
    with one_write(verb="pause_source", by=by, now=now) as write:
        Source.objects.filter(id=source.id).update(is_enabled=is_enabled)
        write.about(source, name=source.name, is_enabled=is_enabled)
    source.refresh_from_db()
    return source


def retire_source(*, source: Source, by: Person, now: datetime) -> Source:
    """For good: its secrets go, its facts and its short name stay."""
    check_person_can(by, "source", "delete", now)
    nothing = {"secret": "", "previous_secret": "", "path_digest": "", "previous_path_digest": ""}
    with one_write(verb="retire_source", by=by, now=now) as write:
        Source.objects.filter(id=source.id).update(retired_at=now, is_enabled=False, **nothing)
        write.about(source, name=source.name)
    source.refresh_from_db()
    return source
