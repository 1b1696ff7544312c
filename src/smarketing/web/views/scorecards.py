"""Scorecards: the chooser, one agreement's page, one promise, one chart's spec, and the numbers as files."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from smarketing.charts.render import complete_spec
from smarketing.reports.scorecard_pdf import scorecard_pdf
from smarketing.reports.scorecard_table import scorecard_csv
from smarketing.scorecard.card import Scorecard
from smarketing.web.pages.commitment import commitment_page
from smarketing.web.pages.scorecard import page_of
from smarketing.web.pages.scorecard_charts import every_sketch
from smarketing.web.pages.scorecard_query import PANELS
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.asked_scorecard import asked, card_or_404, choices, studio_of

FRAGMENTS = frozenset(f"panel_{name}" for name in PANELS)
A_FILE_S = 60.0  # who asks for a file waits for it


def choose(request: Request) -> HttpResponse:
    """Straight to the one agreement there is, else a choice."""
    found = choices(request)
    in_force = [each for each in found if each.is_in_force]
    if len(in_force) == 1 or len(found) == 1:
        return redirect("scorecard_of", slug=(in_force or list(found))[0].slug)
    return render_page(request, "scorecards/choose.html", found=found)


def show(request: Request, slug: str) -> HttpResponse:
    it = asked(request, slug)
    card = it.shown.card
    if card is None:
        status = 400 if it.trouble else 200
        return render_page(request, "scorecards/waiting.html", status=status, it=it, fragments={"scorecard"})
    target = request.headers.get("HX-Target", "").removeprefix("panel-")
    panels = PANELS if it.query.is_whole else (target,) if target in PANELS else ()
    studio, whole = studio_of(request, it), it.shown.whole or card
    page = page_of(card, it.query, it.head, studio, whole=whole, panels=panels, downloads=it.downloads)
    status = 400 if it.trouble else 200
    return render_page(
        request, "scorecards/show.html", status=status, page=page, trouble=it.trouble, fragments=FRAGMENTS
    )


def commitment(request: Request, slug: str, commitment_id: str) -> HttpResponse:
    it = asked(request, slug, path=reverse("scorecard_commitment", args=[slug, commitment_id]))
    if it.shown.card is None:
        return render_page(request, "scorecards/waiting.html", it=it, fragments={"scorecard"})
    line = next((line for line in it.shown.card.lines if line.id == commitment_id), None)
    if line is None:
        raise Http404
    board = f"{reverse('scorecard_of', args=[slug])}{it.query.same}"
    studio, whole = studio_of(request, it), it.shown.whole or it.shown.card
    page = commitment_page(it.shown.card, line, it.agreement, it.query, it.head, studio, whole=whole, board=board)
    return render_page(request, "scorecards/commitment.html", page=page, trouble=it.trouble)


def chart(request: Request, slug: str, name: str) -> HttpResponse:
    """A chart's whole Vega-Lite spec, for drawing it where it can be touched."""
    it = asked(request, slug)
    sketches = every_sketch(card_or_404(it), studio_of(request, it))
    found = next((sketch.chart for sketch in sketches if sketch.chart.id == name), None)
    if found is None:
        raise Http404
    return JsonResponse(complete_spec(found))


def as_pdf(request: Request, slug: str) -> HttpResponse:
    return _file(request, slug, "pdf", "application/pdf", lambda card: scorecard_pdf(card, words=request.words))


def as_csv(request: Request, slug: str) -> HttpResponse:
    return _file(request, slug, "csv", "text/csv; charset=utf-8", scorecard_csv)


def as_json(request: Request, slug: str) -> HttpResponse:
    return _file(request, slug, "json", "application/json", lambda card: json.dumps(card.to_json()).encode())


def _file(request: Request, slug: str, ending: str, kind: str, make: Callable[[Scorecard], bytes]) -> HttpResponse:
    """The numbers as a file; where there are none, the page that says why."""
    it = asked(request, slug, wait_s=A_FILE_S)
    if it.shown.card is None or it.trouble:
        return render_page(request, "scorecards/waiting.html", status=400 if it.trouble else 409, it=it)
    period = it.query.period.label.replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="scorecard-{it.slug}-{period}.{ending}"'}
    return HttpResponse(make(it.shown.card), content_type=kind, headers=headers)
