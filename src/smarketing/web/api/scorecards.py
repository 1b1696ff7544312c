"""Scorecards for programs: the card of a period, as the page shows it to whoever's token asks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from smarketing.records.access import lead_scope
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.web.api.problems import problem
from smarketing.web.api.shapes import AT, PERIOD, Problem, SignedOut
from smarketing.web.pages.scorecard_query import read_query
from smarketing.web.request import Request
from smarketing.workflows.find_agreements import agreements_of
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.show_scorecard import show_scorecard

router = Router()
PATIENCE_S = 30.0
RETRY_S = "5"
CARD = {200: dict[str, Any], 202: Problem}


class CardQuery(Schema):
    """As the page of a scorecard names its period and its filters."""

    period: str = Field(
        "", description="2026-10, 2026-W41, 2026-Q4, 2026, a day; this month if left out", examples=PERIOD
    )
    rep: str = Field("", description="only this rep, as groups of the card name them; - for leads without one")
    team: str = Field("", description="only this team; - for leads without one")
    tier: str = Field("", description="only this tier; - for leads without one")
    source: str = Field("", description="only leads that came from here; - for leads without a source")
    at: str = Field("", description="an earlier instant: what the card said then", examples=AT)


Asked = Annotated[CardQuery, Query(...)]


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
def show(request: Request, slug: str, asked: Asked) -> Any:
    """Keys as docs/reference/scorecard.md lists them. 202 while it is being counted: ask again after Retry-After."""
    card = _card(request, slug, asked)
    return _counting(request) if card is None else card


@router.get(
    "/{slug}/commitments/{commitment_id}",
    response=CARD,
    url_name="scorecard_commitment",
    summary=N_("One promise of a period"),
)
def commitment(request: Request, slug: str, commitment_id: str, asked: Asked) -> Any:
    """The entry of this promise in the scorecard's `commitments`."""
    card = _card(request, slug, asked)
    if card is None:
        return _counting(request)
    found = next((line for line in card["commitments"] if line["id"] == commitment_id), None)
    if found is None:
        raise Http404
    return found


def _card(request: Request, slug: str, asked: CardQuery) -> dict[str, Any] | None:
    """The card as JSON; None while it is being counted."""
    now = timezone.now()
    if slug not in {held.slug for held in agreements_of(request.actor, on=now.date())}:
        raise Http404
    versions = versions_of(slug, words=request.words)
    latest = versions[-1]
    today = now.astimezone(zone(latest.zone)).date()
    wanted = read_query(asked.model_dump(), path="", today=today, week_starts_on=latest.week_starts_on)
    scope = lead_scope(request.actor, "clock")
    more: dict[str, Any] = {"now": now, "at": wanted.at, "words": request.words, "wait_s": PATIENCE_S}
    shown = show_scorecard(versions, scope=scope, period=wanted.period, only=wanted.only, **more)
    if shown.trouble:
        raise shown.trouble
    return shown.card.to_json() if shown.card else None


def _counting(request: Request) -> HttpResponse:
    response = problem(202, request.words("The numbers are being counted."))
    response.headers["Retry-After"] = RETRY_S
    return response
