"""A waiver of the hours of an outage: asked for with a preview of what it would change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.access import Refused
from smarketing.terms.errors import FactsError, UserError
from smarketing.web.forms.disputes import WindowForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.waiver import WaiverPage, waiver_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.open_waivers import waivers_of
from smarketing.workflows.open_window import OpenedWindow, open_window
from smarketing.workflows.waive_window import preview_window, waive_window


def new(request: Request) -> HttpResponse:
    """The form; with hours in the address also what they would change."""
    opened = _opened(request, request.GET.get("agreement", ""))
    asks = "from_at" in request.GET
    form = _form(request, opened, request.GET if asks else None)
    return _page(request, opened, form, status=422 if asks and not form.is_valid() else 200)


@require_POST
def create(request: Request) -> HttpResponse:
    """Asks for it. Without `sure` it is shown first what would change."""
    opened = _opened(request, request.POST.get("agreement", ""))
    form = _form(request, opened, request.POST)
    if form.is_valid() and request.POST.get("sure"):
        with as_form_error(form, request.words):
            said = {"window": form.window(), "clause": "", "text": form.cleaned_data["text"]}
            dispute = waive_window(
                slug=opened.slug, **said, by=signed_in(request), now=timezone.now(), words=request.words
            )
            messages.success(request, request.words("Asked for. Somebody of the other party decides."))
            return redirect("dispute", dispute_id=dispute.id)
    return _page(request, opened, form, status=200 if form.is_valid() else 422)


def _page(request: Request, opened: OpenedWindow, form: WindowForm, status: int) -> HttpResponse:
    page = WaiverPage(opened.slug, opened.agreements)
    if form.is_bound and form.is_valid():
        now = timezone.now()
        with as_form_error(form, request.words):
            already = waivers_of(opened.slug, at=now)
            found = preview_window(opened.facts, opened.versions, form.window(), already=already, now=now)
            page = waiver_page(opened, found, request.words)
    return render_page(request, "disputes/waiver.html", page=page, form=form, status=status)


def _form(request: Request, opened: OpenedWindow, posted: object) -> WindowForm:
    return WindowForm(
        posted,
        words=request.words,
        zone=opened.zone,
        promises=opened.promises,
        sources=opened.sources,
        teams=opened.teams,
        initial={"commitments": [id for id, _ in opened.promises]},
    )


def _opened(request: Request, slug: str) -> OpenedWindow:
    try:
        return open_window(request.actor, slug, request.words)
    except (FactsError, Refused, UserError) as error:
        raise Http404 from error
