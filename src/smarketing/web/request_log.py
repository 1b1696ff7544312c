"""One line of log for every request, and where its time went, told to the browser in `Server-Timing`.

What people typed is in none of it: no query, no address of a person, and of the path only its pattern.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from smarketing.web.tracing import new_id, request_id

log = logging.getLogger("smarketing.request")
PROBES = ("health-live", "health-ready")


class QueryClock:
    """Counts queries and how long the database took for them."""

    def __init__(self) -> None:
        self.n, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.n += 1
            self.seconds += time.perf_counter() - started


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "") if settings.ENVIRONMENT.proxies else ""
        own = new_id(asked)
        token, queries, started = request_id.set(own), QueryClock(), time.perf_counter()
        try:
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            seconds = time.perf_counter() - started
            response.headers["X-Request-ID"] = own
            response.headers["Server-Timing"] = (
                f'app;dur={seconds * 1000:.1f}, db;dur={queries.seconds * 1000:.1f};desc="{queries.n}"'
            )
            _write(request, response, seconds, queries)
            return response
        finally:
            request_id.reset(token)


def _write(request: HttpRequest, response: HttpResponse, seconds: float, queries: QueryClock) -> None:
    match = request.resolver_match
    route = match.view_name if match else ""
    quiet = route in PROBES and response.status_code < 400
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "%s %s %s %.0f ms",
        request.method,
        f"/{match.route}" if match else "(no such page)",
        response.status_code,
        seconds * 1000,
        extra={
            "route": route,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000, 1),
            "database_ms": round(queries.seconds * 1000, 1),
            "n_queries": queries.n,
            "person": _person_id(request),
        },
    )


def _person_id(request: HttpRequest) -> int | None:
    """Nothing is asked of the database for this: a request that no view looked at has nobody."""
    actor = getattr(request, "actor", None)
    return actor.person.pk if actor is not None and actor.person is not None else None
