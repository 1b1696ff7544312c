"""New rows of the inbox as statements of the database: a sender waits meanwhile, and the model layer takes its time."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet

from smarketing.ledger.models import InboxRow, RowState

COLUMNS = (
    *("src", "key", "identity", "n_before", "body_digest", "body", "headers", "receipt"),
    *("occurred_at", "received_at", "state", "is_conflict", "n_tries", "needs", "trouble"),
)
COUNTS = ("n_received", "n_stored", "n_duplicate", "n_rejected", "n_conflict")
INTO = f"INSERT INTO ledger_inbox ({', '.join(COLUMNS)}) VALUES "
INSERT = f"{INTO}({', '.join(['%s'] * len(COLUMNS))})"
COPY = f"COPY ledger_inbox ({', '.join(COLUMNS)}) FROM STDIN"
ADD = (
    f"INSERT INTO ledger_inboxtally AS own (src, hour_at, n_dead, {', '.join(COUNTS)})"
    f" VALUES (%s, %s, 0{', %s' * len(COUNTS)}) ON CONFLICT (src, hour_at) DO UPDATE SET "
    + ", ".join(f"{name} = own.{name} + excluded.{name}" for name in COUNTS)
)
ASK = "SELECT identity, n_before, src, key, body_digest, receipt, is_conflict FROM ledger_inbox WHERE identity"
FEW = 20  # rows up to which COPY does not pay
WAITING, DEAD = str(RowState.WAITING), str(RowState.DEAD)
AT_ONCE = 999 // len(COLUMNS)  # rows of one statement on SQLite; older ones take so many values


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as a source sent it; `trouble` is why it can never become a fact: it is kept, and dead."""

    src: str
    key: str
    body: bytes
    occurred_at: datetime | None = None
    trouble: Mapping[str, Any] | None = None

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Delivery:
    """The events of one request and the few of its headers that help to find it again."""

    events: tuple[Arrival, ...]
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


class NewRow(NamedTuple):
    """One version of an event that was not here before, and who brought it."""

    event: Arrival
    identity: int
    n_before: int
    digest: str
    delivery: Delivery
    receipt: UUID
    is_conflict: bool


class Stored(NamedTuple):
    """A row that is here already: `n_before` rows had its identity before it."""

    identity: int
    n_before: int
    src: str
    key: str
    digest: str
    receipt: UUID
    is_conflict: bool


def identity_of(src: str, key: str) -> int:
    """Source and key as a signed number of 64 bits; two events in some billions may share one."""
    return int.from_bytes(blake2b(f"{src}\n{key}".encode(), digest_size=8).digest(), "big", signed=True)


def stored_rows(identities: Collection[int], using: str) -> Iterator[Stored]:
    """Every row that has one of these identities, whichever event it is of."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"{ASK} = ANY(%s)", [list(identities)])
            yield from map(Stored._make, cursor.fetchall())
        return
    asked = f"{ASK} IN (SELECT value FROM json_each(?))"
    for row in map(Stored._make, execute(connection, asked, [json.dumps(list(identities))]).fetchall()):
        yield row._replace(receipt=UUID(hex=str(row.receipt)), is_conflict=bool(row.is_conflict))


def rows_of(src: str, keys: Collection[str]) -> QuerySet[InboxRow]:
    """Every version of these events of a source."""
    return InboxRow.objects.filter(identity__in=[identity_of(src, key) for key in keys], src=src, key__in=keys)


def execute(connection: Any, statement: str, values: Sequence[Any] = ()) -> Any:
    """On SQLite, by its driver alone: a sender waits, and every statement's way through Django takes longer than it."""
    with connection.wrap_database_errors:
        return connection.connection.execute(statement, values)


def insert_rows(rows: Sequence[NewRow], using: str) -> None:
    """All of them, unless one is there already: then IntegrityError, and none."""
    if not rows:
        return
    connection = connections[using]
    if connection.vendor == "postgresql":
        _insert_on_server(rows, connection)
        return
    values = [value for row in _values(rows, _as_text, is_server=False) for value in row]
    step = AT_ONCE * len(COLUMNS)
    for start in range(0, len(values), step):
        some = values[start : start + step]
        execute(connection, _insert_of(len(some) // len(COLUMNS)), some)


def _insert_on_server(rows: Sequence[NewRow], connection: Any) -> None:
    values = _values(rows, connection.ops.adapt_datetimefield_value, is_server=True)
    with connection.cursor() as cursor:
        if len(rows) <= FEW:
            cursor.executemany(INSERT, list(values))
            return
        with connection.wrap_database_errors, cursor.copy(COPY) as copy:
            for each in values:
                copy.write_row(each)


@lru_cache(maxsize=AT_ONCE)
def _insert_of(n: int) -> str:
    """One statement for n rows: the driver lets other threads in at each, and whoever computes is slow to leave."""
    return INTO + ", ".join([f"({', '.join('?' * len(COLUMNS))})"] * n)


def _as_text(at: datetime | None) -> str | None:
    """As Django writes an instant on SQLite, whose clock there is UTC."""
    return None if at is None else str(at.astimezone(UTC).replace(tzinfo=None))


def _values(rows: Sequence[NewRow], at: Callable[[Any], Any], *, is_server: bool) -> Iterator[tuple[Any, ...]]:
    """What is the same for all events of a delivery is made once for each run of them."""
    delivery: Delivery | None = None
    headers = receipt = received_at = None
    for row in rows:
        event = row.event
        if row.delivery is not delivery:
            delivery = row.delivery
            headers, received_at = json.dumps(dict(delivery.headers)), at(delivery.at)
            receipt = row.receipt if is_server else row.receipt.hex
        yield (
            event.src,
            event.key,
            row.identity,
            row.n_before,
            row.digest,
            event.body,
            headers,
            receipt,
            at(event.occurred_at),
            received_at,
            DEAD if event.trouble else WAITING,
            row.is_conflict,
            0,
            "",
            None if event.trouble is None else json.dumps(event.trouble),
        )


def add_to_tally(src: str, hour: datetime, counts: Mapping[str, int], using: str) -> None:
    connection = connections[using]
    added = [counts.get(name, 0) for name in COUNTS]
    if connection.vendor == "sqlite":
        execute(connection, ADD.replace("%s", "?"), [src, _as_text(hour), *added])
        return
    with connection.cursor() as cursor:
        cursor.execute(ADD, [src, connection.ops.adapt_datetimefield_value(hour), *added])
