"""One message in the words of its reader, before it is put into the form of a channel; and how sending it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the notice's: the same for every try of the same message.

    Takes    lines      sentences, the first says what happened
             facts      names and values beside them
             links      what can be done; the first is what one usually does
             note       why the reader gets it
             tone       good, bad, open or empty
             data       the same for programs
             stop_link  ends mail of this kind, where it may be ended
    """

    key: str
    occasion: str
    subject: str
    language: str
    created_at: datetime
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Message, ...] = ()
    note: str = ""
    tone: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    stop_link: str = ""
    stop_text: str = ""
    chart: bytes = b""
    chart_text: str = ""
    is_possible_duplicate: bool = False
    replay_of: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It has not, or has not said so: `is_ambiguous` where it may have it nevertheless.

    `is_way_broken`: nothing else gets through this way now; otherwise it is about this message or reader alone.
    """

    code: str
    wait: timedelta | None = None
    is_ambiguous: bool = False
    is_way_broken: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """It never will. `is_dead`: nobody can be reached at the address."""

    code: str
    is_dead: bool = False


Outcome = Sent | Retry | Refused
