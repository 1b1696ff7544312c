"""A room of Slack: what a message says there and where its button leads."""

from __future__ import annotations

from typing import Any

import pytest
from tests.receivers import Listener
from tests.rooms import LEAD, a_message, sent_to
from tests.unit.test_send_notices import NOW, an_endpoint, listener, posted, state, sweep

from smarketing.alerts.channels import slack
from smarketing.alerts.message import Message, Sent
from smarketing.records.outbox import Lane

__all__ = ["listener"]
pytestmark = pytest.mark.django_db


def texts(said: Any) -> list[str]:
    """What its blocks say, but for the button."""
    plain = [text for block in said["blocks"] for text in (block.get("text"), *block.get("elements", ()))]
    return [text["text"] for text in plain if text and text["type"] == "plain_text"]


def buttons(said: Any) -> list[tuple[str, str]]:
    """What stands on them, and where they lead."""
    found = [each for block in said["blocks"] for each in block.get("elements", ()) if each["type"] == "button"]
    return [(each["text"]["text"], each["url"]) for each in found]


def test_a_message_arrives_as_blocks_of_plain_text_with_one_button(listener: Listener) -> None:
    listener.script["/hook"] = ["200"]
    assert sent_to(slack, listener, a_message()) == Sent()
    (post,) = listener.posts
    assert post.headers["content-type"] == "application/json; charset=utf-8"
    assert post.said["text"] == "Señal *tarde*", "what a telephone shows of it"
    assert texts(post.said) == [
        "Señal *tarde*",
        "A lead waits.",
        "Owner: Rita",
        "• L-2 is late By an hour.",
        "You own it.",
    ]
    kinds = [block["type"] for block in post.said["blocks"]]
    assert kinds == ["header", "section", "section", "section", "actions", "context"]
    assert buttons(post.said) == [("Open the lead", LEAD)]
    assert "Señal".encode() in post.body


def test_a_notice_arrives_by_way_of_the_sender(listener: Listener) -> None:
    notice = posted(an_endpoint(listener, "slack", language="es"), 7)
    sweep(Lane("", notice.endpoint_id))
    (post,) = listener.posts
    assert state(notice)[0] == "sent" and "L-7" in post.said["text"] and "L-7" in " ".join(texts(post.said))
    ((text, url),) = buttons(post.said)
    assert text == "Abrir el lead" and url.startswith("http") and "/leads/crm/L-7/" in url
    assert texts(post.said)[0] == post.said["text"] and "Rita" in " ".join(texts(post.said))


def test_what_is_too_long_for_slack_is_cut_where_slack_would_refuse_it() -> None:
    said = slack.body_of(Message("1", "breach", "x" * 200, "en", NOW, ("y" * 4_000,)))
    header, section = texts(said)
    assert (len(header), header[-1], len(section), section[-1]) == (150, "…", 3_000, "…")
    assert (said["text"], buttons(said)) == ("x" * 200, [])


def test_a_digest_of_many_keeps_within_fifty_blocks() -> None:
    parts = tuple(Message(str(n), "breach", f"L-{n} is late", "en", NOW) for n in range(60))
    said = slack.body_of(Message("1", "digest", "60 leads", "en", NOW, ("They wait.",), parts=parts))
    assert texts(said)[2:] == [f"• L-{n} is late" for n in range(20)] and len(said["blocks"]) <= 50
