"""Leads, their clocks and why each was judged as it was, for programs."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from smarketing.web.api.shapes import ClockOut, ClocksOut, LeadClockOut, LeadOut, LeadsOut, Problem
from smarketing.web.request import Request
from smarketing.workflows.lead_filter import lead_filter
from smarketing.workflows.list_leads import LeadList, LeadRow, list_leads
from smarketing.workflows.open_leads import OpenedLeads, open_leads
from smarketing.workflows.show_lead import ShownLead, show_lead

router = Router()
REFUSED = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


class LeadQuery(Schema):
    """As the page of leads names its filters."""

    agreement: str = Field("", description="id of the agreement whose promises judge; the one in force if left out")
    commitment: str = Field("", description="only leads that this promise judges or counts")
    verdict: str = Field("", description="met, breached, running, void or at_risk")
    period: str = Field("", description="2026-10: when the clock started, the lead was counted, or made")
    rep: str = ""
    team: str = ""
    tier: str = ""
    source: str = ""
    stage: str = ""
    q: str = Field("", description="words to look for in ids, people, owners, campaigns and pages")
    day: str = ""
    weekday: str = Field("", description="0 Monday … 6 Sunday")
    hour: str = Field("", description="0 … 23, on the clock of the agreement's zone")
    from_: str = Field("", alias="from", description="first day")
    until: str = Field("", description="last day, included")
    sort: str = Field("", description="due, created, lead, owner, source, elapsed or stage; − before it for descending")
    page: str = ""
    size: str = Field("", description="50, 100 or 200")


Asked = Annotated[LeadQuery, Query(...)]


@router.get("/leads", response={200: LeadsOut, **REFUSED}, url_name="leads")
def leads(request: Request, query: Asked) -> LeadsOut:
    """Leads that fit, each with every clock of it."""
    said, found = _found(request, query)
    rows = [_lead(row) for row in found.rows]
    return LeadsOut(n=found.n, page=found.page, n_pages=found.n_pages, next=_next(request, said, found), leads=rows)


@router.get("/clocks", response={200: ClocksOut, **REFUSED}, url_name="clocks")
def clocks(request: Request, query: Asked) -> ClocksOut:
    """The same as one row for each lead and promise."""
    said, found = _found(request, query)
    rows = [
        LeadClockOut(src=row.src, lead_id=row.lead_id, **clock)
        for row in found.rows
        for clock in _clocks(row)
        if query.commitment in ("", clock["commitment"]) and query.verdict in ("", "at_risk", clock["verdict"])
    ]
    return ClocksOut(n=found.n, page=found.page, n_pages=found.n_pages, next=_next(request, said, found), clocks=rows)


@router.get(
    "/leads/{src}/{path:lead_id}/explanations", response={200: list[dict[str, Any]], **REFUSED}, url_name="explanations"
)
def explanations(request: Request, src: str, lead_id: str) -> list[dict[str, Any]]:
    """Why the lead stands as it stands under each promise, to the microsecond and in one sentence."""
    return [each.to_json() for each in _shown(request, src, lead_id).explanations]


@router.get("/leads/{src}/{path:lead_id}", response={200: LeadOut, **REFUSED}, url_name="lead")
def lead(request: Request, src: str, lead_id: str) -> LeadOut:
    return _lead(_shown(request, src, lead_id).row)


def _found(request: Request, query: LeadQuery) -> tuple[dict[str, str], LeadList]:
    said = {name: value for name, value in query.model_dump(by_alias=True).items() if value}
    wanted = lead_filter(said, request.words)
    opened = _opened(request, query.agreement)
    found = list_leads(
        opened.facts, opened.versions, wanted, scope=opened.scope, now=timezone.now(), words=request.words
    )
    return said, found


def _opened(request: Request, slug: str = "") -> OpenedLeads:
    opened = open_leads(request.actor, slug, request.words)
    if slug and opened.slug != slug:
        raise Http404
    return opened


def _shown(request: Request, src: str, lead_id: str) -> ShownLead:
    opened = _opened(request, request.GET.get("agreement", ""))
    shown = show_lead(opened, src, lead_id, now=timezone.now(), words=request.words)
    if shown is None:
        raise Http404
    return shown


def _next(request: Request, said: dict[str, str], found: LeadList) -> str | None:
    if found.page >= found.n_pages:
        return None
    return f"{request.path}?{urlencode(said | {'page': found.page + 1})}"


def _lead(row: LeadRow) -> LeadOut:
    return LeadOut(
        src=row.src,
        lead_id=row.lead_id,
        created_at=row.created_at,
        source=row.source,
        campaign=row.campaign,
        stage=row.stage,
        status=row.status,
        tier=row.tier,
        owner=row.owner,
        team=row.team,
        clocks=[ClockOut(**clock) for clock in _clocks(row)],
    )


def _clocks(row: LeadRow) -> list[dict[str, Any]]:
    return [
        {
            "commitment": clock.commitment,
            "verdict": clock.verdict,
            "is_at_risk": clock.is_at_risk,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "stopped_at": clock.stopped_at,
            "elapsed_s": clock.elapsed_s,
            "count": clock.count,
        }
        for clock in row.clocks
    ]
