"""Keep how somebody wants to be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Preference


def save_preference(
    *,
    of: Person,
    by: Person,
    now: datetime,
    has_quiet_hours: bool,
    digest_at: time,
    is_digest_wanted: bool,
    is_email_wanted: bool,
    muted: Collection[str],
    most_per_day: int,
) -> Preference:
    """What a manager must hear of comes all the same: that is asked where messages are raised."""
    check_person_can(by, "preference", "update", now)
    with one_write(verb="save_preference", by=by, now=now) as write:
        kept, _ = Preference.objects.select_for_update().get_or_create(person=of)
        kept.has_quiet_hours, kept.digest_at, kept.is_digest_wanted = has_quiet_hours, digest_at, is_digest_wanted
        kept.is_email_wanted, kept.muted, kept.most_per_day = is_email_wanted, sorted(muted), most_per_day
        kept.save()
        write.about(of, is_email_wanted=is_email_wanted, is_digest_wanted=is_digest_wanted, muted=kept.muted)
    return kept
