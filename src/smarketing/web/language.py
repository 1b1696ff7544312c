"""The reader of a request: language, zone and the words for both."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from smarketing.records.models import Person
from smarketing.terms.language import LANGUAGES, words
from smarketing.web.api.problems import is_api
from smarketing.web.request import Request


class ReaderMiddleware:
    """Sets `request.words` and Django's own language: the person's, else the cookie's, else the browser's."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        language = language_of(request)
        request.words = words(language)
        request.zone = (request.user.zone if isinstance(request.user, Person) else "") or settings.ENVIRONMENT.zone
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: Request) -> str:
    if not is_api(request) and isinstance(request.user, Person) and request.user.language in LANGUAGES:
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in LANGUAGES:
        return chosen
    wished = translation.get_language_from_request(request)[:2]
    return wished if wished in LANGUAGES else "en"
