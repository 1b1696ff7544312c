"""What pages of leads show of disputes: what is contested and waived of a lead, and the way to contest more."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from smarketing.records.disputes import Bench, disputes_of_lead, disputes_visible_to
from smarketing.records.parties import Roster
from smarketing.web.pages.lead_contests import Contested
from smarketing.web.pages.leads_table import Contesting
from smarketing.web.request import Request
from smarketing.workflows.open_leads import OpenedLeads
from smarketing.workflows.show_lead import ShownLead


def contesting(request: Request, opened: OpenedLeads | None, now: datetime) -> Contesting | None:
    """How this reader contests what a list is about; None where they may not."""
    if opened is None or not (party := _party(request, opened)):
        return None
    waived = ((each.commitment, each.src, each.lead_id) for each in opened.waivers(now).ones)
    return Contesting(_href(opened), party, frozenset(waived))


def _party(request: Request, opened: OpenedLeads) -> str:
    """For whom this reader contests what the agreement judged; empty where they may not."""
    return Bench(request.actor, opened.versions[-1], Roster.today()).raises_for() if opened.versions else ""


def _href(opened: OpenedLeads, **more: str) -> str:
    return f"{reverse('dispute_new')}?{urlencode({'agreement': opened.slug} | more)}"


def contested_of(request: Request, opened: OpenedLeads, shown: ShownLead) -> Contested | None:
    """What is contested and waived of a lead; None where no agreement judges it."""
    if not opened.versions:
        return None
    return Contested(
        disputes=disputes_of_lead(opened.slug, shown.row.src, shown.row.lead_id),
        seen=frozenset(each.id for each in disputes_visible_to(request.actor)),
        row=shown.row,
        href=_href(opened, src=shown.row.src, lead=shown.row.lead_id) if _party(request, opened) else "",
        dispute_href=lambda number: reverse("dispute", args=[number]),
        words=request.words,
        zone=request.zone,
    )
