"""A system that sends events to a site: made on its page, and speaking for itself."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

from tests.browser.reader import Reader
from tests.web.senders import signed_headers


def makes_a_source(olu: Reader) -> str:
    """A source on its page; what it signs with is shown once."""
    page = olu.goes_to("/settings/sources/")
    page.locator("input[name=name]").fill("Form of the site")
    page.locator("input[name=slug]").fill("site-form")
    page.locator("select[name=kind]").select_option("generic")
    olu.clicks(page.locator("main form button[type=submit]").last)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page.content())
    assert found, page.inner_text("main")
    return found[0]


def clock_of(reader: Reader) -> datetime:
    """What time it is for the site."""
    return parsedate_to_datetime(reader.context.request.get(f"{reader.site.address}/health/live").headers["date"])


def posts(sender: Reader, secret: str, events: Sequence[dict[str, Any]]) -> None:
    """Events of the source that `makes_a_source` made, signed."""
    body = json.dumps({"events": list(events)}).encode()
    headers = signed_headers(secret, body, f"msg-{uuid4()}", clock_of(sender)) | {"content-type": "application/json"}
    answer = sender.context.request.post(f"{sender.site.address}/in/site-form", data=body, headers=headers)
    assert answer.status == 202, answer.text()


def posts_a_lead(sender: Reader, secret: str, lead_id: str) -> None:
    """A lead of one of the company's owners, at this moment on the site's clock."""
    owner = {"owner_id": "u-1", "name": "Rosa Form", "team": "Iberia"}
    lead = {"lead_id": lead_id, "person_key": f"{lead_id}@example.com", "lifecycle": "mql", "owner_id": "u-1"}
    now = clock_of(sender).isoformat()
    said = [
        {"type": kind, "id": f"{lead_id}-{kind}", "occurred_at": now, "data": data}
        for kind, data in (("owner.updated", owner), ("lead.created", lead | {"channel": "organic"}))
    ]
    posts(sender, secret, said)
