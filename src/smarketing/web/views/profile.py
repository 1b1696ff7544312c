"""What people say of themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.terms.language import words as words_in
from smarketing.web.forms.people import ProfileForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.update_profile import update_profile


def show(request: Request) -> HttpResponse:
    """GET shows it, POST changes it."""
    person = signed_in(request)
    said = {field: getattr(person, field) for field in ("name", "language", "zone", "scheme")}
    form = ProfileForm(request.POST or None, words=request.words, initial=said)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            update_profile(of=person, by=person, now=timezone.now(), **form.cleaned_data)
    if request.method == "POST" and form.is_valid():
        said_in = words_in(form.cleaned_data["language"] or request.words.language)
        messages.success(request, said_in("Saved."))
        return redirect("settings")
    return render_page(request, "settings/profile.html", form=form)
