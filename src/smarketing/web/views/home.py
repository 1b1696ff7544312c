"""The address without a path: the scorecard, or the first steps where there is nothing yet."""

from __future__ import annotations

from django.http import HttpResponse

from smarketing.web.render import render_page
from smarketing.web.request import Request


def show(request: Request) -> HttpResponse:
    return render_page(request, "home.html")
