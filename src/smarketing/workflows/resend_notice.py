"""Send a notice again, as a new one that names the first: its receiver can tell that it is no other event."""

from __future__ import annotations

import hashlib
from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Notice, NoticeState, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

COPIED = ("rule", "occasion", "agreement", "version", "commitment", "src", "lead_id", "episode", "person", "endpoint")
COPIED_TOO = ("address", "channel", "due_at")


def resend_notice(*, notice: Notice, by: Person, now: datetime) -> Notice:
    """Raises UserError for what has not left or was a summary, Refused"""
    check_person_can(by, "notice", "replay", now)
    if notice.state not in (NoticeState.SENT, NoticeState.FAILED) or notice.occasion == "digest":
        raise UserError(N_("Only single messages that were sent, or could not be, can be sent again."))
    first = str(notice.payload.get("replay_of") or notice.key)
    with one_write(verb="resend_notice", by=by, now=now) as write:
        again = Notice(**{name: getattr(notice, name) for name in (*COPIED, *COPIED_TOO)})
        again.key = hashlib.sha256(f"{first}:{now.isoformat()}".encode()).hexdigest()
        again.payload = {**notice.payload, "replay_of": first}
        again.is_urgent, again.reason, again.created_at, again.not_before_at = True, "replay", now, now
        again.save()
        write.about(again, kind=notice.occasion)
    return again
