"""For whoever watches over the processes: do we live, and may people be sent to us?"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from smarketing.records.access import can
from smarketing.web.request import Request
from smarketing.workflows.check_health import check_health

HERE = ("127.0.0.1", "::1")
OWN_NAMES = ("127.0.0.1", "localhost", "::1")


def live(request: Request) -> HttpResponse:  # noqa: ARG001 — Django passes it
    """Asks nothing of anybody: a process that answers lives."""
    return HttpResponse("live\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def ready(request: Request) -> HttpResponse:
    """200, or 503 with the parts that fail; how each part stands is for administrators and this machine."""
    parts = check_health(now=timezone.now())
    is_ready = all(part.is_well for part in parts)
    answer: dict[str, object] = {"ready": is_ready, "failing": [part.name for part in parts if not part.is_well]}
    if _is_here(request) or can(request.actor, "operations", "read"):
        answer["parts"] = [
            {"name": part.name, "well": part.is_well, "what": request.words(part.what, **part.values)} for part in parts
        ]
    response = JsonResponse(answer, status=200 if is_ready else 503)
    add_never_cache_headers(response)
    return response


def _is_here(request: Request) -> bool:
    """Asked from this machine, under this machine's own name: not passed on by a proxy that stands beside us."""
    name = request.get_host().rpartition(":")[0] or request.get_host()
    is_passed_on = any(header in request.headers for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.META.get("REMOTE_ADDR") in HERE and name.strip("[]") in OWN_NAMES and not is_passed_on
