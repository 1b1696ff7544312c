"""Send somebody no more summaries of one kind by mail; the site shows them all the same."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person, Preference


def stop_messages(*, occasion: str, by: Person, now: datetime) -> None:
    with one_write(verb="stop_messages", by=by, now=now) as write:
        wishes, _ = Preference.objects.select_for_update().get_or_create(person=by)
        wishes.muted = sorted({*wishes.muted, occasion})
        wishes.is_digest_wanted = wishes.is_digest_wanted and occasion != "digest"
        wishes.save(update_fields=["muted", "is_digest_wanted"])
        write.about(by, kind=occasion)
