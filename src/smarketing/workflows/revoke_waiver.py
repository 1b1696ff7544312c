"""Undo a waiver by another entry: from now on the number is the original again, and both entries stay."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import Refused
from smarketing.records.events import one_write
from smarketing.records.models import Person, Revocation, Waiver
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.decide_dispute import taken
from smarketing.workflows.tell_disputes import tell_revoked
from smarketing.workflows.waived_clocks import bring_back


def revoke_waiver(*, dispute_id: int, why: str, by: Person, now: datetime) -> Revocation:
    """The end of the waiver that came of a dispute.

    Raises   Refused for who may not, UserError where there is none in force or no reason is given
    """
    with one_write(verb="revoke_waiver", by=by, now=now) as write:
        dispute, bench = taken(dispute_id, by, now)
        if not bench.may_revoke(dispute):
            raise Refused(N_("You may not revoke this."))
        waiver = Waiver.objects.filter(dispute=dispute, revocation=None).first()
        if waiver is None:
            raise UserError(N_("There is no waiver in force."))
        if not why.strip():
            raise UserError(N_("Say why the waiver ends."), where="why")
        revocation = Revocation.objects.create(waiver=waiver, by=by, at=now, why=why.strip()[:4_000])
        bring_back(dispute)
        tell_revoked(dispute, by, revocation.why, now)
        write.about(waiver, agreement=dispute.agreement.slug, dispute=dispute.id, why=revocation.why)
    return revocation
