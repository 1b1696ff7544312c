"""Scorecards for programs: the card of a period, as the page shows it to whoever's token asks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import P, Router

from smarketing.records.access import lead_scope
from smarketing.terms.period import Grain, period_of, read_period
from smarketing.terms.zones import zone
from smarketing.web.api.problems import problem
from smarketing.web.api.shapes import SignedOut, Problem
from smarketing.web.request import Request
from smarketing.workflows.find_agreements import agreements_of
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.show_scorecard import show_scorecard

router = Router()
PATIENCE_S = 30.0
RETRY_S = "5"


@router.get("/", response={200: list[SignedOut], 401: Problem}, url_name="scorecards")
def index(request: Request) -> list[SignedOut]:
    """The signed agreements whose scorecards may be read, the one in force first."""
    return [
        SignedOut(
            id=held.slug,
            title=held.title,
            version=held.number,
            from_on=held.from_on,
            is_in_force=held.is_in_force,
        )
        for held in agreements_of(request.actor, on=timezone.now().date())
    ]


@router.get(
    "/{slug}",
    response={200: dict[str, Any], 202: Problem, 400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    url_name="scorecard_of",
)
def show(
    request: Request,
    slug: str,
    period: Annotated[str, P(description="2026-10, 2026-W41, 2026-Q4, 2026, a day; this month if left out")] = "",
) -> Any:
    """All promises of one period. 202 while it is being counted: ask again after Retry-After."""
    now = timezone.now()
    if slug not in {held.slug for held in agreements_of(request.actor, on=now.date())}:
        raise Http404
    versions = versions_of(slug, words=request.words)
    latest = versions[-1]
    today = now.astimezone(zone(latest.zone)).date()
    wanted = read_period(period) if period else period_of(Grain.MONTH, today, week_starts_on=latest.week_starts_on)
    scope = lead_scope(request.actor, "clock")
    shown = show_scorecard(versions, scope=scope, period=wanted, now=now, words=request.words, wait_s=PATIENCE_S)
    if shown.trouble:
        raise shown.trouble
    return shown.card.to_json() if shown.card else _counting(request)


def _counting(request: Request) -> HttpResponse:
    response = problem(202, request.words("The numbers are being counted."))
    response.headers["Retry-After"] = RETRY_S
    return response
