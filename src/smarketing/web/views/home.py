"""The address without a path: the scorecard in force, or the next step towards one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.web.pages.first_run import FirstRunPage, path_of
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.find_agreements import agreements_of


def show(request: Request) -> HttpResponse:
    on = timezone.now().date()
    scorecard = path_of("scorecard")
    if scorecard and any(held.is_in_force for held in agreements_of(request.actor, on=on)):
        return redirect(scorecard)
    page = FirstRunPage.of(request.words) if request.actor.is_admin else None
    agreements = path_of("agreements") if request.actor.team_ids else ""
    return render_page(request, "home.html", page=page, agreements=agreements)
