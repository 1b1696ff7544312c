"""What charts need to be drawn where they can be touched."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse

from smarketing.charts.viewer import edition, viewer
from smarketing.terms.language import LANGUAGES
from smarketing.web.request import Request

FOR_EVER = "public, max-age=31536000, immutable"


def vega(request: Request, version: str, language: str) -> HttpResponse:  # noqa: ARG001 — Django passes it
    """The script, always gzipped: every browser that can run it can unpack it."""
    if version != edition() or language not in LANGUAGES:
        raise Http404
    script = viewer(settings.HOME / "made", language).read_bytes()
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)
