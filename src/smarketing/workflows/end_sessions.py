"""Sign a person out: everywhere, or in one browser."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.records.sessions import forget_sessions


def end_sessions(*, of: Person, by: Person, now: datetime, session_key: str = "") -> int:
    """How many browsers were signed out; `session_key` names the only one that is."""
    with one_write(verb="end_sessions", by=by, now=now) as write:
        n = forget_sessions(of, session_key)
        write.about(of, n_sessions=n)
    return n
