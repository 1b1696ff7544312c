"""Give a source a new secret; the old one holds for a day, so that nothing is lost while it is put in."""

from __future__ import annotations

from datetime import datetime, timedelta

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Source
from smarketing.workflows.issue_secret import NewSource, issue

BOTH_FOR = timedelta(hours=24)


def rotate_source(*, source: Source, by: Person, now: datetime, secret: str = "") -> NewSource:
    """The source with its new secret, which is shown this once."""
    check_person_can(by, "source", "rotate", now)
    with one_write(verb="rotate_source", by=by, now=now) as write:
        locked = Source.objects.select_for_update().get(id=source.id)
        locked.previous_secret, locked.previous_path_digest = locked.secret, locked.path_digest
        locked.previous_until_at = now + BOTH_FOR
        made = issue(locked, secret)
        locked.save()
        write.about(locked, name=locked.name, until_at=locked.previous_until_at)
    return made
