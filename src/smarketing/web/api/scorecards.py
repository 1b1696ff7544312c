"""Scorecards for programs: the card of a period, as the page shows it to whoever's token asks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from smarketing.records.access import lead_scope
from smarketing.terms.marked import N_
from smarketing.terms.period import Grain, period_of, read_period
from smarketing.terms.zones import zone
from smarketing.web.api.problems import problem
from smarketing.web.api.shapes import PERIOD, Problem, SignedOut
from smarketing.web.request import Request
from smarketing.workflows.find_agreements import agreements_of
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.show_scorecard import show_scorecard

router = Router()
PATIENCE_S = 30.0
RETRY_S = "5"
Period = Annotated[
    str, Query(..., description="2026-10, 2026-W41, 2026-Q4, 2026, a day; this month if left out", examples=PERIOD)
]
CARD = {200: dict[str, Any], 202: Problem}


@router.get("", response=list[SignedOut], url_name="scorecards", summary=N_("Agreements that have a scorecard"))
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


@router.get("/{slug}", response=CARD, url_name="scorecard_of", summary=N_("All promises of a period"))
def show(request: Request, slug: str, period: Period = "") -> Any:
    """Keys as docs/reference/scorecard.md lists them. 202 while it is being counted: ask again after Retry-After."""
    card = _card(request, slug, period)
    return _counting(request) if card is None else card


@router.get(
    "/{slug}/commitments/{commitment_id}",
    response=CARD,
    url_name="scorecard_commitment",
    summary=N_("One promise of a period"),
)
def commitment(request: Request, slug: str, commitment_id: str, period: Period = "") -> Any:
    """The entry of this promise in the scorecard's `commitments`."""
    card = _card(request, slug, period)
    if card is None:
        return _counting(request)
    found = next((line for line in card["commitments"] if line["id"] == commitment_id), None)
    if found is None:
        raise Http404
    return found


def _card(request: Request, slug: str, period: str) -> dict[str, Any] | None:
    """The card as JSON; None while it is being counted."""
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
    return shown.card.to_json() if shown.card else None


def _counting(request: Request) -> HttpResponse:
    response = problem(202, request.words("The numbers are being counted."))
    response.headers["Retry-After"] = RETRY_S
    return response
