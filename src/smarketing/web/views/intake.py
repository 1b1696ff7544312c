"""The door for events: a program posts, and is answered once what it sent is on the disk."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from functools import lru_cache
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
ADDRESS = re.compile(r"/in/([-a-zA-Z0-9_]+)(?:/([-a-zA-Z0-9_.~]+))?")
BUCKETS, SEATS = Buckets(), Seats()
TROUBLE, OWN_ID = "smarketing.trouble", "smarketing.request_id"  # of a request that the quick door took a look at
TROUBLES = (NoSuchSource, NotProven, TooLarge, UserError, TooFast, Full, Slow, DatabaseError, InterfaceError)


class Acknowledgement(HttpResponse):
    """Sent, and let go of."""

    def close(self) -> None:
        super().close()
        let_go()


def let_go() -> None:
    """The instant after a sender was answered."""
    reach("ack.after")


@csrf_exempt
def receive(request: Request, slug: str, token: str = "") -> HttpResponse:
    """202 with a receipt; a problem when nothing was kept, or nobody can say whether it was."""
    words = request.words
    if request.method != "POST":
        return not_allowed(words("This address has no such method."), ("POST",))
    if trouble := request.META.get(TROUBLE):
        return refusal(request, trouble)
    if not is_readable(request.META):
        return problem(415, words("This is in a form that nobody here reads."), words("Send JSON, plain or as gzip."))
    with SEATS.one() as is_free:
        return answered(request, slug, token) if is_free else not_kept(request, Full())


def answered(request: Request, slug: str, token: str) -> HttpResponse:
    """The receipt, or why there is none."""
    body = body_of(request)
    if body is None:
        return too_large(request)
    try:
        found = taken(slug, incoming(request.META, request.get_full_path(), body, token), has_token=has_token(request))
    except TROUBLES as error:
        return refusal(request, error)
    status, kind, content = receipt(found)
    return Acknowledgement(content, status=status, content_type=kind)


def taken(slug: str, request: Incoming, *, has_token: bool = False) -> Received:
    """Raises one of TROUBLES"""
    return receive_events(
        slug=slug,
        request=request,
        encoding=encoding_of(request.headers.get("content-encoding", "")),
        has_token=has_token,
        is_in_pace=lambda: not BUCKETS.wait_s(slug, time.monotonic()),
        now=timezone.now(),
    )


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


def receipt(found: Received) -> tuple[int, str, bytes]:
    """Status, content type and body: the same words whenever the same is delivered again."""
    if found.acknowledgement is not None:
        content, kind = found.acknowledgement
        return 200, kind, content
    names = ("received", "stored", "duplicates", "conflicts", "rejected")
    said: dict[str, Any] = {"receipt": str(found.receipt.receipt)}
    said |= {name: getattr(found.receipt, name) for name in names}
    return 202, "application/json", json.dumps(said).encode()


def is_readable(environ: Mapping[str, Any]) -> bool:
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    is_kind = kind in TYPES or (kind.startswith("application/") and kind.endswith("+json"))
    return is_kind and encoding_of(environ.get("HTTP_CONTENT_ENCODING", "")) in ENCODINGS


def encoding_of(said: str) -> str:
    return said.strip().lower()


def body_of(request: Request) -> bytes | None:
    """The bytes as they came, of which nobody reads more than may be sent; None for more."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length[:20]) > MOST_BATCH:
        return None
    is_chunked = not length and "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    stream = request.META["wsgi.input"] if is_chunked else request
    body: bytes = stream.read(MOST_BATCH + 1)
    return body if len(body) <= MOST_BATCH else None


def incoming(environ: Mapping[str, Any], path: str, body: bytes, token: str) -> Incoming:
    """What a signature is over."""
    headers = {header_name(name): told for name, told in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    return Incoming(str(environ["REQUEST_METHOD"]), settings.SITE_URL + path, headers, body, token)


@lru_cache(maxsize=500)
def header_name(variable: str) -> str:
    """As the sender wrote it, in lower case: `webhook-id` of `HTTP_WEBHOOK_ID`."""
    return variable[5:].replace("_", "-").lower()


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
