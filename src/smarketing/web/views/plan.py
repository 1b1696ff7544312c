"""The plan: from the quota to the leads, on one worksheet."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from smarketing.web.forms.plan import asked_of
from smarketing.web.pages.plan import plan_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.open_plan import OpenedPlan, open_plan


def show(request: Request) -> HttpResponse:
    opened = _opened(request)
    page = plan_page(
        opened.sheet,
        agreement=opened.title,
        slug=opened.slug,
        query=request.GET.urlencode(),
        words=request.words,
    )
    return render_page(request, "plan/show.html", page=page, fragments={"worksheet"})


def _opened(request: Request) -> OpenedPlan:
    return open_plan(
        asked_of(request.GET),
        actor=request.actor,
        slug=request.GET.get("agreement", ""),
        now=timezone.now(),
        words=request.words,
    )
