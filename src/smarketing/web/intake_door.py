"""A short way in for those who post events: what only people need is left out, every check on programs stays.

Events come hundreds of times as often as anybody looks at a page. Whatever is out of the ordinary (a token of ours, a
query, a method or a host that there is not, an address where nothing is) goes the long way, as every other page.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.http import Http404, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import resolve

from smarketing.records.access import Actor, Grant
from smarketing.terms.language import words
from smarketing.web.language import language_of
from smarketing.web.quick_to_take import RECEIPTS
from smarketing.web.refusals import REFUSALS
from smarketing.web.request import Request
from smarketing.web.tracing import new_id, request_id
from smarketing.web.views import intake

log = logging.getLogger("smarketing.request")


class IntakeMiddleware:
    """Stands before all others, and puts on its answers what they would have put there."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response
        # Django's types know neither our request nor that None sends it the long way.
        self.answered: Callable[[Request], HttpResponse | None] = convert_exception_to_response(  # type: ignore[assignment]
            self._answered  # type: ignore[arg-type]
        )
        self.usual: dict[bool, dict[str, str]] = {}

    def __call__(self, request: Request) -> HttpResponse:
        if not is_ordinary(request):
            return self.get_response(request)
        began = time.perf_counter()
        asked = request.headers.get("X-Request-ID", "") if settings.ENVIRONMENT.proxies else ""
        own = request.META.get(intake.OWN_ID) or new_id(asked)
        mark = request_id.set(own)
        try:
            response = self.answered(request)
            if response is None:
                return self.get_response(request)
            REFUSALS.learn(request, response)
            RECEIPTS.learn(request, response)
            if response.status_code >= 400:
                request.resolver_match = resolve(request.path_info)  # Django's line of a refusal names the way by it
            response.headers["X-Request-ID"] = own
            _note(response, time.perf_counter() - began)
            return response
        finally:
            request_id.reset(mark)

    def _answered(self, request: Request) -> HttpResponse | None:
        """None where there is no such source."""
        found = intake.ADDRESS.fullmatch(request.path_info)
        assert found is not None
        language = language_of(request)
        request.words, request.token = words(language), None
        request.actor, request.grant = Actor(), Grant()
        try:
            response = intake.receive(request, found[1], found[2] or "")
        except Http404:
            return None
        for name, told in self._usual_headers(request).items():
            response.headers[name] = told
        response.headers["Content-Language"] = language
        response.headers["Content-Length"] = str(len(response.content))
        return response

    def _usual_headers(self, request: Request) -> dict[str, str]:
        """What the long way puts on every answer, asked of it once for each scheme."""
        is_secure = request.is_secure()
        if is_secure not in self.usual:
            blank = XFrameOptionsMiddleware(lambda _: HttpResponse())
            answer = SecurityMiddleware(CSPMiddleware(blank))(request)
            assert isinstance(answer, HttpResponse)
            headers = dict(answer.headers)
            del headers["Content-Type"]
            vary = "Authorization, Accept-Language, Cookie"
            self.usual[is_secure] = {**headers, "Cache-Control": "private, no-cache", "Vary": vary}
        return self.usual[is_secure]


def is_ordinary(request: Request) -> bool:
    if request.method != "POST" or not intake.ADDRESS.fullmatch(request.path_info) or request.META.get("QUERY_STRING"):
        return False
    if request.META.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer"):
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return not settings.SECURE_SSL_REDIRECT or request.is_secure()


def _note(response: HttpResponse, seconds: float) -> None:
    """A line for whoever was refused; of those that were kept the lines of their commits tell how many they are."""
    took_ms = round(seconds * 1000, 1)
    response.headers["Server-Timing"] = f"app;dur={took_ms}"
    level = logging.DEBUG if response.status_code < 400 else logging.INFO
    if log.isEnabledFor(level):
        said = {"route": "intake", "status": response.status_code, "duration_ms": took_ms}
        log.log(level, "POST /in/ %s %.0f ms", response.status_code, took_ms, extra=said)
