"""Slack's incoming webhooks: blocks of plain text, so that no name of a lead can mention a channel or make a link."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from smarketing.alerts.channels.answers import posted
from smarketing.alerts.message import Message, Outcome

SPACING = timedelta(seconds=1)  # what one address takes
HEADER, TEXT, BUTTON, MOST_FACTS, MOST_PARTS = 150, 3_000, 75, 10, 20


def send(message: Message, url: str, *, hosts: Collection[str], now: datetime) -> Outcome:
    body = json.dumps(body_of(message), ensure_ascii=False).encode()
    return posted(url, body, {"content-type": "application/json; charset=utf-8"}, hosts=hosts, now=now)


def body_of(message: Message) -> dict[str, Any]:
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""
    return {"text": _escaped(_cut(message.subject, TEXT)), "blocks": list(_blocks(message))}


def _blocks(message: Message) -> Iterator[dict[str, Any]]:
    yield {"type": "header", "text": _plain(message.subject, HEADER)}
    if message.lines:
        yield {"type": "section", "text": _plain("\n".join(message.lines), TEXT)}
    if message.facts:
        told = "\n".join(f"{name}: {value}" for name, value in message.facts[:MOST_FACTS])
        yield {"type": "section", "text": _plain(told, TEXT)}
    for part in message.parts[:MOST_PARTS]:
        yield {"type": "section", "text": _plain("• " + " ".join([part.subject, *part.lines[:1]]), TEXT)}
    if message.links:
        buttons = [
            {"type": "button", "text": _plain(link.text, BUTTON), "url": link.url, "action_id": f"link_{number}"}
            for number, link in enumerate(message.links[:1])
        ]
        yield {"type": "actions", "elements": buttons}
    if message.note:
        yield {"type": "context", "elements": [_plain(message.note, TEXT)]}


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _cut(text, most) or "–", "emoji": False}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
