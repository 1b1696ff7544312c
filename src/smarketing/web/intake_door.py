"""A short way in for those who post events: what only people need is left out, every check on programs stays.

Events come hundreds of times as often as anybody looks at a page. Whatever is out of the ordinary (a token of ours, a
query, a method or a host that there is not, an address where nothing is) goes the long way, as every other page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpResponse
from django.urls import resolve
from django.utils.cache import patch_vary_headers

from smarketing.records.access import Actor, Grant
from smarketing.terms.language import words
from smarketing.web.language import language_of
from smarketing.web.request import Request

ADDRESS = re.compile(r"/in/[-a-zA-Z0-9_]+(?:/[-a-zA-Z0-9_.~]+)?")


class IntakeMiddleware:
    """Stands behind what puts security headers on every answer, before everything that knows of people."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not is_ordinary(request):
            return self.get_response(request)
        language = language_of(request)
        request.words, request.token = words(language), None
        request.actor, request.grant = Actor(), Grant()
        request.resolver_match = match = resolve(request.path_info)
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Http404:
            del request.resolver_match
            return self.get_response(request)
        return _finished(response, language)


def is_ordinary(request: Request) -> bool:
    if request.method != "POST" or not ADDRESS.fullmatch(request.path_info) or request.META.get("QUERY_STRING"):
        return False
    if request.META.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer"):
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _finished(response: HttpResponse, language: str) -> HttpResponse:
    """With the headers that the long way would have put on it."""
    response.headers.setdefault("Content-Language", language)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ("Authorization", "Accept-Language", "Cookie"))
    return response
