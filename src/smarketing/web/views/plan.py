"""The plan: from the quota to the leads, on one worksheet."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from smarketing.web.forms.plan import asked_of
from smarketing.web.media_types import WORKBOOK
from smarketing.web.pages.plan import plan_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.open_plan import OpenedPlan, open_plan
from smarketing.workflows.plan_workbook import plan_workbook


def show(request: Request) -> HttpResponse:
    opened = _opened(request)
    page = plan_page(
        opened.sheet,
        agreement=opened.title,
        slug=opened.slug,
        query=request.GET.urlencode(),
        version=opened.version,
        words=request.words,
    )
    return render_page(request, "plan/show.html", page=page, fragments={"worksheet"})


def _opened(request: Request) -> OpenedPlan:
    return open_plan(
        asked_of(request.GET),
        actor=request.actor,
        slug=request.GET.get("agreement", ""),
        version=int(number) if (number := request.GET.get("version", "")[:6]).isdecimal() else None,
        now=timezone.now(),
        words=request.words,
    )


def workbook(request: Request) -> HttpResponse:
    """The same worksheet with live formulas."""
    now = timezone.now()
    book = plan_workbook(_opened(request), now=now, words=request.words)
    headers = {"Content-Disposition": f'attachment; filename="plan-{now:%Y-%m-%d}.xlsx"'}
    return HttpResponse(book, content_type=WORKBOOK, headers=headers)
