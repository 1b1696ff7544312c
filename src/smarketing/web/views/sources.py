"""The systems that send us events: listed, made, changed, given new secrets, turned off, retired."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarketing.records.models import Source
from smarketing.web.forms.sources import NewSourceForm, SecretForm, SourceForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.source_setup import setup_of
from smarketing.web.pages.sources import SourcePage, SourcesPage
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.change_source import change_source
from smarketing.workflows.create_source import create_source
from smarketing.workflows.issue_secret import NewSource
from smarketing.workflows.pause_source import pause_source, retire_source
from smarketing.workflows.rotate_source import rotate_source


@never_cache
def browse(request: Request) -> HttpResponse:
    """GET lists them; POST makes one and shows its secret, this once."""
    form = NewSourceForm(request.POST or None, words=request.words, initial={"zone": request.zone})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"zone": form.cleaned_data["zone"] or "UTC"}
        with as_form_error(form, request.words):
            return _shown(request, create_source(by=signed_in(request), now=timezone.now(), **said))
    page = SourcesPage.of(request.actor, timezone.now(), request.words)
    return render_page(request, "settings/sources.html", page=page, form=form)


@never_cache
def show(request: Request, slug: str) -> HttpResponse:
    """GET shows one, POST changes what is said of it."""
    source = get_object_or_404(Source, slug=slug)
    said = {name: getattr(source, name) for name in ("name", "zone", "currency", "mapping")}
    form = SourceForm(request.POST or None, words=request.words, initial=said)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data | {"zone": form.cleaned_data["zone"] or "UTC"}
        with as_form_error(form, request.words):
            change_source(source=source, by=signed_in(request), now=timezone.now(), **cleaned)
            messages.success(request, request.words("Saved."))
            return redirect("source", slug=slug)
    return _page(request, source, form)


@never_cache
@require_POST
def rotate(request: Request, slug: str) -> HttpResponse:
    source = _open(slug)
    form = SecretForm(request.POST, words=request.words)
    if form.is_valid():
        with as_form_error(form, request.words):
            secret = form.cleaned_data["secret"]
            return _shown(
                request, rotate_source(source=source, secret=secret, by=signed_in(request), now=timezone.now())
            )
    return _page(request, source, secret_form=form)


@require_POST
def pause(request: Request, slug: str) -> HttpResponse:
    source = pause_source(
        source=_open(slug), is_enabled=request.POST.get("is_enabled") == "1", by=signed_in(request), now=timezone.now()
    )
    words = request.words
    said = words("{name} is listened to again.", name=source.name)
    off = words("{name} is not listened to any more.", name=source.name)
    messages.success(request, said if source.is_enabled else off)
    return redirect("source", slug=slug)


@require_POST
def retire(request: Request, slug: str) -> HttpResponse:
    source = retire_source(source=_open(slug), by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("{name} is retired.", name=source.name))
    return redirect("sources")


def _open(slug: str) -> Source:
    """Raises Http404 for one that is retired"""
    return get_object_or_404(Source, slug=slug, retired_at=None)


def _shown(request: Request, made: NewSource) -> HttpResponse:
    return _page(request, made.source, made=made)


def _page(
    request: Request,
    source: Source,
    form: SourceForm | None = None,
    secret_form: SecretForm | None = None,
    made: NewSource | None = None,
) -> HttpResponse:
    words, now = request.words, timezone.now()
    address = settings.SITE_URL + reverse("intake", args=[source.slug])
    setup = setup_of(
        source.kind, address, words, now, secret=made.secret if made else "", token=made.token if made else ""
    )
    page = SourcePage.of(source, request.actor, now, words, setup)
    said = {name: getattr(source, name) for name in ("name", "zone", "currency", "mapping")}
    form = form or SourceForm(words=words, initial=said)
    secret_form = secret_form or SecretForm(words=words)
    return render_page(request, "settings/source.html", page=page, form=form, secret_form=secret_form)
