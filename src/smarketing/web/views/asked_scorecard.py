"""What every address under /scorecards/ begins with: who may see which agreement, the question, and the card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from smarketing.records.access import lead_scope
from smarketing.reports.kept_drawings import KeptDrawings
from smarketing.scorecard.card import Scorecard
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.period import Grain
from smarketing.terms.zones import zone
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_charts import Studio
from smarketing.web.pages.scorecard_head import Head, Way, head_of, judging
from smarketing.web.pages.scorecard_query import Query, instant_text, read_query
from smarketing.web.request import Request
from smarketing.workflows.find_agreements import Signed, agreements_of
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.show_scorecard import A_MOMENT_S, Shown, show_scorecard


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what came of it; `trouble` is what could not be read in the address."""

    slug: str
    agreement: Agreement
    query: Query
    head: Head
    shown: Shown
    downloads: tuple[Way, ...]
    trouble: UserError | None


def choices(request: Request) -> tuple[Signed, ...]:
    """The agreements whose scorecards this person may read."""
    return agreements_of(request.actor, on=timezone.now().date())


def asked(request: Request, slug: str, *, path: str = "", wait_s: float = A_MOMENT_S) -> Asked:
    """The card that a request asks for.

    Raises Http404 where the agreement is none of this person's
    """
    found = choices(request)
    if slug not in {each.slug for each in found}:
        raise Http404
    words, now = request.words, timezone.now()
    versions = versions_of(slug, words=words)
    path = path or reverse("scorecard_of", args=[slug])
    query, trouble = _query(request, path, versions[-1], now)
    shown = show_scorecard(
        versions,
        scope=lead_scope(request.actor, "clock"),
        period=query.period,
        now=now,
        at=query.at or query.seen,
        only=query.only,
        words=words,
        wait_s=wait_s,
    )
    agreement_href = reverse("agreement", args=[slug])
    ways: dict[str, Any] = {
        "agreement_href": agreement_href,
        "others": _others(found, slug),
        "week_href": _week(slug, query),
    }
    head = head_of(query, versions, at=shown.at, now=now, words=words, **ways)
    return Asked(slug, judging(versions, query.period), query, head, shown, _downloads(slug, query), trouble)


def _others(found: tuple[Signed, ...], slug: str) -> tuple[Way, ...]:
    if len(found) < 2:
        return ()
    return tuple(Way(each.title, reverse("scorecard_of", args=[each.slug]), each.slug == slug) for each in found)


def card_or_404(it: Asked) -> Scorecard:
    """For files: what cannot be read or counted is not there."""
    if it.shown.card is None or it.trouble:
        raise Http404
    return it.shown.card


def studio_of(request: Request, it: Asked) -> Studio:
    """How this reader's charts are drawn."""
    seen = it.query.at or it.query.seen
    said = it.query.said() | {"all": None, "by": None, "at": instant_text(seen) if seen else None}
    question = urlencode({key: value for key, value in said.items() if value})

    def live(name: str) -> str:
        return f"{reverse('scorecard_chart', args=[it.slug, name])}?{question}"

    at = instant_text(it.query.at) if it.query.at else ""
    links = LeadLinks(reverse("leads"), it.slug, it.query.period.label, it.query.only, at)
    return Studio(links, request.words, drawings(settings.HOME), live, it.query.grain, it.query.measure)


@cache
def drawings(home: Path) -> KeptDrawings:
    """One for the process: two readers never draw the same chart twice."""
    return KeptDrawings(home / "charts")


def _query(request: Request, path: str, agreement: Agreement, now: datetime) -> tuple[Query, UserError | None]:
    today: date = now.astimezone(zone(agreement.zone)).date()
    try:
        return read_query(request.GET.dict(), path=path, today=today, week_starts_on=agreement.week_starts_on), None
    except UserError as error:
        error.translate(request.words)
        return read_query({}, path=path, today=today), error


def _week(slug: str, query: Query) -> str:
    """The same week in words; else the latest."""
    is_week = query.period.grain is Grain.WEEK and ".." not in query.period.label
    return reverse("week", args=[slug, query.period.label]) if is_week else reverse("weeks", args=[slug])


def _downloads(slug: str, query: Query) -> tuple[Way, ...]:
    files = (("PDF", "scorecard_pdf"), ("CSV", "scorecard_csv"), ("JSON", "scorecard_json"))
    return tuple(Way(name, f"{reverse(url, args=[slug])}{query.same}") for name, url in files)
