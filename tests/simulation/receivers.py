"""A mail server and a program that take messages, or not, or take them and do not say so."""

from __future__ import annotations

import json
import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from tests.simulation.stories import LONG

from smarketing.alerts.channels import email, webhook
from smarketing.alerts.message import Outcome, Refused, Retry, Sent
from smarketing.failpoints import reach

if TYPE_CHECKING:
    from tests.simulation.world import World

BEHAVIOURS = ("slow", "4xx", "5xx", "hang", "lost")


@dataclass
class Receivers:
    """`came` counts each message by its id; `excused` how often it may have come once more."""

    world: World
    moods: tuple[str, ...] = ("ok",)
    came: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    unmarked: str = ""

    @classmethod
    def drawn(cls, world: World) -> Receivers:
        dice = world.dice["faults"]
        n_fine = 3 if world.size is LONG else 1  # few messages leave a short world
        return cls(world, (*("ok",) * n_fine, *dice.sample(BEHAVIOURS, dice.randint(0, 3))))

    def mood(self) -> str:
        mood = "ok" if self.world.is_calm else self.world.dice["faults"].choice(self.moods)
        if mood != "ok":
            self.world.tell(f"receiver_{mood}")
        return mood

    def take(self, name: str, mood: str) -> None:
        """The message is here; whoever sent it may never hear of that, or may not live to write it down."""
        self.came[name] += 1
        self.world.note("received", name)
        if mood == "lost":
            self.excused[name] += 1
        else:
            self.unmarked = name
        reach("receiver.took")

    def excuse(self) -> None:
        """Something went wrong: what came and was not marked yet may come once more."""
        if self.unmarked:
            self.excused[self.unmarked] += 1
            self.unmarked = ""

    @contextmanager
    def listening(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(email, "get_connection", lambda: Server(self)))
            stack.enter_context(mock.patch.object(webhook, "posted", self.posted))
            yield

    def posted(self, _url: str, body: bytes, headers: dict[str, str], **_: object) -> Outcome:
        mood, name = self.mood(), f"hook {headers['webhook-id']}"
        assert json.loads(body)["data"]["id"] == headers["webhook-id"]
        if mood == "4xx":
            return Refused("http_422")
        if mood in ("5xx", "hang"):
            return Retry("http_503" if mood == "5xx" else "timeout")
        self.take(name, mood)
        return Retry("timeout", is_ambiguous=True) if mood == "lost" else Sent()


class Server:
    """What Django sends mail through, for one message."""

    def __init__(self, receivers: Receivers) -> None:
        self.receivers, self.mood = receivers, receivers.mood()
        self.connection = SimpleNamespace(is_dotted=False)

    def open(self) -> None:
        if self.mood == "hang":
            raise TimeoutError("no greeting")

    def close(self) -> None:
        pass

    def send_messages(self, mails: list[Any]) -> int:
        for mail in mails:
            if self.mood in ("4xx", "5xx"):
                refusal = (451, b"4.7.1 later") if self.mood == "4xx" else (550, b"5.7.1 no")
                raise smtplib.SMTPRecipientsRefused({mail.to[0]: refusal})
            self.connection.is_dotted = True
            assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
            self.receivers.take(f"mail {mail.extra_headers['Message-ID']}", self.mood)
            if self.mood == "lost":
                raise smtplib.SMTPServerDisconnected("gone before 250")
        return len(mails)
