"""A session ends after twelve hours without use, and after two weeks in any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpResponse
from django.utils import timezone

from smarketing.web.request import Request

NOTED_EVERY = timedelta(minutes=10)
LONGEST = timedelta(days=14)
POLLED = frozenset({"/messages/unread/"})  # asked by an open page, not by a person
BEGAN, SEEN = "began_at", "seen_at"


class SessionAgeMiddleware:
    """Writes to the session at most every ten minutes; the cookie's own twelve hours then begin anew."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if now - _at(request, BEGAN, now) > LONGEST:
                logout(request)
            elif request.path not in POLLED and now - _at(request, SEEN, now - 2 * NOTED_EVERY) > NOTED_EVERY:
                request.session[SEEN] = now.isoformat()
                UserSession.objects.create_from_request(request)  # or notes when it was seen
        return self.get_response(request)


def _at(request: Request, name: str, missing: datetime) -> datetime:
    if name not in request.session:
        request.session[name] = missing.isoformat()
    return datetime.fromisoformat(request.session[name])
