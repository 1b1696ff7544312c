"""Take an open dispute back: who raised it changed their mind, or their party did."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import Refused
from smarketing.records.events import one_write
from smarketing.records.models import Dispute, DisputeState, Person
from smarketing.terms.marked import N_
from smarketing.workflows.decide_dispute import check_open, settle, taken


def withdraw_dispute(*, dispute_id: int, by: Person, now: datetime) -> Dispute:
    """Raises Refused for anybody else, UserError where it is closed already."""
    with one_write(verb="withdraw_dispute", by=by, now=now) as write:
        dispute, bench = taken(dispute_id, by, now)
        check_open(dispute)
        if not bench.may_withdraw(dispute):
            raise Refused(N_("You may not withdraw this."))
        settle(dispute, DisputeState.WITHDRAWN, by=by, now=now, text="")
        write.about(dispute, agreement=dispute.agreement.slug)
    return dispute
