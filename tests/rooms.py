"""A message with everything in it that a chat room may be told."""

from __future__ import annotations

from typing import Any

from tests.receivers import Listener
from tests.unit.test_send_notices import NOW

from smarketing.alerts.message import Link, Message, Outcome

LEAD, SNOOZE = "https://sla.example/leads/1", "https://sla.example/snooze"


def a_message() -> Message:
    part = Message("2", "breach", "L-2 is late", "it", NOW, ("By an hour.", "And more."))
    lines, facts, links = (
        ("A lead waits.",),
        (("Owner", "Rita"),),
        (Link("Open the lead", LEAD), Link("Put off", SNOOZE)),
    )
    return Message("1", "digest", "Señal *tarde*", "it", NOW, lines, facts, links, (part,), "You own it.")


def sent_to(channel: Any, listener: Listener, message: Message) -> Outcome:
    """What became of it; the listener has what arrived."""
    outcome: Outcome = channel.send(message, listener.url(), hosts=[f"127.0.0.1:{listener.port}"], now=NOW)
    return outcome
