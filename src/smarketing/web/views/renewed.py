"""Pages that ask for themselves again: what they showed is told by a tag, and nothing new is answered with 304."""

from __future__ import annotations

import hashlib

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from smarketing.records.models import Event
from smarketing.web.request import Request


def tag_of(request: Request, key: str, path: str, latest: Event | None) -> str:
    """Stands for what this reader is shown at `path`.

    Takes    key     stands for everything that the page tells
             latest  what the reader can take back
    """
    said = [key, str(latest.seq if latest else 0), path, request.words.language, request.zone]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def unchanged(request: Request, etag: str) -> HttpResponse | None:
    """The answer to a page that shows this already; None where it is to be made."""
    if request.htmx and request.headers.get("If-None-Match") == f'"{etag}"':
        return tagged(HttpResponse(status=304), etag)
    return None


def tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = f'"{etag}"'
    patch_cache_control(response, private=True, no_cache=True, no_store=True)
    return response
