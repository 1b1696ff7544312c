"""Open the waivers of an agreement as they were in force at an instant."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from smarketing.scorecard.waived import EITHER, Waived, WaivedWindow, Waivers

if TYPE_CHECKING:
    from smarketing.records.models import Dispute


def waivers_of(slug: str, *, at: datetime) -> Waivers:
    """Those given by then and not revoked by then, in the order in which they were given."""
    from django.db.models import Q

    from smarketing.records.models import Subject, Waiver

    in_force = Waiver.objects.filter(Q(revocation=None) | Q(revocation__at__gt=at), at__lte=at)
    ones: list[Waived] = []
    windows: list[WaivedWindow] = []
    for waiver in in_force.filter(dispute__agreement__slug=slug).select_related("dispute").order_by("at", "id"):
        dispute = waiver.dispute
        if dispute.subject != Subject.WINDOW:
            ones.append(
                Waived(
                    commitment=dispute.commitment,
                    src=dispute.src,
                    lead_id=dispute.lead_id,
                    reason=dispute.reason,
                    episode=dispute.episode,
                    becomes=waiver.becomes,
                    spares_met=dispute.was != "met" and dispute.subject == Subject.CLOCK,
                )
            )
        else:
            windows.append(window_of(dispute))
    return Waivers(tuple(ones), tuple(windows))


def window_of(dispute: Dispute) -> WaivedWindow:
    assert dispute.from_at and dispute.until_at
    return WaivedWindow(
        commitments=tuple(dispute.commitments),
        from_at=dispute.from_at,
        until_at=dispute.until_at,
        reason=dispute.reason,
        basis=dispute.basis or EITHER,
        sources=tuple(dispute.sources),
        teams=tuple(dispute.teams),
    )
