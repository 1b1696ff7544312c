"""Takes events in before Django is entered at all: most posts are ordinary and kept, and need nothing of a page.

Whoever is out of the ordinary, or is not kept, goes on to the door inside Django, which says why. What stands on a
receipt is learned from the first one that is given there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from smarketing.failpoints import is_armed
from smarketing.web.api.problems import INTAKE
from smarketing.web.refusals import MOST_LANGUAGES, Application, wish_of
from smarketing.web.tracing import new_id, request_id
from smarketing.web.views import intake
from smarketing.workflows.inflate_body import TooLarge
from smarketing.workflows.receive_events import MOST_BATCH, Received

OWN = ("X-Request-ID", "Server-Timing", "Content-Type", "Content-Length")  # of one answer, not of all


class Receipts:
    """By the language that a sender asks for and whether it came by TLS: the headers of a receipt."""

    def __init__(self) -> None:
        self.headers: dict[tuple[str, bool], list[tuple[str, str]]] = {}

    def learn(self, request: HttpRequest, response: HttpResponse) -> None:
        wish = wish_of(request.META)
        if isinstance(response, intake.Acknowledgement) and wish is not None and len(self.headers) < MOST_LANGUAGES:
            usual = [(name, told) for name, told in response.headers.items() if name not in OWN]
            self.headers[wish, request.is_secure()] = usual


RECEIPTS = Receipts()


def quick_to_take(application: Application) -> Application:
    """The application, with a door for ordinary events before it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        usual = usual_headers(environ)
        if usual is None:
            return application(environ, start_response)
        began = time.perf_counter()
        asked = environ.get("HTTP_X_REQUEST_ID", "") if settings.ENVIRONMENT.proxies else ""
        environ[intake.OWN_ID] = own = new_id(asked)
        mark = request_id.set(own)
        try:
            received = _received(environ)
        finally:
            request_id.reset(mark)
        if received is None:
            return application(environ, start_response)
        status, kind, body = intake.receipt(received)
        took = f"app;dur={(time.perf_counter() - began) * 1000:.1f}"
        own_headers = zip(OWN, (own, took, kind, str(len(body))), strict=True)
        start_response("202 Accepted" if status == 202 else "200 OK", [*usual, *own_headers])
        return Sent(body) if is_armed("ack.after") else [body]

    return answer


def usual_headers(environ: dict[str, Any]) -> list[tuple[str, str]] | None:
    """Of the receipt, if one is given; None for whoever is not ordinary."""
    if not environ["PATH_INFO"].startswith(INTAKE) or environ["REQUEST_METHOD"] != "POST":
        return None
    wish = wish_of(environ)
    is_ordinary = (
        wish is not None
        and not environ.get("SCRIPT_NAME")
        and not environ.get("QUERY_STRING")
        and environ.get("HTTP_AUTHORIZATION", "")[:6].lower() != "bearer"
        and environ.get("CONTENT_LENGTH", "").isdecimal()
        and "HTTP_TRANSFER_ENCODING" not in environ
        and intake.ADDRESS.fullmatch(environ["PATH_INFO"]) is not None
        and intake.is_readable(environ)
        and _is_ours(environ.get("HTTP_HOST", ""))
    )
    if not is_ordinary or wish is None:
        return None
    is_by_tls = _is_by_tls(environ)
    return None if settings.SECURE_SSL_REDIRECT and not is_by_tls else RECEIPTS.headers.get((wish, is_by_tls))


def _received(environ: dict[str, Any]) -> Received | None:
    """None when it was not; then the door inside Django finds what the matter is."""
    with intake.SEATS.one() as is_free:
        if not is_free:
            return None
        path, length = environ["PATH_INFO"], int(environ["CONTENT_LENGTH"][:20])
        place = intake.ADDRESS.fullmatch(path)
        assert place is not None
        try:
            if length > MOST_BATCH:
                raise TooLarge
            body = environ["wsgi.input"].read(length)
            return intake.taken(place[1], intake.incoming(environ, path, body, place[2] or ""))
        except intake.TROUBLES as error:
            environ[intake.TROUBLE] = error
            return None


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    """As Django's own look at the name that was asked for."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _is_by_tls(environ: dict[str, Any]) -> bool:
    """As Django's own look at how a request came."""
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if header in environ:
            return str(environ[header]).partition(",")[0].strip() == secure
    return bool(environ["wsgi.url_scheme"] == "https")


class Sent:
    """A body with an instant after it, since a server closes what it has sent; only tests ask for one."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self.body

    def close(self) -> None:
        intake.let_go()
