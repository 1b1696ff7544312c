"""Leads entered by hand: one on a form, many pasted from a spreadsheet."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from smarketing.terms.errors import UserError
from smarketing.web.forms.lead_entry import LeadForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.pasted import pasted_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views.desk import key_of
from smarketing.workflows.enter_lead import enter_lead
from smarketing.workflows.paste_leads import paste_leads, preview_leads
from smarketing.workflows.tell_events import DESK


@never_cache
def enter(request: Request) -> HttpResponse:
    """GET asks for one lead, POST keeps it and shows it."""
    person, now = signed_in(request), timezone.now()
    form = LeadForm(request.POST or None, actor=request.actor, now=now, zone=request.zone, words=request.words)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            lead_id = enter_lead(lead=form.lead(), by=person, now=now, key=key_of(request))
            messages.success(request, request.words("Entered. Its clocks run from now on."))
            return redirect("lead", src=DESK, lead_id=lead_id)
    return render_page(request, "desk/entry.html", form=form, key=uuid4().hex)


@never_cache
def paste(request: Request) -> HttpResponse:
    """GET asks for a table; POST shows what it says, and brings it when the preview was agreed to."""
    text, words, told = str(request.POST.get("text", "")), request.words, ""
    person, now, pasted = signed_in(request), timezone.now(), None
    try:
        if request.POST.get("agreed"):
            brought = paste_leads(text=text, by=person, now=now, words=words)
            said = words.plural("{n} lead came in.", "{n} leads came in.", brought.n_accepted)
            rest = words(
                "{rejected} rejected, {known} known already.",
                rejected=words.number(brought.n_rejected),
                known=words.number(brought.n_duplicates),
            )
            messages.success(request, f"{said} {rest}")
            return redirect("desk")
        if request.method == "POST":
            pasted = preview_leads(text=text, by=person, now=now, words=words)
    except UserError as error:
        error.translate(words)
        told = f"{error.what} {error.hint}".strip()
    page = pasted_page(pasted, text=text, told=told, zone=request.zone, words=words)
    return render_page(request, "desk/paste.html", page=page, status=400 if told else 200)
