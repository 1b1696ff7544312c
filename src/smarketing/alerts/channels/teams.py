"""Workflows of Microsoft Teams: an Adaptive Card made of text runs, in which nothing is read as Markdown."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from smarketing.alerts.channels.answers import posted
from smarketing.alerts.message import Message, Outcome

SPACING = timedelta(seconds=1)
TEXT, MOST_FACTS, MOST_PARTS = 3_000, 10, 20
COLOURS = {"good": "good", "bad": "attention", "open": "warning"}


def send(message: Message, url: str, *, hosts: Collection[str], now: datetime) -> Outcome:
    body = json.dumps(body_of(message), ensure_ascii=False).encode()
    return posted(url, body, {"content-type": "application/json; charset=utf-8"}, hosts=hosts, now=now)


def body_of(message: Message) -> dict[str, Any]:
    """https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams"""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": message.language,
        "body": list(_body(message)),
        "actions": [{"type": "Action.OpenUrl", "title": link.text, "url": link.url} for link in message.links[:1]],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _body(message: Message) -> Iterator[dict[str, Any]]:
    yield _run(message.subject, weight="bolder", size="medium", color=COLOURS.get(message.tone, "default"))
    for line in message.lines:
        yield _run(line)
    for name, value in message.facts[:MOST_FACTS]:
        yield _run(f"{name}: {value}", isSubtle=True)
    for part in message.parts[:MOST_PARTS]:
        yield _run("• " + " ".join([part.subject, *part.lines[:1]]))
    if message.note:
        yield _run(message.note, isSubtle=True, size="small")


def _run(text: str, **looks: object) -> dict[str, Any]:
    cut = text if len(text) <= TEXT else text[: TEXT - 1] + "…"
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": cut, **looks}]}
