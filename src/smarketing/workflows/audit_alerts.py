"""Watch the watchers: was anything due to be said and not recorded, or recorded and not sent?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarketing.records.models import Moment, MomentState, Notice, NoticeState
from smarketing.records.outbound import is_sending_held
from smarketing.terms.alert_rule import IN_APP
from smarketing.workflows.raise_alerts import due_moments

UNRECORDED, UNSENT = timedelta(seconds=60), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Audit:
    """How many are late, and since when the first of them is."""

    n_unrecorded: int = 0
    unrecorded_since_at: datetime | None = None
    n_unsent: int = 0
    unsent_since_at: datetime | None = None
    n_parked: int = 0  # set aside; nobody waits for them

    @property
    def is_well(self) -> bool:
        return not (self.n_unrecorded or self.n_unsent)


def audit_alerts(*, now: datetime) -> Audit:
    """What should have been done by now. A look at two short indexes, so that it is never too slow to run."""
    unrecorded = due_moments(now - UNRECORDED).order_by("at")
    unsent = Notice.objects.filter(state=NoticeState.WAITING, digest=None, not_before_at__lt=now - UNSENT)
    if is_sending_held():
        unsent = unsent.filter(channel=IN_APP)
    return Audit(
        n_unrecorded=unrecorded.count(),
        unrecorded_since_at=unrecorded.values_list("at", flat=True).first(),
        n_unsent=unsent.count(),
        n_parked=Moment.objects.filter(state=MomentState.PARKED).count(),
        unsent_since_at=unsent.order_by("not_before_at").values_list("not_before_at", flat=True).first(),
    )
