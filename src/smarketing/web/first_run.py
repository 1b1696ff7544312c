"""Where there is nobody yet, every page leads to the first run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from smarketing.web.request import Request
from smarketing.workflows.found_organisation import is_founded

OPEN = frozenset({"first_run", "reader"})
MACHINES = ("api:", "health-", "intake")


class FirstRunMiddleware:
    """Stands before the gate; it asks the database only for people who are not signed in."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, *_: Any) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        if request.actor.person or route in OPEN or route.startswith(MACHINES) or is_founded():
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("first_run")})
        return redirect("first_run")
