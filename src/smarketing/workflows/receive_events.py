"""Take what a source sent into the inbox, once its sender is known; when this returns it will not be lost."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

from smarketing.failpoints import reach
from smarketing.ledger.group_commit import GroupCommit
from smarketing.ledger.inbox import Arrival, Delivery, Receipt
from smarketing.records.models import Source
from smarketing.records.secrets import digest
from smarketing.records.sources import is_previous_live, live_secrets, note_use, on_a_sound_connection
from smarketing.sources.webhook.proofs import CHECKS
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.sources.webhook.signatures.request import BadSignature, Signed
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.inflate_body import TooLarge, inflated

MOST_SINGLE, MOST_BATCH = 256 * 2**10, 10 * 2**20  # bytes of a request with one event, with several
MOST_EVENTS = 1_000
KEPT_HEADERS = ("content-type", "user-agent", "webhook-id", "webhook-timestamp", "x-hubspot-request-timestamp")
TOKEN_KINDS = frozenset({"generic", "flat"})  # whose senders may come with one of our own tokens instead
KNOWN_FOR = timedelta(seconds=1)
KNOWN: dict[tuple[str, str], Known] = {}
ASKING = Lock()
GROUP = GroupCommit()
Incoming = Signed
log = logging.getLogger("smarketing.intake")


class NoSuchSource(Exception):
    """Nothing is received there: unknown, disabled or retired."""


class NotProven(Exception):
    """Whoever sent this did not show a secret of the source."""


class TooFast(Exception):
    """The source sends more than anybody should take from one."""


@dataclass(frozen=True, slots=True)
class Received:
    """`acknowledgement` is the body and content type that this kind of sender insists on; None for any."""

    receipt: Receipt
    acknowledgement: tuple[bytes, str] | None


def receive_events(
    *, slug: str, request: Incoming, encoding: str, has_token: bool, is_in_pace: Callable[[], bool], now: datetime
) -> Received:
    """The receipt of one request.

    Takes    request     as it came, before it was inflated or parsed
             encoding    its Content-Encoding
             has_token   it came with an ingest token that lets it in
             is_in_pace  asked once we know that it is the source who sends, so that strangers do not use up its pace
    Raises   NoSuchSource, NotProven, TooFast, TooLarge; UserError when the body as a whole cannot be read; what
             GroupCommit raises when the database cannot keep it. In none of these cases anything is acknowledged.
    """
    known = known_source(slug, now)
    source = known.source
    reach("ingest.verify")
    check_is_proven(known, request, has_token, now)
    if not is_in_pace():
        raise TooFast
    shape = SHAPES[source.kind]
    body = inflated(request.body, encoding, MOST_BATCH)
    found = [
        Arrival(source.slug, event.key, event.raw, event.occurred_at) for event in shape.split(body, request.headers)
    ]
    check_size(len(found), len(body))
    headers = {name: request.headers[name][:200] for name in KEPT_HEADERS if name in request.headers}
    receipt = GROUP.commit(Delivery(tuple(found), now, headers))
    note_use(source, now)
    return Received(receipt, shape.acknowledgement())


@dataclass(frozen=True, slots=True)
class Known:
    """A source as it was at an instant, with the secrets that it may sign with."""

    source: Source
    secrets: Sequence[str]
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return abs(now - self.at) < KNOWN_FOR


def known_source(slug: str, now: datetime) -> Known:
    """Asked of the database at most once a second, so that a secret that was revoked opens nothing after that.

    Raises NoSuchSource
    """
    place = (str(connection.settings_dict["NAME"]), slug)
    known = KNOWN.get(place)
    if known is None:
        return KNOWN.setdefault(place, _asked(slug, now))
    if known.is_fresh(now):
        return known
    with ASKING:  # one asks again for all who come meanwhile
        if not KNOWN[place].is_fresh(now):
            KNOWN[place] = _asked(slug, now)
        return KNOWN[place]


def _asked(slug: str, now: datetime) -> Known:
    with on_a_sound_connection():
        source = Source.objects.filter(slug=slug, is_enabled=True, retired_at=None).first()
        if source is None or source.kind not in SHAPES:
            raise NoSuchSource
        return Known(source, live_secrets(source, now), now)


def check_is_proven(known: Known, request: Signed, has_token: bool, now: datetime) -> None:
    """Raises NotProven; our own log says why, the sender is not told."""
    source = known.source
    if has_token and source.kind in TOKEN_KINDS:
        return
    try:
        if check := CHECKS.get(source.kind):
            check(request, known.secrets, now)
        else:
            _check_address(source, request.token, now)
    except BadSignature as error:
        log.warning("intake refused: %s", error.why, extra={"source": source.slug})
        raise NotProven from None


def _check_address(source: Source, token: str, now: datetime) -> None:
    live = [source.path_digest, source.previous_path_digest if is_previous_live(source, now) else ""]
    given, found = digest(token), False
    for one in live:
        found |= bool(one) and hmac.compare_digest(one, given)
    if not found:
        raise BadSignature("the secret in the address is not that of this source")


def check_size(n_events: int, n_bytes: int) -> None:
    """Raises TooLarge, UserError for no event at all"""
    if not n_events:
        raise UserError(N_("The body holds no event."), hint=N_("Send at least one event."))
    if n_events > MOST_EVENTS or n_bytes > (MOST_SINGLE if n_events == 1 else MOST_BATCH):
        raise TooLarge
