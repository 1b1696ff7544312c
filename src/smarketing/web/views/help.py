"""How things work, what the words mean, what the keys do, and what pages are made of."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from smarketing.charts.render import complete_spec
from smarketing.records.access import can
from smarketing.web.api.api import api as described
from smarketing.web.pages import gallery, glossary, help, help_api
from smarketing.web.render import render_page
from smarketing.web.request import Request


def show(request: Request) -> HttpResponse:
    return render_page(request, "help/show.html", topics=help.topics(request.words))


def words(request: Request) -> HttpResponse:
    return render_page(request, "help/glossary.html", chapters=glossary.chapters(request.words))


def keys(request: Request) -> HttpResponse:
    return render_page(request, "help/keys.html", shortcuts=help.shortcuts(request.words))


def api(request: Request) -> HttpResponse:
    """Every operation of the API in words."""
    root, makes_tokens = request.build_absolute_uri(reverse("api:index")), can(request.actor, "token", "create")
    page = help_api.api_page(described.get_openapi_schema(), request.words, root=root, makes_tokens=makes_tokens)
    return render_page(request, "help/api.html", page=page)


def api_file(_: Request) -> HttpResponse:
    """The OpenAPI file for people who are signed in; programs read the same one with their token."""
    return JsonResponse(described.get_openapi_schema(), json_dumps_params={"ensure_ascii": False})


def components(request: Request) -> HttpResponse:
    """Every part in every state: what engineers copy from and tests look at."""
    return render_page(request, "help/components.html", page=gallery.gallery(request.words, timezone.now()))


def example_chart(request: Request) -> HttpResponse:
    """The spec of the gallery's chart, for drawing it where it can be touched."""
    return JsonResponse(complete_spec(gallery.example_chart(request.words)))
