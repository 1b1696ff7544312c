"""Open the waivers of an agreement, or of all, as they were in force at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from smarketing.scorecard.waived import EITHER, NONE, Waived, WaivedWindow, Waivers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from smarketing.records.models import Dispute, Waiver


def waivers_of(slug: str, *, at: datetime) -> Waivers:
    """Those given by then and not revoked by then, in the order in which they were given."""
    return _by_agreement(in_force(at).filter(dispute__agreement__slug=slug)).get(slug, NONE)


def every_waiver(*, at: datetime) -> dict[str, Waivers]:
    """The same of each agreement that has any, by its slug."""
    return _by_agreement(in_force(at))


def in_force(at: datetime) -> QuerySet[Waiver]:
    from django.db.models import Q

    from smarketing.records.models import Waiver

    return Waiver.objects.filter(Q(revocation=None) | Q(revocation__at__gt=at), at__lte=at)


def _by_agreement(waivers: QuerySet[Waiver]) -> dict[str, Waivers]:
    given: dict[str, list[Waiver]] = {}
    for waiver in waivers.select_related("dispute__agreement").order_by("at", "id"):
        given.setdefault(waiver.dispute.agreement.slug, []).append(waiver)
    return {slug: _waivers(some) for slug, some in given.items()}


def _waivers(given: Iterable[Waiver]) -> Waivers:
    from smarketing.records.models import Subject

    ones: list[Waived] = []
    windows: list[WaivedWindow] = []
    for waiver in given:
        dispute = waiver.dispute
        if dispute.subject == Subject.WINDOW:
            windows.append(window_of(dispute))
            continue
        one = Waived(
            commitment=dispute.commitment,
            src=dispute.src,
            lead_id=dispute.lead_id,
            reason=dispute.reason,
            episode=dispute.episode,
            becomes=waiver.becomes,
            spares_met=dispute.was != "met" and dispute.subject == Subject.CLOCK,
        )
        ones.append(one)
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
