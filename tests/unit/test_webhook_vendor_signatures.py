"""Signatures of HubSpot and Frappe and basic authentication: what holds, and everything that must not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smarketing.sources.webhook.signatures import basic_auth, frappe, hubspot
from smarketing.sources.webhook.signatures.request import BadSignature, Signed

NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
MS = str(int(NOW.timestamp() * 1_000))
BODY = '[{"eventId": 1, "propertyValue": "ñ"}]'.encode()
URL = "https://crm.example.org/in/hubspot%3Amain?a=%40b"
DECODED = "https://crm.example.org/in/hubspot:main?a=@b"


def _signed(secret: str = "s3cret", ms: str = MS) -> Signed:
    content = b"POST" + DECODED.encode() + BODY + ms.encode()
    said = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return Signed("POST", URL, {hubspot.TIMESTAMP: ms, hubspot.SIGNATURE: said}, BODY)


def test_hubspots_signature_holds_with_either_live_secret() -> None:
    hubspot.check(_signed(), ["new", "s3cret"], NOW)
    hubspot.check(_signed(), ["s3cret"], NOW + timedelta(seconds=299))


@pytest.mark.parametrize(
    "request_",
    [
        _signed("other"),
        replace(_signed(), body=BODY + b" "),
        replace(_signed(), method="PUT"),
        replace(_signed(), url=URL + "&c"),
        replace(_signed(), headers={}),
        replace(_signed(), headers={**_signed().headers, hubspot.TIMESTAMP: "now"}),
        replace(_signed(), headers={**_signed().headers, hubspot.TIMESTAMP: MS[:-1] + "1"}),
        replace(_signed(), headers={**_signed().headers, hubspot.SIGNATURE: "ñ"}),
        _signed(ms=str(int(MS) - 301_000)),
        _signed(ms=str(int(MS) + 301_000)),
    ],
)
def test_hubspots_signature_refuses(request_: Signed) -> None:
    with pytest.raises(BadSignature):
        hubspot.check(request_, ["s3cret"], NOW)


def _basic(text: str) -> Signed:
    return Signed("POST", URL, {"authorization": text}, BODY)


def test_basic_authentication() -> None:
    right = base64.b64encode("ana:pässword".encode()).decode()
    basic_auth.check(_basic(f"Basic {right}"), ["old:one", "ana:pässword"], NOW)
    for wrong in ("", "Bearer x", "Basic ?", "Basic " + base64.b64encode(b"ana:no").decode()):
        with pytest.raises(BadSignature):
            basic_auth.check(_basic(wrong), ["ana:pässword"], NOW)


def test_frappes_signature_is_over_the_body() -> None:
    said = base64.b64encode(hmac.new(b"s3cret", BODY, hashlib.sha256).digest()).decode()
    request = Signed("POST", URL, {frappe.SIGNATURE: said}, BODY)
    frappe.check(request, ["old", "s3cret"], NOW)
    for wrong in (
        replace(request, body=b"{}"),
        replace(request, headers={}),
        replace(request, headers={frappe.SIGNATURE: ""}),
    ):
        with pytest.raises(BadSignature):
            frappe.check(wrong, ["s3cret"], NOW)
