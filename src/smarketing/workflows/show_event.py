"""One event of the inbox as somebody may read it."""

from __future__ import annotations

import json

from smarketing.ledger.models import InboxRow
from smarketing.sources.rejection import redacted


def event_text(row: InboxRow, *, is_redacted: bool) -> str:
    """Its body, indented; addresses and telephone numbers hidden from whoever may not read them."""
    body = bytes(row.body)
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
    return redacted(text) if is_redacted else text
