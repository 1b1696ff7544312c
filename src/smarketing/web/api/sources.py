"""The systems that send us events, for programs that watch over them."""

from __future__ import annotations

from django.utils import timezone
from ninja import Router

from smarketing.terms.marked import N_
from smarketing.web.api.shapes import SourceCountsOut, SourceOut
from smarketing.web.request import Request
from smarketing.workflows.watch_sources import Standing, watch_sources

router = Router()


@router.get("/sources", response=list[SourceOut], url_name="sources", summary=N_("Systems that send events"))
def index(request: Request) -> list[SourceOut]:  # noqa: ARG001 — the gate has looked at it
    """What each sent in the last 24 hours, what waits, and which one is unusually quiet."""
    return [_source(standing) for standing in watch_sources(timezone.now())]


def _source(standing: Standing) -> SourceOut:
    source, day = standing.source, standing.day
    counts = SourceCountsOut(
        received=day.n_received,
        stored=day.n_stored,
        duplicates=day.n_duplicate,
        rejected=day.n_rejected,
        conflicts=day.n_conflict,
        dead=day.n_dead,
    )
    return SourceOut(
        id=source.slug,
        name=source.name,
        kind=source.kind,
        is_enabled=source.is_enabled,
        last_received_at=standing.last_received_at,
        n_waiting=standing.n_waiting,
        n_held=standing.n_held,
        n_dead=standing.n_dead,
        lag_s=standing.lag_s,
        usual_gap_s=standing.silence.usual_gap_s,
        is_silent=standing.is_silent,
        skew_s=standing.skew_s,
        day=counts,
    )
