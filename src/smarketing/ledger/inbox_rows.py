"""New rows of the inbox as statements of the database: a sender waits meanwhile, and the model layer takes its time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connections

from smarketing.ledger.models import RowState

COLUMNS = (
    *("src", "key", "body_digest", "body", "headers", "receipt", "occurred_at", "received_at"),
    *("state", "is_conflict", "n_tries", "needs", "trouble"),
)
COUNTS = ("n_received", "n_stored", "n_duplicate", "n_rejected", "n_conflict")
INSERT = f"INSERT INTO ledger_inbox ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
COPY = f"COPY ledger_inbox ({', '.join(COLUMNS)}) FROM STDIN"
ADD = (
    f"INSERT INTO ledger_inboxtally AS own (src, hour_at, n_dead, {', '.join(COUNTS)})"
    f" VALUES (%s, %s, 0{', %s' * len(COUNTS)}) ON CONFLICT (src, hour_at) DO UPDATE SET "
    + ", ".join(f"{name} = own.{name} + excluded.{name}" for name in COUNTS)
)
FEW = 20  # rows up to which COPY does not pay


@dataclass(frozen=True)
class Arrival:
    """One event as a source sent it; `trouble` is why it can never become a fact: it is kept, and dead."""

    src: str
    key: str
    body: bytes
    occurred_at: datetime | None = None
    trouble: Mapping[str, Any] | None = None

    @cached_property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Delivery:
    """The events of one request and the few of its headers that help to find it again."""

    events: tuple[Arrival, ...]
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewRow:
    """One version of an event that was not here before, and who brought it."""

    event: Arrival
    digest: str
    delivery: Delivery
    receipt: UUID
    is_conflict: bool


def versions_of(src: str, keys: Collection[str], using: str) -> Iterator[tuple[str, str, UUID, bool]]:
    """Key, digest, receipt and whether it is a conflict, of every version of these events that is here."""
    is_server = connections[using].vendor == "postgresql"
    among = "= ANY(%s)" if is_server else "IN (SELECT value FROM json_each(%s))"
    asked = f"SELECT key, body_digest, receipt, is_conflict FROM ledger_inbox WHERE src = %s AND key {among}"
    with connections[using].cursor() as cursor:
        cursor.execute(asked, [src, list(keys) if is_server else json.dumps(list(keys))])
        for key, digest, receipt, is_conflict in cursor.fetchall():
            yield key, digest, receipt if is_server else UUID(hex=receipt), bool(is_conflict)


def insert_rows(rows: Sequence[NewRow], using: str) -> None:
    """All of them, unless one is there already: then IntegrityError, and none."""
    connection = connections[using]
    is_server = connection.vendor == "postgresql"
    at = connection.ops.adapt_datetimefield_value
    values = [_values(row, at, is_server=is_server) for row in rows]
    if not values:
        return
    with connection.cursor() as cursor:
        if not is_server or len(values) <= FEW:
            cursor.executemany(INSERT, values)
            return
        with connection.wrap_database_errors, cursor.copy(COPY) as copy:
            for each in values:
                copy.write_row(each)


def _values(row: NewRow, at: Any, *, is_server: bool) -> tuple[Any, ...]:
    event = row.event
    return (
        event.src,
        event.key,
        row.digest,
        event.body,
        json.dumps(dict(row.delivery.headers)),
        row.receipt if is_server else row.receipt.hex,
        at(event.occurred_at),
        at(row.delivery.at),
        str(RowState.DEAD if event.trouble else RowState.WAITING),
        row.is_conflict,
        0,
        "",
        None if event.trouble is None else json.dumps(event.trouble),
    )


def add_to_tally(src: str, hour: datetime, counts: Mapping[str, int], using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        at = connection.ops.adapt_datetimefield_value(hour)
        cursor.execute(ADD, [src, at, *(counts.get(name, 0) for name in COUNTS)])
