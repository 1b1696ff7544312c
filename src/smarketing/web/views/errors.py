"""Pages for when something is not right: each says what happened and where to go on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.templatetags.static import static

from smarketing.terms.language import Words, words
from smarketing.terms.marked import N_
from smarketing.web.api.problems import is_api, problem
from smarketing.web.outage import DATABASE_AFTER_S, SPACE_AFTER_S, outage
from smarketing.web.render import render_page
from smarketing.web.request import Request

OUTAGES = {
    503: (
        N_("The database does not answer now."),
        N_("Load the page again in a moment, and look whether what you did is there."),
    ),
    507: (
        N_("The disk of this server is full."),
        N_("This was not kept. Tell whoever runs smarketing here, and try again once there is space."),
    ),
}


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    if is_api(request):
        detail = str(exception) if isinstance(exception, BadRequest) else ""
        return problem(400, _words(request)("This request could not be read."), detail)
    return _page(request, "errors/bad_request.html", 400)


def not_found(request: Request, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django passes it
    if is_api(request):
        return problem(404, _words(request)("There is nothing here."))
    return _page(request, "errors/not_found.html", 404)


def forged(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001 — Django passes it
    return _page(request, "errors/forged.html", 403)


def locked_out(request: Request, *_: Any, **__: Any) -> HttpResponse:
    response = _page(request, "errors/locked_out.html", 429)
    response.headers["Retry-After"] = "900"
    return response


def broken(request: Request, status: int = 500) -> HttpResponse:
    """A mistake of ours, or an outage. Nothing is asked of the database here: it may be what is broken."""
    said, status = _words(request), outage() if status == 500 else status
    title, hint = said("Something broke here."), said("It has been written down. Go back and try again in a moment.")
    if status in OUTAGES:
        title, hint = (said(each) for each in OUTAGES[status])
    if is_api(request):
        return _patient(problem(status, title, said("It has been written down. Ask again in a moment.")))
    size = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f'<meta charset="utf-8">{size}<title>{title}</title><link rel="stylesheet" href="{_style_sheet()}">'
    link = f'<a class="button primary" href="/">{said("To the start")}</a>'
    body = f'<main><section class="notice"><h1>{title}</h1><p>{hint}</p>{link}</section></main>'
    page = f'<!doctype html><html lang="{said.language}">{head}<body>{body}</body></html>'
    return _patient(HttpResponse(page, status=status))


def _patient(response: HttpResponse) -> HttpResponse:
    """With when it is worth asking again, where it passes by itself."""
    after_s = {503: DATABASE_AFTER_S, 507: SPACE_AFTER_S}.get(response.status_code)
    if after_s is not None:
        response.headers["Retry-After"] = str(after_s)
    return response


def _words(request: Request) -> Words:
    return getattr(request, "words", words("en"))


def _style_sheet() -> str:
    """Its address, or none where the list of static files is what is broken."""
    try:
        return static("made/site.css")
    except ValueError:
        return ""


def _page(request: Request, template: str, status: int) -> HttpResponse:
    if not hasattr(request, "actor"):
        return broken(request, status)
    return render_page(request, template, status=status)
