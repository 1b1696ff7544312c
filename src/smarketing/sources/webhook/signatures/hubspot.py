"""HubSpot's signature, version 3: HMAC-SHA256 over method, address, body and milliseconds, in base64."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from smarketing.sources.webhook.signatures.request import BadSignature, Signed, check_is_recent

TIMESTAMP, SIGNATURE = "x-hubspot-request-timestamp", "x-hubspot-signature-v3"
DECODED = {f"%{ord(letter):02X}": letter for letter in ":/?@!$'()*,;"}
_CODE = re.compile("|".join(DECODED), re.IGNORECASE)


def check(request: Signed, live: Sequence[str], now: datetime) -> None:
    """Nothing, when one of the live client secrets signed exactly this.

    Raises BadSignature
    """
    said_at, said = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    if not (said_at and said):
        raise BadSignature("a header of the signature is missing")
    if not re.fullmatch(r"[0-9]{1,15}", said_at):
        raise BadSignature("the timestamp is not a number of milliseconds")
    check_is_recent(int(said_at) / 1_000, now)
    found = False
    for secret in live:
        expected = signature(secret, request.method, request.url, request.body, said_at)
        found |= hmac.compare_digest(expected.encode(), said.encode("utf-8", "replace"))
    if not found:
        raise BadSignature("no secret of this source made this signature")


def signature(secret: str, method: str, url: str, body: bytes, timestamp: str) -> str:
    """What HubSpot writes into `X-HubSpot-Signature-v3`."""
    address = _CODE.sub(lambda code: DECODED[code[0].upper()], url)
    signed = method.upper().encode() + address.encode() + body + timestamp.encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode("ascii")
