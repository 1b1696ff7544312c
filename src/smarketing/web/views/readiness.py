"""Are the facts ready for an agreement?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from smarketing.terms.errors import UserError
from smarketing.web.pages.data_tabs import data_tabs
from smarketing.web.pages.imports import TABLES
from smarketing.web.pages.readiness import KINDS, SEVERITIES, VERDICTS
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.tell_readiness import tell_readiness


def show(request: Request) -> HttpResponse:
    page, problem = None, ""
    try:
        page = tell_readiness(now=timezone.now(), words=request.words)
    except UserError as error:
        error.translate(request.words)
        problem = str(error)
    return render_page(
        request,
        "data/readiness.html",
        page=page,
        problem=problem,
        kinds=KINDS,
        severities=SEVERITIES,
        verdicts=VERDICTS,
        tables=TABLES,
        tabs=data_tabs(request, "readiness"),
    )
