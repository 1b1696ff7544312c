"""The people of this installation: listed, changed, their accounts closed and opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.access import Refused
from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.web.forms.people import ProfileForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.people import PeoplePage, PersonPage, people_seen_by
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.appoint_admin import appoint_admin
from smarketing.workflows.disable_person import disable_person
from smarketing.workflows.enable_person import enable_person
from smarketing.workflows.end_sessions import end_sessions
from smarketing.workflows.reset_credentials import reset_credentials
from smarketing.workflows.update_profile import update_profile


def browse(request: Request) -> HttpResponse:
    page = PeoplePage.of(request.actor, request.grant, timezone.now())
    return render_page(request, "settings/people.html", page=page)


def show(request: Request, person_id: int) -> HttpResponse:
    """GET shows a person, POST changes what is said of them."""
    person = _seen(request, person_id)
    said = {field: getattr(person, field) for field in ("name", "language", "zone", "scheme")}
    form = ProfileForm(request.POST or None, words=request.words, initial=said)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            update_profile(of=person, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Saved."))
            return redirect("person", person_id=person.id)
    page = PersonPage.of(person, request.actor, timezone.now())
    return render_page(request, "settings/person.html", page=page, form=form)


@require_POST
def admin(request: Request, person_id: int) -> HttpResponse:
    return _changed(request, person_id, appoint_admin, is_admin=request.POST.get("is_admin") == "1")


@require_POST
def closing(request: Request, person_id: int) -> HttpResponse:
    return _changed(request, person_id, disable_person)


@require_POST
def opening(request: Request, person_id: int) -> HttpResponse:
    return _changed(request, person_id, enable_person)


@require_POST
def credentials(request: Request, person_id: int) -> HttpResponse:
    """Somebody lost phone and key: their second factors go."""
    return _changed(request, person_id, reset_credentials)


@require_POST
def sessions(request: Request, person_id: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    person = _seen(request, person_id)
    end_sessions(of=person, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("Saved."))
    return redirect("person", person_id=person.id)


def _seen(request: Request, person_id: int) -> Person:
    return get_object_or_404(people_seen_by(request.actor, request.grant), id=person_id)


def _changed(request: Request, person_id: int, change: Callable[..., object], **said: Any) -> HttpResponse:
    person = _seen(request, person_id)
    try:
        change(person=person, by=signed_in(request), now=timezone.now(), **said)
        messages.success(request, request.words("Saved."))
    except Refused as error:
        raise Http404 from error
    except UserError as error:
        error.translate(request.words)
        messages.error(request, f"{error.what} {error.hint}".strip())
    return redirect("person", person_id=person.id)
