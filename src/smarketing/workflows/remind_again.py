"""Put off what a message is about: its reader hears of it once more then, while there is still something to do."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from smarketing.records.models import Notice, NoticeState, Person
from smarketing.records.notice_copies import copies_of
from smarketing.terms.alert_rule import Occasion
from smarketing.workflows.resend_notice import COPIED, COPIED_TOO
from smarketing.workflows.snooze_lead import snooze_lead

COMES_BACK = frozenset({Occasion.REMINDER, Occasion.BREACH, Occasion.ESCALATION})
ALSO = ("moment", "is_urgent")


def remind_again(*, notice: Notice, until: datetime, by: Person, now: datetime) -> None:
    """By every way by which it came; until then the lead rests on their list, and reminders of it wait.

    Raises UserError for an instant that has passed or is too far; Refused
    """
    with transaction.atomic():
        snooze_lead(src=notice.src, lead_id=notice.lead_id, until=until, by=by, now=now)
        if notice.occasion not in COMES_BACK:
            return
        mine = Notice.objects.filter(id__in=copies_of(notice, by), digest=None)
        waiting = mine.filter(state=NoticeState.WAITING)
        ways = set(waiting.values_list("channel", flat=True))
        waiting.update(not_before_at=until)
        for first in {each.channel: each for each in mine.filter(state=NoticeState.SENT)}.values():
            if first.channel not in ways:
                _again(first, until, now).save()


def _again(first: Notice, until: datetime, now: datetime) -> Notice:
    """A message of its own; what became of its clock meanwhile is asked when it leaves."""
    again = Notice(**{name: getattr(first, name) for name in (*COPIED, *COPIED_TOO, *ALSO)})
    again.key = hashlib.sha256(f"{first.key}:{until.isoformat()}".encode()).hexdigest()
    again.payload = {**first.payload, "is_again": True}
    again.created_at, again.not_before_at = now, until
    return again
