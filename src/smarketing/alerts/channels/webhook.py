"""Another program: JSON, signed as Standard Webhooks 1.0 says, by every secret that is live."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from smarketing.alerts.channels.answers import posted
from smarketing.alerts.message import Message, Outcome
from smarketing.sources.webhook.signatures import standard


def send(message: Message, url: str, secrets: Sequence[str], *, hosts: Collection[str], now: datetime) -> Outcome:
    """The id is the notice's at every try; the timestamp is of this try, the one inside of the notice."""
    body = json.dumps(body_of(message), ensure_ascii=False, separators=(",", ":")).encode()
    at = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        standard.ID: message.key,
        standard.TIMESTAMP: str(at),
        standard.SIGNATURE: " ".join(standard.signature(secret, message.key, at, body) for secret in secrets),
    }
    return posted(url, body, headers, hosts=hosts, now=now)


def body_of(message: Message) -> dict[str, Any]:
    said = {
        "id": message.key,
        "language": message.language,
        "subject": message.subject,
        "text": list(message.lines),
        "url": message.links[0].url if message.links else None,
        "is_possible_duplicate": message.is_possible_duplicate,
        "replay_of": message.replay_of or None,
        **message.data,
    }
    if message.parts:
        said["parts"] = [body_of(part)["data"] for part in message.parts]
    created = message.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"type": f"notice.{message.occasion}", "timestamp": created, "data": said}
