"""Systems that post events, as our tests play them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from smarketing.records.models import Source
from smarketing.records.sealed import seal
from smarketing.sources.webhook.signatures.standard import ID, SIGNATURE, TIMESTAMP, new_secret, signature

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)  # when they post, unless they say otherwise


def a_source(slug: str = "crm", kind: str = "generic", **more: Any) -> tuple[Source, str]:
    """A source and the secret that it signs with."""
    secret = new_secret()
    said = {"name": slug.title(), "secret": seal(secret), "created_at": LONG_AGO} | more
    return Source.objects.create(slug=slug, kind=kind, **said), secret


def touched(n: int = 1, **more: Any) -> dict[str, Any]:
    """An event of the generic form, the n-th."""
    at = "2026-10-21T09:30:00Z"
    data = {"lead_id": f"L{n}", "kind": "call", "direction": "outbound"}
    return {"type": "touch.logged", "id": f"evt-{n}", "occurred_at": at, "data": data, **more}


def signed_headers(secret: str, body: bytes, name: str = "msg-1", at: datetime = NOW) -> dict[str, str]:
    moment = int(at.timestamp())
    return {ID: name, TIMESTAMP: str(moment), SIGNATURE: signature(secret, name, moment, body)}


def post(said: object, secret: str, slug: str = "crm", name: str = "msg-1", **headers: str) -> HttpResponse:
    """What the door answers to a signed request; `said` is JSON, or the bytes of a body."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signed = signed_headers(secret, body, name) | {key.replace("_", "-"): value for key, value in headers.items()}
    return Client().post(f"/in/{slug}", body, content_type="application/json", headers=signed)
