"""Chat rooms and programs that messages go to: listed, made, changed, tried, turned off, retired."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarketing.alerts.message import Sent
from smarketing.alerts.wording.troubles import trouble_words
from smarketing.records.models import Endpoint
from smarketing.terms.errors import UserError
from smarketing.web.forms.messages import EndpointForm, NewEndpointForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.endpoints import EndpointPage, EndpointsPage
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.change_endpoint import change_endpoint, pause_endpoint, retire_endpoint, rotate_endpoint
from smarketing.workflows.create_endpoint import create_endpoint
from smarketing.workflows.try_endpoint import try_endpoint


@never_cache
def browse(request: Request) -> HttpResponse:
    """GET lists them; POST makes one and shows its secret, this once."""
    said = {"zone": request.zone, "language": request.words.language}
    form = NewEndpointForm(request.POST or None, words=request.words, initial=said)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data | {"zone": form.cleaned_data["zone"] or "UTC"}
        with as_form_error(form, request.words):
            made = create_endpoint(by=signed_in(request), now=timezone.now(), **cleaned)
            return _page(request, made.endpoint, secret=made.secret)
    page = EndpointsPage.of(request.actor, timezone.now(), request.words)
    return render_page(request, "settings/endpoints.html", page=page, form=form)


@never_cache
def show(request: Request, slug: str) -> HttpResponse:
    """GET shows one, POST changes it."""
    if request.method != "POST":
        return _page(request, get_object_or_404(Endpoint, slug=slug))
    endpoint = _open(slug)
    form = EndpointForm(request.POST, words=request.words)
    if form.is_valid():
        cleaned = form.cleaned_data | {"zone": form.cleaned_data["zone"] or "UTC"}
        with as_form_error(form, request.words):
            change_endpoint(endpoint=endpoint, by=signed_in(request), now=timezone.now(), **cleaned)
            messages.success(request, request.words("Saved."))
            return redirect("endpoint", slug=slug)
    return _page(request, endpoint, form)


@never_cache
@require_POST
def rotate(request: Request, slug: str) -> HttpResponse:
    try:
        made = rotate_endpoint(endpoint=_open(slug), by=signed_in(request), now=timezone.now())
    except UserError as error:
        return _refused(request, slug, error)
    return _page(request, made.endpoint, secret=made.secret)


@require_POST
def pause(request: Request, slug: str) -> HttpResponse:
    is_on = request.POST.get("is_enabled") == "1"
    endpoint = pause_endpoint(endpoint=_open(slug), is_enabled=is_on, by=signed_in(request), now=timezone.now())
    words = request.words
    on = words("{name} gets messages again.", name=endpoint.name)
    off = words("{name} gets no messages any more.", name=endpoint.name)
    messages.success(request, on if endpoint.is_enabled else off)
    return redirect("endpoint", slug=slug)


@require_POST
def try_out(request: Request, slug: str) -> HttpResponse:
    """A test message, to the address that is configured."""
    words = request.words
    try:
        outcome = try_endpoint(endpoint=_open(slug), by=signed_in(request), now=timezone.now())
    except UserError as error:
        return _refused(request, slug, error)
    if isinstance(outcome, Sent):
        messages.success(request, words("The test has arrived."))
    else:
        messages.error(request, words("The test did not arrive: {why}.", why=trouble_words(outcome.code, words)))
    return redirect("endpoint", slug=slug)


@require_POST
def retire(request: Request, slug: str) -> HttpResponse:
    endpoint = retire_endpoint(endpoint=_open(slug), by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("{name} is retired.", name=endpoint.name))
    return redirect("endpoints")


def _open(slug: str) -> Endpoint:
    """Raises Http404 for one that is retired"""
    return get_object_or_404(Endpoint, slug=slug, retired_at=None)


def _refused(request: Request, slug: str, error: UserError) -> HttpResponse:
    error.translate(request.words)
    messages.error(request, error.what)
    return redirect("endpoint", slug=slug)


def _page(request: Request, endpoint: Endpoint, form: EndpointForm | None = None, secret: str = "") -> HttpResponse:
    said = {name: getattr(endpoint, name) for name in ("name", "language", "zone")}
    form = form or EndpointForm(words=request.words, initial=said)
    page = EndpointPage.of(endpoint, request.actor, timezone.now(), request.words, secret)
    return render_page(request, "settings/endpoint.html", page=page, form=form)
