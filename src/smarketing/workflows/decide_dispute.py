"""Decide a dispute: accepted, it becomes a waiver that changes the number; rejected, everything stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarketing.records.access import Refused, actor_of
from smarketing.records.disputes import Bench, terms_of_dispute, visible_dispute
from smarketing.records.events import hold_chain, one_write
from smarketing.records.models import Dispute, DisputeState, Person, Waiver
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.tell_disputes import tell_decided

OUTCOMES = (DisputeState.ACCEPTED, DisputeState.REJECTED)
LONGEST = 4_000


def decide_dispute(*, dispute_id: int, outcome: str, text: str, by: Person, now: datetime) -> Dispute:
    """The dispute as it was decided; the first of two deciders is heard.

    Raises   Refused for who may not decide, UserError where it is decided already or no reason is given
    """
    with one_write(verb="decide_dispute", by=by, now=now) as write:
        dispute, bench = taken(dispute_id, by, now)
        if not bench.may_decide(dispute):
            raise Refused(N_("You may not decide this."), hint=N_("The other party does, or the arbiter."))
        check_open(dispute)
        if outcome not in OUTCOMES:
            raise UserError(N_("Accept it or reject it."), where="outcome")
        if outcome == DisputeState.REJECTED and not text.strip():
            raise UserError(N_("Say why it is rejected."), where="decision")
        settle(dispute, outcome, by=by, now=now, text=text.strip()[:LONGEST])
        tell_decided(dispute, now)
        write.about(dispute, agreement=dispute.agreement.slug, outcome=outcome, becomes=dispute.becomes)
    return dispute


def accept_by_silence(*, now: datetime) -> int:
    """Accept what nobody decided in time, where the agreement says that silence does; returns how many."""
    overdue = Dispute.objects.filter(state=DisputeState.OPEN, due_at__lt=now)
    found = [each.id for each in overdue if terms_of_dispute(each).disputes.silence_accepts]
    return sum(_accepted_by_silence(dispute_id, now) for dispute_id in found)


def _accepted_by_silence(dispute_id: int, now: datetime) -> bool:
    """False, and no entry, where somebody has decided it meanwhile."""
    with transaction.atomic():
        hold_chain()
        dispute = Dispute.objects.select_for_update().get(id=dispute_id)
        if not dispute.is_open:
            return False
        with one_write(verb="accept_by_silence", by=None, now=now) as write:
            settle(dispute, DisputeState.ACCEPTED, by=None, now=now, text="")
            tell_decided(dispute, now)
            write.about(dispute, agreement=dispute.agreement.slug, becomes=dispute.becomes)
    return True


def taken(dispute_id: int, by: Person, now: datetime) -> tuple[Dispute, Bench]:
    """The dispute, locked until the transaction ends, and who is who around it.

    Raises Refused where it is none of this person's business
    """
    hold_chain()
    actor = actor_of(by, now.date())
    visible_dispute(actor, dispute_id)
    dispute = (
        Dispute.objects.select_for_update(of=("self",)).select_related("agreement", "raised_by").get(id=dispute_id)
    )
    return dispute, Bench.of(actor, dispute)


def check_open(dispute: Dispute) -> None:
    if not dispute.is_open:
        raise UserError(N_("This dispute is closed already."), hint=N_("Read what was decided."))


def settle(dispute: Dispute, outcome: str, *, by: Person | None, now: datetime, text: str) -> None:
    dispute.state, dispute.decided_by, dispute.decided_at, dispute.decision = outcome, by, now, text
    dispute.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    if outcome == DisputeState.ACCEPTED:
        Waiver.objects.create(dispute=dispute, becomes=dispute.becomes, approved_by=by, at=now)
