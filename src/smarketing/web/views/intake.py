"""The door for events: a program posts, and is answered once what it sent is on the disk."""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from smarketing.failpoints import reach
from smarketing.ledger.group_commit import Full, Slow
from smarketing.terms.errors import UserError
from smarketing.web.api.problems import later, not_allowed, problem
from smarketing.web.bucket import Buckets
from smarketing.web.outage import DATABASE_AFTER_S, SPACE_AFTER_S, is_disk_full
from smarketing.web.request import Request
from smarketing.web.seats import Seats
from smarketing.workflows.inflate_body import TooLarge
from smarketing.workflows.receive_events import (
    MOST_BATCH,
    Incoming,
    NoSuchSource,
    NotProven,
    Received,
    TooFast,
    receive_events,
)

TYPES = ("application/json", "text/json", "text/xml", "application/xml", "application/x-www-form-urlencoded", "")
ENCODINGS = ("", "identity", "gzip")
BUCKETS, SEATS = Buckets(), Seats()


class Acknowledgement(HttpResponse):
    """Sent, and let go of."""

    def close(self) -> None:
        super().close()
        reach("ack.after")


@csrf_exempt
def receive(request: Request, slug: str, token: str = "") -> HttpResponse:
    """202 with a receipt; a problem when nothing was kept, or nobody can say whether it was."""
    words = request.words
    if request.method != "POST":
        return not_allowed(words("This address has no such method."), ("POST",))
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if not is_readable(request) or encoding not in ENCODINGS:
        return problem(415, words("This is in a form that nobody here reads."), words("Send JSON, plain or as gzip."))
    with SEATS.one() as is_free:
        return answered(request, slug, token, encoding) if is_free else not_kept(request, Full())


def answered(request: Request, slug: str, token: str, encoding: str) -> HttpResponse:
    """The receipt, or why there is none."""
    body = body_of(request)
    if body is None:
        return too_large(request)
    try:
        found = receive_events(
            slug=slug,
            request=signed(request, body, token),
            encoding=encoding,
            has_token=has_token(request),
            is_in_pace=lambda: not BUCKETS.wait_s(slug, time.monotonic()),
            now=timezone.now(),
        )
    except (NoSuchSource, NotProven, TooLarge, UserError, TooFast, Full, Slow, DatabaseError, InterfaceError) as error:
        return refusal(request, error)
    return acknowledged(found)


def refusal(request: Request, error: Exception) -> HttpResponse:
    """What a sender is told of whom nothing is kept; of a source that is not there as little as of any other page."""
    words = request.words
    if isinstance(error, NoSuchSource):
        raise Http404 from None
    if isinstance(error, NotProven):
        hint = words("Sign the bytes that you send with the secret of this source, less than five minutes ago.")
        return problem(401, words("The signature does not hold."), hint)
    if isinstance(error, TooLarge):
        return too_large(request)
    if isinstance(error, UserError):
        error.translate(words)
        return problem(400, error.what, error.hint)
    if isinstance(error, TooFast):
        return later(429, words("Too many requests."), 1)
    return not_kept(request, error)


def acknowledged(found: Received) -> HttpResponse:
    """The same words whenever the same is delivered again."""
    if found.acknowledgement is not None:
        content, content_type = found.acknowledgement
        return Acknowledgement(content, content_type=content_type)
    names = ("received", "stored", "duplicates", "conflicts", "rejected")
    said: dict[str, Any] = {"receipt": str(found.receipt.receipt)}
    said |= {name: getattr(found.receipt, name) for name in names}
    return Acknowledgement(json.dumps(said), status=202, content_type="application/json")


def is_readable(request: Request) -> bool:
    kind = (request.content_type or "").lower()
    return kind in TYPES or (kind.startswith("application/") and kind.endswith("+json"))


def body_of(request: Request) -> bytes | None:
    """The bytes as they came, of which nobody reads more than may be sent; None for more."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length[:20]) > MOST_BATCH:
        return None
    is_chunked = not length and "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    stream = request.META["wsgi.input"] if is_chunked else request
    body: bytes = stream.read(MOST_BATCH + 1)
    return body if len(body) <= MOST_BATCH else None


def signed(request: Request, body: bytes, token: str) -> Incoming:
    headers = {name[5:].replace("_", "-").lower(): told for name, told in request.META.items() if name[:5] == "HTTP_"}
    headers["content-type"] = request.META.get("CONTENT_TYPE", "")
    return Incoming(str(request.method), settings.SITE_URL + request.get_full_path(), headers, body, token)


def has_token(request: Request) -> bool:
    return request.token is not None and bool(request.actor.grant("event", "create"))


def too_large(request: Request) -> HttpResponse:
    hint = request.words("One event has 256 KB, a batch 10 MB and 1,000 events at most.")
    return problem(413, request.words("This is too large."), hint)


def not_kept(request: Request, error: Exception) -> HttpResponse:
    """507 for a full disk, 503 for everything else that a moment may mend."""
    words = request.words
    if is_disk_full(error):
        return later(507, words("There is no space left to keep this."), SPACE_AFTER_S)
    wait_s = 1 if isinstance(error, Full) else DATABASE_AFTER_S
    return later(503, words("This could not be kept now."), wait_s)
