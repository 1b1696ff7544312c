"""Scorecards: the chooser, one agreement's page, one promise, one chart's spec, and the numbers as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from smarketing.charts.render import complete_spec
from smarketing.reports.scorecard_pdf import scorecard_pdf
from smarketing.reports.scorecard_table import scorecard_csv
from smarketing.web.pages.commitment import commitment_page
from smarketing.web.pages.scorecard import page_of
from smarketing.web.pages.scorecard_charts import every_sketch
from smarketing.web.pages.scorecard_query import PANELS
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.asked_scorecard import Asked, asked, card_or_404, choices, studio_of

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
    page = page_of(card, it.query, it.head, studio_of(request, it), panels=panels, downloads=it.downloads)
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
    board = f"{reverse('scorecard_of', args=[slug])}?period={it.query.period.label}"
    studio = studio_of(request, it)
    page = commitment_page(it.shown.card, line, it.agreement, it.query, it.head, studio, board=board)
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
    it = asked(request, slug, wait_s=A_FILE_S)
    return _file(it, scorecard_pdf(card_or_404(it), words=request.words), "pdf", "application/pdf")


def as_csv(request: Request, slug: str) -> HttpResponse:
    it = asked(request, slug, wait_s=A_FILE_S)
    return _file(it, scorecard_csv(card_or_404(it)), "csv", "text/csv; charset=utf-8")


def as_json(request: Request, slug: str) -> HttpResponse:
    it = asked(request, slug, wait_s=A_FILE_S)
    return JsonResponse(card_or_404(it).to_json(), headers=_named(it, "json"))


def _file(it: Asked, content: bytes, ending: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers=_named(it, ending))


def _named(it: Asked, ending: str) -> dict[str, str]:
    period = it.query.period.label.replace("/", "-")
    return {"Content-Disposition": f'attachment; filename="scorecard-{it.slug}-{period}.{ending}"'}
