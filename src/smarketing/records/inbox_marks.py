"""Which messages somebody has read: a mark of the inbox, no deed that anybody would look for in the audit trail."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.models import Notice, Person
from smarketing.terms.alert_rule import IN_APP


def mark_read(person: Person, now: datetime, *, notice_id: int | None = None) -> int:
    """One message, or all of them; returns how many were unread."""
    mine = Notice.objects.filter(person=person, channel=IN_APP, read_at=None)
    return (mine if notice_id is None else mine.filter(id=notice_id)).update(read_at=now)
