"""What a reader chose for the page itself: language and light or dark; kept with the person, else in a cookie."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from smarketing.terms.language import LANGUAGES
from smarketing.web.request import Request

SCHEMES = {"light": "light", "dark": "dark", "system": ""}
SCHEME_COOKIE = "scheme"
A_YEAR_S = 365 * 86_400


def scheme_of(request: Request) -> str:
    """light, dark, or empty: as the system has it."""
    if request.actor.person:
        return request.actor.person.scheme
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in SCHEMES.values() else ""


def choices_in(posted: Any) -> dict[str, str]:
    """The language and scheme in a form that make sense; others are left out."""
    found = {}
    if posted.get("language") in LANGUAGES:
        found["language"] = posted["language"]
    if posted.get("scheme") in SCHEMES:
        found["scheme"] = SCHEMES[posted["scheme"]]
    return found


def keep_in_cookies(response: HttpResponse, choices: dict[str, str]) -> None:
    """For readers who are not signed in, and for the sign-in page after they leave."""
    names = {"language": settings.LANGUAGE_COOKIE_NAME, "scheme": SCHEME_COOKIE}
    for what, value in choices.items():
        response.set_cookie(
            names[what], value, max_age=A_YEAR_S, samesite="Lax", secure=settings.IS_PRODUCTION, httponly=True
        )
