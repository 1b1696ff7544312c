"""Why sales said no, for both teams."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from smarketing.terms.errors import FactsError
from smarketing.web.pages.rejections import AskedRejections, RejectionsPage, rejections_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.count_rejections import count_rejections
from smarketing.workflows.open_leads import open_leads


def show(request: Request) -> HttpResponse:
    return render_page(request, "leads/rejections.html", page=_page(request))


def _page(request: Request) -> RejectionsPage | None:
    """None where there are no facts yet."""
    asked = AskedRejections.read({name: str(value) for name, value in request.GET.items()})
    try:
        month, now = asked.month, timezone.now()
        opened = open_leads(request.actor, asked.agreement, request.words, shown_at=now)
        found = count_rejections(opened, answer=asked.answer, split=asked.split, month=month, now=now)
    except FactsError:
        return None
    return rejections_page(
        found,
        replace(asked, agreement=opened.slug),
        opened.agreements,
        path=request.path,
        leads=reverse("leads"),
        words=request.words,
    )
