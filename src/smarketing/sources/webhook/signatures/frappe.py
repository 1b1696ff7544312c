"""Frappe's signature: HMAC-SHA256 over the body, in base64; it says nothing of when, so the key alone stops repeats."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime

from smarketing.sources.webhook.signatures.request import BadSignature, Signed

SIGNATURE = "x-frappe-webhook-signature"


def check(request: Signed, live: Sequence[str], now: datetime) -> None:  # noqa: ARG001 — no instant is signed
    """Nothing, when one of the live secrets signed exactly this body.

    Raises BadSignature
    """
    said = request.headers.get(SIGNATURE, "")
    if not said:
        raise BadSignature("the header of the signature is missing")
    found = False
    for secret in live:
        found |= hmac.compare_digest(signature(secret, request.body).encode(), said.encode("utf-8", "replace"))
    if not found:
        raise BadSignature("no secret of this source made this signature")


def signature(secret: str, body: bytes) -> str:
    """What Frappe writes into `X-Frappe-Webhook-Signature`."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode("ascii")
