"""How pages are shown to whoever reads them: language, light or dark."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from smarketing.web.reader import choices_in, keep_in_cookies
from smarketing.web.request import Request
from smarketing.workflows.choose_reading import choose_reading


@require_POST
def choose(request: Request) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    choices = choices_in(request.POST)
    if request.actor.person:
        choose_reading(by=request.actor.person, now=timezone.now(), **choices)
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    response = redirect(following if safe else "home")
    keep_in_cookies(response, choices)
    return response
