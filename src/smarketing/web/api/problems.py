"""What went wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import HttpRequest, HttpResponse

API, INTAKE = "/api/", "/in/"
TYPE = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: it is answered in JSON, whatever happens."""
    return request.path.startswith((API, INTAKE))


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """One problem; `more` are further members: where, errors."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    content = json.dumps({name: value for name, value in said.items() if value not in ("", None)}, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=TYPE)


def not_allowed(title: str, methods: tuple[str, ...]) -> HttpResponse:
    """405: the address is there, this method of it is not."""
    response = problem(405, title)
    response.headers["Allow"] = ", ".join((*methods, "HEAD") if "GET" in methods else methods)
    return response


def later(status: int, title: str, wait_s: float) -> HttpResponse:
    """What may well be taken the next time, and when that is."""
    response = problem(status, title)
    response.headers["Retry-After"] = str(math.ceil(wait_s))
    response._has_been_logged = True  # type: ignore[attr-defined]  # by our own line; Django's second one costs as much
    return response
