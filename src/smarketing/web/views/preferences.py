"""How somebody wants to be told, and when they are away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.models import Absence
from smarketing.web.forms.messages import AbsenceForm, PreferenceForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.preferences import PreferencesPage, wishes_of
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.note_absence import cancel_absence, note_absence
from smarketing.workflows.save_preference import save_preference


def show(request: Request) -> HttpResponse:
    """GET shows it, POST changes it."""
    person = signed_in(request)
    form = PreferenceForm(request.POST or None, words=request.words, initial=wishes_of(person))
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            save_preference(of=person, by=person, now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Saved."))
            return redirect("preferences")
    return _page(request, form=form)


@require_POST
def add_absence(request: Request) -> HttpResponse:
    person = signed_in(request)
    form = AbsenceForm(request.POST, words=request.words, of=person)
    if form.is_valid():
        with as_form_error(form, request.words):
            note_absence(of=person, by=person, now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Saved."))
            return redirect("preferences")
    return _page(request, absence_form=form)


@require_POST
def remove_absence(request: Request, absence_id: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.select_related("person"), id=absence_id, person=signed_in(request))
    cancel_absence(absence=absence, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("Removed."))
    return redirect("preferences")


def _page(
    request: Request, form: PreferenceForm | None = None, absence_form: AbsenceForm | None = None
) -> HttpResponse:
    person = signed_in(request)
    form = form or PreferenceForm(words=request.words, initial=wishes_of(person))
    absence_form = absence_form or AbsenceForm(words=request.words, of=person)
    page = PreferencesPage.of(person, timezone.now().date())
    return render_page(request, "settings/preferences.html", page=page, form=form, absence_form=absence_form)
