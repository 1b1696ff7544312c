"""The one door through which anything is written: a transaction that leaves exactly one event, chained to the last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model

from smarketing.failpoints import reach
from smarketing.records.models import Event, Person
from smarketing.terms.marked import N_

ORIGIN = "0" * 64
CHAIN_LOCK = 7_236_611  # any number, the same in every process: PostgreSQL's advisory lock of the chain


@dataclass
class Write:
    """What the event will say; a workflow fills it in before its block ends."""

    verb: str
    by: Person | None
    now: datetime
    object_kind: str = ""
    object_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def about(self, thing: Model | str, object_id: object = None, **detail: Any) -> None:
        """The event is about this record (or kind and id); further facts of it go into `detail`, as JSON."""
        if isinstance(thing, Model):
            self.object_kind, self.object_id = str(thing._meta.model_name), str(thing.pk)
        else:
            self.object_kind, self.object_id = thing, str(object_id)
        self.detail |= detail


@contextmanager
def one_write(*, verb: str, by: Person | None, now: datetime) -> Iterator[Write]:
    """One transaction and one event about it: both are there, or neither.

    Takes    verb  the workflow's name: sign_agreement
             by    who does it; None for the machine itself
    Yields   the Write; call its `about` once the thing has an id
    """
    with transaction.atomic():
        write = Write(verb, by, now)
        yield write
        reach("audit.append.before")
        _add(write)
        reach("audit.append.after")


def hold_chain() -> None:
    """From here to the end of the transaction nobody else writes; for what must look before it writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # SQLite's transaction is immediate: nobody else is writing
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _add(write: Write) -> None:
    hold_chain()
    latest = Event.objects.order_by("-seq").values_list("seq", "digest").first()
    seq, previous = (latest[0] + 1, latest[1]) if latest else (1, ORIGIN)
    event = Event(
        seq=seq,
        at=write.now,
        by=write.by,
        actor=write.by.email if write.by else "",
        verb=write.verb,
        object_kind=write.object_kind,
        object_id=write.object_id,
        detail=json.loads(json.dumps(write.detail, default=str)),
        previous=previous,
    )
    event.digest = digest_of(event)
    event.save()


def digest_of(event: Event) -> str:
    """SHA-256 over everything the row says and the digest before it."""
    said = [
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.by_id,
        event.actor,
        event.verb,
        event.object_kind,
        event.object_id,
        event.detail,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


WHYS = (N_("altered"), N_("missing"), N_("unchained"), N_("cut off"), N_("rewritten"))


@dataclass(frozen=True, slots=True)
class ChainFault:
    seq: int
    why: str  # one of WHYS


def chain_faults(using: str = DEFAULT_DB_ALIAS) -> Iterator[ChainFault]:
    """Every place at which the chain of events does not hold, in order; nothing when it is whole."""
    seq, previous = 0, ORIGIN
    for event in Event.objects.using(using).order_by("seq").iterator(chunk_size=2_000):
        if event.seq != seq + 1:
            yield ChainFault(seq + 1, "missing")
        elif event.previous != previous:
            yield ChainFault(event.seq, "unchained")
        if event.digest != digest_of(event):
            yield ChainFault(event.seq, "altered")
        seq, previous = event.seq, event.digest


def head() -> tuple[int, str]:
    """Number and digest of the latest event: kept elsewhere, they show later whether the tail was cut off."""
    return Event.objects.order_by("-seq").values_list("seq", "digest").first() or (0, ORIGIN)
