"""Leads, their clocks and why each was judged as it was, for programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from smarketing.terms.marked import N_
from smarketing.web.api.paging import link_pages
from smarketing.web.api.shapes import PERIOD, SLUG, ClockOut, ClocksOut, LeadClockOut, LeadOut, LeadsOut
from smarketing.web.request import Request
from smarketing.workflows.lead_filter import lead_filter
from smarketing.workflows.list_leads import LeadList, LeadRow, list_leads
from smarketing.workflows.open_leads import OpenedLeads, open_leads
from smarketing.workflows.show_lead import ShownLead, show_lead

router = Router()


class LeadQuery(Schema):
    """As the page of leads names its filters."""

    agreement: str = Field(
        "", description="id of the agreement whose promises judge; the first if left out", examples=SLUG
    )
    commitment: str = Field("", description="only leads that this promise judges or counts")
    verdict: str = Field("", description="met, breached, running, void or at_risk")
    period: str = Field("", description="when the clock started, the lead was counted, or made", examples=PERIOD)
    rep: str = Field("", description="label of an owner, as groups of a scorecard name it; - for leads without one")
    team: str = Field("", description="name of a team; - for leads without one")
    tier: str = Field("", description="id of a tier")
    source: str = Field("", description="where the lead came from")
    stage: str = Field("", description="how far it has come")
    q: str = Field("", description="words to look for in ids, people, owners, campaigns and pages")
    day: str = Field("", description="one day: 2026-10-05")
    weekday: str = Field("", description="0 Monday … 6 Sunday")
    hour: str = Field("", description="0 … 23, on the clock of the agreement's zone")
    from_: str = Field("", alias="from", description="first day")
    until: str = Field("", description="last day, included")
    sort: str = Field("", description="due, created, lead, owner, source, elapsed or stage; − before it for descending")
    page: str = Field("", description="number of the page; the first is 1")
    size: int = Field(50, ge=1, le=200, description="how many leads on a page")


Asked = Annotated[LeadQuery, Query(...)]
Judging = Annotated[str, Query(..., description="id of the agreement whose promises judge", examples=SLUG)]


@router.get("/leads", response=LeadsOut, url_name="leads", summary=N_("Leads that fit, each with its clocks"))
def leads(request: Request, response: HttpResponse, query: Asked) -> LeadsOut:
    """The latest first unless `sort` says otherwise; leads made at the same instant keep one order on all pages."""
    found = _found(request, query)
    following = link_pages(request, response, page=found.page, n_pages=found.n_pages)
    rows = [_lead(row) for row in found.rows]
    return LeadsOut(n=found.n, page=found.page, n_pages=found.n_pages, next=following, leads=rows)


@router.get("/clocks", response=ClocksOut, url_name="clocks", summary=N_("Clocks: one row for each lead and promise"))
def clocks(request: Request, response: HttpResponse, query: Asked) -> ClocksOut:
    """The same question as to leads; of each lead only the clocks that were asked for."""
    found = _found(request, query)
    following = link_pages(request, response, page=found.page, n_pages=found.n_pages)
    rows = [
        LeadClockOut(src=row.src, lead_id=row.lead_id, **clock)
        for row in found.rows
        for clock in _clocks(row)
        if query.commitment in ("", clock["commitment"]) and _fits(clock, query.verdict)
    ]
    return ClocksOut(n=found.n, page=found.page, n_pages=found.n_pages, next=following, clocks=rows)


@router.get(
    "/leads/{src}/{path:lead_id}/explanations",
    response=list[dict[str, Any]],
    url_name="explanations",
    summary=N_("Why a lead stands as it stands"),
)
def explanations(request: Request, src: str, lead_id: str, agreement: Judging = "") -> list[dict[str, Any]]:
    """Under each promise, to the microsecond and in one sentence; keys as `smarketing explain --json` has them."""
    return [each.to_json() for each in _shown(request, src, lead_id, agreement).explanations]


@router.get("/leads/{src}/{path:lead_id}", response=LeadOut, url_name="lead", summary=N_("One lead with its clocks"))
def lead(request: Request, src: str, lead_id: str, agreement: Judging = "") -> LeadOut:
    return _lead(_shown(request, src, lead_id, agreement).row)


def _fits(clock: dict[str, Any], verdict: str) -> bool:
    return bool(clock["is_at_risk"]) if verdict == "at_risk" else verdict in ("", clock["verdict"])


def _found(request: Request, query: LeadQuery) -> LeadList:
    said = {name: value for name, value in query.model_dump(by_alias=True).items() if value}
    wanted = replace(lead_filter(said | {"size": ""}, request.words), size=query.size)
    now = timezone.now()
    opened = _opened(request, query.agreement, now)
    more: dict[str, Any] = {"scope": opened.scope, "now": now, "words": request.words}
    return list_leads(opened.facts, opened.versions, wanted, waivers=opened.waivers(wanted.moment(now)), **more)


def _opened(request: Request, slug: str, now: datetime, about: tuple[str, str] | None = None) -> OpenedLeads:
    opened = open_leads(request.actor, slug, request.words, shown_at=now, about=about)
    if slug and opened.slug != slug:
        raise Http404
    return opened


def _shown(request: Request, src: str, lead_id: str, agreement: str) -> ShownLead:
    now = timezone.now()
    opened = _opened(request, agreement, now, about=(src, lead_id))
    shown = show_lead(opened, src, lead_id, now=now, words=request.words)
    if shown is None:
        raise Http404
    return shown


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
