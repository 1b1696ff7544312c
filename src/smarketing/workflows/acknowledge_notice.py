"""Say of a message that one takes care of what it is about."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Notice, Person
from smarketing.records.notice_copies import copies_of


def acknowledge_notice(*, notice: Notice, by: Person, now: datetime) -> None:
    """Every copy of it that the same person got, by whichever way; who says so again does it since the first time.

    Raises Refused for what is not theirs
    """
    check_person_can(by, "notice", "update", now)
    with one_write(verb="acknowledge_notice", by=by, now=now) as write:
        mine = Notice.objects.filter(id__in=[notice.id, *copies_of(notice, by)], person=by)
        mine.filter(acknowledged_at=None).update(acknowledged_at=now)
        Notice.objects.filter(id=notice.id, person=by, read_at=None).update(read_at=now)
        write.about(notice, kind=notice.occasion, commitment=notice.commitment)
