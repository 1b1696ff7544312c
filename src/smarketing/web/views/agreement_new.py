"""How to begin an agreement: by questions, from a starter, from a text, or as a copy of what is there."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.records.agreements import held_versions
from smarketing.terms.errors import UserError
from smarketing.web.pages.agreements import list_page, status_words
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.held_version import spoken
from smarketing.web.views.posted import asking
from smarketing.workflows.copy_version import copy_version
from smarketing.workflows.turn_versions import turn_versions


def choose(request: Request) -> HttpResponse:
    """Starters and texts are posted to the list of agreements, which is where drafts come into being; copies here."""
    trouble = None
    if request.method == "POST":
        slug, _, number = request.POST.get("copied", "").rpartition("/")
        try:
            n = int(number) if number.isascii() and number.isdigit() else 0
            version = copy_version(slug=slug, number=n, by=asking(request), now=timezone.now(), words=request.words)
            return redirect("agreement_version", slug=version.agreement.slug, number=version.number)
        except UserError as error:
            trouble = spoken(error, request.words)
    turn_versions(now=timezone.now())
    held = held_versions(request.actor)
    page = list_page(held, (), can_draft=True, words=request.words)
    versions = [
        (f"{each.terms.id}/{each.version.number}", f"{each.terms.title}, {status_words(each, request.words)}")
        for each in held
    ]
    status = 422 if trouble else 200
    return render_page(
        request, "agreements/new.html", starters=page.starters, versions=versions, trouble=trouble, status=status
    )
