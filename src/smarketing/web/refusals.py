"""Sends events away before anything is done for them while all seats are taken, so that a refusal stays quick.

What is said then is what the door itself said the last time, in the same language.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from smarketing.web.api.problems import INTAKE
from smarketing.web.views import intake

MOST_LANGUAGES, LONGEST = 50, 60  # of wishes for a language that are kept, and of one in letters
TOLD_EVERY_S = 1.0
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
log = logging.getLogger("smarketing.intake")


class Refusals:
    """By the language that a sender asks for: status, headers, body."""

    def __init__(self) -> None:
        self.said: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}
        self.n, self.told_s = 0, 0.0

    def learn(self, request: HttpRequest, response: HttpResponse) -> None:
        """Keep what was said to somebody for whom there was no seat."""
        wish = wish_of(request.META)
        if response.status_code != 503 or response.headers.get("Retry-After") != "1" or wish is None:
            return
        if wish not in self.said and len(self.said) < MOST_LANGUAGES:
            status = f"{response.status_code} {response.reason_phrase}"
            self.said[wish] = status, list(response.headers.items()), response.content

    def note(self) -> None:
        """How many were sent away, now and then: a line for each would cost more than the refusal."""
        self.n += 1
        now_s = time.monotonic()
        if now_s - self.told_s >= TOLD_EVERY_S:
            log.warning("No seat was free", extra={"n_refused": self.n})
            self.n, self.told_s = 0, now_s


REFUSALS = Refusals()


def wish_of(environment: dict[str, Any]) -> str | None:
    """None for those who are answered one by one: a cookie may say another language."""
    wish = str(environment.get("HTTP_ACCEPT_LANGUAGE", ""))
    return wish if len(wish) <= LONGEST and not environment.get("HTTP_COOKIE") else None


def quick_to_refuse(application: Application) -> Application:
    """The application, with a doorkeeper before it."""

    def answer(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if intake.SEATS.are_taken and str(environment["PATH_INFO"]).startswith(INTAKE):
            wish = wish_of(environment)
            if environment["REQUEST_METHOD"] == "POST" and wish is not None and wish in REFUSALS.said:
                status, headers, body = REFUSALS.said[wish]
                REFUSALS.note()
                start_response(status, headers)
                return [body]
        return application(environment, start_response)

    return answer
