"""Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, a list of signatures, so that secrets can be changed.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from smarketing.sources.webhook.signatures.request import BadSignature, Signed, check_is_recent

PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
MOST_SIGNATURES = 10
N_BYTES = 32


def new_secret() -> str:
    """`whsec_` and the key in base64, as libraries of the standard take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(N_BYTES)).decode("ascii")


def check(request: Signed, live: Sequence[str], now: datetime) -> None:
    """Nothing, when one of the live secrets signed exactly this.

    Raises BadSignature
    """
    said_id, said_at, said = (request.headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not (said_id and said_at and said):
        raise BadSignature("a header of the signature is missing")
    if not re.fullmatch(r"[0-9]{1,12}", said_at):
        raise BadSignature("the timestamp is not a number of seconds")
    check_is_recent(int(said_at), now)
    given = [text for version, _, text in (one.partition(",") for one in said.split(" ")) if version == "v1"]
    if len(given) > MOST_SIGNATURES:
        raise BadSignature("there are too many signatures")
    expected = [_digest(secret, f"{said_id}.{said_at}.".encode() + request.body) for secret in live]
    if not _is_any_equal(expected, [_bytes(text) for text in given]):
        raise BadSignature("no secret of this source made this signature")


def signature(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """What a sender writes into `webhook-signature`."""
    digest = _digest(secret, f"{webhook_id}.{timestamp}.".encode() + body)
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def _is_any_equal(expected: Sequence[bytes], given: Sequence[bytes]) -> bool:
    """Each pair is compared to its end, so that the time taken says nothing."""
    found = False
    for one in expected:
        for other in given:
            found |= hmac.compare_digest(one, other)
    return found


def _digest(secret: str, content: bytes) -> bytes:
    return hmac.digest(_key(secret), content, "sha256")


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def _bytes(text: str) -> bytes:
    """The signature; nothing equals what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
