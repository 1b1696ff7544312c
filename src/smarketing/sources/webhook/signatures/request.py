"""A request as it came in, before anybody parsed it, and the one answer to a signature that does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

WINDOW_S = 300  # how old, or how far ahead, a signed instant may be


class BadSignature(Exception):
    """Nobody with the secret sent this. `why` is for our own log; the sender is not told."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature is over.

    Takes   url      as the sender wrote it, with scheme, host and query
            headers  names in lower case
            body     as it came, before it was inflated or parsed
            token    the secret part of the address, empty where there is none
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    token: str = ""


def check_is_recent(seconds: float, now: datetime) -> None:
    """Raises BadSignature outside the window, which is as long ahead as behind."""
    if not abs(now.timestamp() - seconds) <= WINDOW_S:
        raise BadSignature("the signed instant is not within five minutes of now")
