"""HTTP basic authentication, which is all that Pipedrive offers: a live secret is `user:password`."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime

from smarketing.sources.webhook.signatures.request import BadSignature, Signed


def check(request: Signed, live: Sequence[str], now: datetime) -> None:  # noqa: ARG001 — nothing here grows old
    """Nothing, when the request names one of the live secrets.

    Raises BadSignature
    """
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise BadSignature("there is no basic authentication")
    try:
        given = base64.b64decode(said.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the authentication is no base64") from None
    found = False
    for secret in live:
        found |= hmac.compare_digest(secret.encode(), given)
    if not found:
        raise BadSignature("user or password is not that of this source")
