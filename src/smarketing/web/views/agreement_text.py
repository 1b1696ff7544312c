"""The text of a version: to download, to change as a text, and to replace by a file."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.charts.chart import Chart
from smarketing.charts.trend import trend
from smarketing.records.agreements import Held, members_of, signed_terms
from smarketing.records.negotiation import Stale
from smarketing.reports.agreement_pdf import Acknowledgement, agreement_pdf
from smarketing.terms.errors import UserError
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.lifecycle import Status
from smarketing.terms.write_yaml import agreement_yaml
from smarketing.web.pages.agreement_changes import yaml_changes
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.asked_scorecard import asked, choices
from smarketing.web.views.held_version import Opened, opened, spoken
from smarketing.web.views.posted import asking, posted_text, whole_number
from smarketing.workflows.save_draft import save_draft


def yaml(request: Request, slug: str, number: int) -> HttpResponse:
    if request.method in ("POST", "PUT"):
        return save(request, slug, number)
    it = opened(request, slug, number)
    text = it.held.revision.text
    if it.held.standing:
        text = agreement_yaml(signed_terms(it.held.version))
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{number}.yaml"'
    response.headers["ETag"] = f'"{it.held.revision.number}"'
    return response


def text(request: Request, slug: str, number: int) -> HttpResponse:
    if request.method == "POST":
        return save(request, slug, number)
    it = opened(request, slug, number)
    return _editor(request, it, it.held.revision.text)


def save(request: Request, slug: str, number: int) -> HttpResponse:
    """The posted text becomes the next revision; what is wrong with it is shown beside it, by line."""
    it, written = opened(request, slug, number), ""
    if not it.held.seat.can_write:
        raise Http404
    try:
        written = posted_text(request)
        saved = save_draft(
            version_id=it.held.version.id,
            text=written,
            revision=_began_from(request, it),
            note=str(request.POST.get("note", "")),
            by=asking(request),
            now=timezone.now(),
            words=request.words,
        )
    except UserError as error:
        status = 409 if isinstance(error, Stale) else 422
        return _editor(request, it, written, spoken(error, request.words), status)
    messages.success(request, request.words("Saved as text {n}.", n=saved.number))
    return redirect("agreement_version", slug=slug, number=number)


def _began_from(request: Request, it: Opened) -> int:
    """The text that was changed: of the form, or of If-Match; a file by itself replaces the present one."""
    if request.method == "PUT" or "file" in request.FILES:
        tag = request.headers.get("If-Match", "").strip('W/"')
        return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 10 else it.held.revision.number
    return whole_number(request, "revision")


def _editor(
    request: Request, it: Opened, written: str, trouble: UserError | None = None, status: int = 200
) -> HttpResponse:
    faults = trouble.faults if isinstance(trouble, UnreadableTerms) else ()
    latest = it.held.revision
    is_stale = isinstance(trouble, Stale)
    return render_page(
        request,
        "agreements/text.html",
        status=status,
        page=it.frame(),
        written=written,
        n_lines=written.count("\n") + 1,
        revision=latest.number if is_stale or not trouble else whole_number(request, "revision"),
        trouble=trouble,
        faults=faults,
        saved_changes=yaml_changes(written, latest.text) if is_stale else (),
    )


def pdf(request: Request, slug: str, number: int) -> HttpResponse:
    """The document to read away from here, with its signatures and who has read it."""
    it, now = opened(request, slug, number), timezone.now().replace(microsecond=0)
    held = it.held
    content = agreement_pdf(
        held.terms.model_copy(update={"signatures": ()}),
        words=it.shown_in(),
        fingerprint=held.revision.fingerprint,
        status=held.status,
        at=now,
        signatures=signed_terms(held.version).signatures,
        acknowledgements=_read(held, now.date()),
        charts=_past(request, it),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{number}.pdf"'
    return response


def _past(request: Request, it: Opened) -> tuple[Chart, ...]:
    """How each promise of the version in force has gone lately; nothing where that is not counted in a moment."""
    slug = it.held.version.agreement.slug
    if it.held.status is not Status.IN_FORCE or slug not in {each.slug for each in choices(request)}:
        return ()
    card = asked(request, slug).shown.card
    lines = card.lines if card else ()
    return tuple(trend(line, words=it.shown_in()) for line in lines if len(line.trend) > 1)


def _read(held: Held, on: date) -> list[Acknowledgement]:
    read = dict(held.version.acknowledgements.values_list("person_id", "at"))
    return [Acknowledgement(str(person), team, read.get(person.id)) for person, team in members_of(held, on)]
