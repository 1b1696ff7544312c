"""Which secrets of a source hold now, and when it was last heard of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import Q

from smarketing.records.models import Source
from smarketing.records.sealed import unsealed

NOTE_EVERY = timedelta(seconds=10)
log = logging.getLogger("smarketing.intake")


def live_secrets(source: Source, now: datetime) -> list[str]:
    """The secret, and for a day after a rotation the one before it."""
    sealed = [source.secret, source.previous_secret if is_previous_live(source, now) else ""]
    return [unsealed(one) for one in sealed if one]


def is_previous_live(source: Source, now: datetime) -> bool:
    return source.previous_until_at is not None and now < source.previous_until_at


def note_use(source: Source, now: datetime) -> None:
    """At most every few seconds; what was acknowledged does not depend on it."""
    if source.last_received_at is not None and now - source.last_received_at < NOTE_EVERY:
        return
    stale = Q(last_received_at=None) | Q(last_received_at__lt=now - NOTE_EVERY)
    source.last_received_at = now  # of all who share what is known of it, one writes
    try:
        with on_a_sound_connection():
            Source.objects.filter(stale, id=source.id).update(last_received_at=now)
    except DatabaseError:
        log.warning("intake could not note its use", extra={"source": source.slug}, exc_info=True)


@contextmanager
def on_a_sound_connection() -> Iterator[None]:
    """Nobody else looks at this thread's connection before its request, or gives it back to others after it."""
    _let_go_if_old()
    try:
        yield
    finally:
        _let_go_if_old()


def _let_go_if_old() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
