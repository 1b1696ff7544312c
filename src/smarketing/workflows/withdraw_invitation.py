"""Take an invitation back before it is accepted."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Invitation, Person


def withdraw_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    check_person_can(by, "invitation", "delete", now)
    with one_write(verb="withdraw_invitation", by=by, now=now) as write:
        Invitation.objects.filter(id=invitation.id, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        write.about(invitation, email=invitation.email)
