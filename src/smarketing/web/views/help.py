"""How things work, what the words mean, what the keys do, and what pages are made of."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from smarketing.charts.render import complete_spec
from smarketing.web.pages import gallery, glossary, help
from smarketing.web.render import render_page
from smarketing.web.request import Request


def show(request: Request) -> HttpResponse:
    return render_page(request, "help/show.html", topics=help.topics(request.words))


def words(request: Request) -> HttpResponse:
    return render_page(request, "help/glossary.html", chapters=glossary.chapters(request.words))


def keys(request: Request) -> HttpResponse:
    return render_page(request, "help/keys.html", shortcuts=help.shortcuts(request.words))


def components(request: Request) -> HttpResponse:
    """Every part in every state: what engineers copy from and tests look at."""
    return render_page(request, "help/components.html", page=gallery.gallery(request.words, timezone.now()))


def example_chart(request: Request) -> HttpResponse:
    """The spec of the gallery's chart, for drawing it where it can be touched."""
    return JsonResponse(complete_spec(gallery.example_chart(request.words)))
