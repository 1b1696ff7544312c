"""Which request the lines of the log belong to."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_id(asked: str = "") -> str:
    """The id a proxy gave, when it looks like one; else a new one."""
    return asked if WELL_FORMED.fullmatch(asked) else secrets.token_hex(8)
