"""Pages for when something is not right: each says what happened and where to go on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from smarketing.terms.language import words
from smarketing.web.render import render_page
from smarketing.web.request import Request


def bad_request(request: Request, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django passes it
    return _page(request, "errors/bad_request.html", 400)


def not_found(request: Request, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django passes it
    return _page(request, "errors/not_found.html", 404)


def forged(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001 — Django passes it
    return _page(request, "errors/forged.html", 403)


def locked_out(request: Request, *_: Any, **__: Any) -> HttpResponse:
    response = _page(request, "errors/locked_out.html", 429)
    response.headers["Retry-After"] = "900"
    return response


def broken(request: Request) -> HttpResponse:
    """A mistake of ours. Nothing is asked of the database here: it may be what is broken."""
    said = getattr(request, "words", words("en"))
    title, hint = said("Something broke here."), said("It has been written down. Go back and try again in a moment.")
    head = f'<!doctype html><html lang="{said.language}"><meta charset="utf-8"><title>{title}</title>'
    return HttpResponse(f"{head}<h1>{title}</h1><p>{hint}</p>", status=500)


def _page(request: Request, template: str, status: int) -> HttpResponse:
    if not hasattr(request, "actor"):
        return broken(request)
    return render_page(request, template, status=status)
