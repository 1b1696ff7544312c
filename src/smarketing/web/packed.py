"""Pages travel packed: text by gzip, for every reader whose browser unpacks it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/problem+json", "application/yaml")


class PackedMiddleware(GZipMiddleware):
    """Django's own, which pads by chance what carries a secret; files that are packed already go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed
