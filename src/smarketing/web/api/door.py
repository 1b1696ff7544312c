"""What holds for every answer of the API: its pace, its sizes, HEAD, ETags, and what caches may do with it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from smarketing.web.api.pace import Meter
from smarketing.web.api.problems import INTAKE, is_api, problem
from smarketing.web.request import Request

MB = 2**20
MOST_JSON = 2 * MB
METER = Meter()


class DoorMiddleware:
    """Stands behind the gate, so that it knows the token; pages of the site pass through untouched."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"  # every GET has its HEAD
        response = conditional(request, refusal(request) or self.get_response(request))
        if is_head:
            request.method = "HEAD"
            response = _without_body(response)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        return response


def refusal(request: Request) -> HttpResponse | None:
    """A problem that needs no look at what was asked."""
    words = request.words
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return problem(400, words("This request could not be read."), words("A character in its address is none."))
    if request.path.startswith(INTAKE):
        return None  # it has sizes and a pace of its own
    if is_too_large(request):
        return problem(
            413, words("This is too large."), words("Bring parts of it, or raise SMARKETING_IMPORT_LIMIT_MB.")
        )
    wait_s = METER.wait_s(str(request.token.pk), timezone.now()) if request.token else 0
    if not wait_s:
        return None
    response = problem(429, words("Too many requests."), words("Ask again in {n} seconds.", n=wait_s))
    response.headers["Retry-After"] = str(wait_s)
    return response


def is_too_large(request: Request) -> bool:
    """Files may be as large as an import, everything else is a text that people wrote."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_files = request.content_type == "multipart/form-data"
    most = (settings.ENVIRONMENT.import_limit_mb + 1) * MB if is_files else MOST_JSON
    return not length.isdigit() or int(length[:20]) > most


def conditional(request: Request, response: HttpResponse) -> HttpResponse:
    """With the ETag of exactly these bytes; 304 for whoever has them."""
    if request.method != "GET" or response.status_code != 200:
        return response
    if not response.streaming:
        response.headers.setdefault("ETag", f'"{sha256(response.content).hexdigest()[:32]}"')
    if "If-None-Match" not in request.headers or "ETag" not in response.headers:
        return response
    request.META.pop("HTTP_IF_MATCH", None)  # a condition of writes
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    assert isinstance(found, HttpResponse)
    if found is not response:
        response.close()
    return found


def _without_body(response: HttpResponse) -> HttpResponse:
    headers = dict(response.headers)
    if not response.streaming:
        headers["Content-Length"] = str(len(response.content))
    response.close()
    return HttpResponse(status=response.status_code, headers=headers)
