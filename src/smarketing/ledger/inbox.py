"""Takes events into the inbox: each version of each event once, every event counted, in one durable transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from smarketing.failpoints import reach
from smarketing.ledger.inbox_rows import (
    COUNTS,
    Arrival,
    Delivery,
    NewRow,
    add_to_tally,
    execute,
    identity_of,
    insert_rows,
    stored_rows,
)
from smarketing.ledger.lock import in_turn

__all__ = ["Arrival", "Delivery", "Receipt", "take_in", "take_in_all"]
INBOX_TURN = "inbox.lock"
_INSISTED: WeakSet[Any] = WeakSet()  # connections to PostgreSQL that have been told; each is asked once
INBOX_LOCK = 7_236_612  # any number, the same in every process: PostgreSQL's advisory locks of sources


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: received = stored + duplicates + rejected; conflicts are among the stored.

    Whoever delivers the same again is given the receipt of the first time, as if nothing had happened since.
    """

    receipt: UUID
    received: int
    stored: int
    duplicates: int
    conflicts: int
    rejected: int
    is_repeat: bool = False


@dataclass(slots=True)
class Known:
    """What is here of the events of some deliveries, by (src, key): their identities, and receipts by digest."""

    identities: dict[tuple[str, str], int]
    versions: defaultdict[tuple[str, str], dict[str, tuple[UUID, bool]]]  # digest → receipt, is a conflict
    n_rows: defaultdict[int, int]  # by identity

    def turn_of(self, src: str, key: str) -> tuple[int, int]:
        """The identity of an event, and how many rows came before the one that is to be written."""
        identity = self.identities[src, key]
        self.n_rows[identity] += 1
        return identity, self.n_rows[identity] - 1


def take_in(
    events: Sequence[Arrival],
    now: datetime,
    *,
    headers: Mapping[str, str] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Receipt:
    """One delivery; when this returns outside a transaction its events survive the loss of power."""
    return take_in_all([Delivery(tuple(events), now, headers or {})], using=using)[0]


def take_in_all(deliveries: Sequence[Delivery], *, using: str = DEFAULT_DB_ALIAS) -> list[Receipt]:
    """All of them or none, in one transaction; the receipts in the same order."""
    insist_on_disk(using)
    reach("ingest.insert.before")
    with _turn(using), transaction.atomic(using=using):
        known = _known(deliveries, using)
        rows: list[NewRow] = []
        receipts = [_sorted_out(delivery, known, rows) for delivery in deliveries]
        insert_rows(rows, using)
        _count(deliveries, rows, using)
        reach("ingest.commit.before")
    reach("ingest.commit.after")
    return receipts


def insist_on_disk(using: str) -> None:
    """This connection's commits return once they are on the disk, whatever somebody configured to be faster.

    SQLite: synchronous=FULL syncs the write-ahead log at every commit. PostgreSQL: synchronous_commit is on, unless it
    is set to something stronger still.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        return  # whoever began the transaction answers for it
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        execute(connection, "PRAGMA synchronous=FULL")
    elif connection.connection not in _INSISTED:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
            )
        _INSISTED.add(connection.connection)


@contextmanager
def _turn(using: str) -> Iterator[None]:
    """Web processes stand in line: SQLite itself has whoever finds it busy try again later, and others are quicker."""
    connection = connections[using]
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or connection.in_atomic_block or not database.is_file():
        yield
        return
    with in_turn(database.parent, INBOX_TURN):
        yield


def _known(deliveries: Iterable[Delivery], using: str) -> Known:
    """The versions of these events that are here already. From here on nobody else adds to these sources."""
    events = {(event.src, event.key) for delivery in deliveries for event in delivery.events}
    for src in sorted({src for src, _ in events}):
        _hold(src, using)
    known = Known({event: identity_of(*event) for event in events}, defaultdict(dict), defaultdict(int))
    for row in stored_rows(set(known.identities.values()), using):
        known.versions[row.src, row.key][row.digest] = (row.receipt, row.is_conflict)
        known.n_rows[row.identity] = max(known.n_rows[row.identity], row.n_before + 1)
    return known


def _hold(src: str, using: str) -> None:
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:  # SQLite's transaction is immediate: nobody else is writing
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [INBOX_LOCK, src])


def _sorted_out(delivery: Delivery, known: Known, rows: list[NewRow]) -> Receipt:
    """Its receipt; what is new of it goes into `rows` and is known from then on."""
    own, earlier = uuid4(), set[UUID]()
    n_stored = n_duplicates = n_conflicts = n_rejected = 0
    for event in delivery.events:
        versions, digest = known.versions[event.src, event.key], event.digest
        if found := versions.get(digest):
            n_duplicates += 1
            earlier.add(found[0])
            continue
        is_conflict, is_rejected = bool(versions), bool(event.trouble)
        versions[digest] = (own, is_conflict)
        n_rejected += is_rejected
        n_stored += not is_rejected
        n_conflicts += is_conflict and not is_rejected
        rows.append(NewRow(event, *known.turn_of(event.src, event.key), digest, delivery, own, is_conflict))
    n = len(delivery.events)
    if len(earlier) == 1 and n_duplicates == n:
        return _first_time(delivery, known, earlier.pop())
    return Receipt(own, n, n_stored, n_duplicates, n_conflicts, n_rejected)


def _first_time(delivery: Delivery, known: Known, receipt: UUID) -> Receipt:
    """What whoever brought exactly this before was told."""
    versions = {(event.src, event.key, event.digest): event for event in delivery.events}
    n_rejected = sum(1 for event in versions.values() if event.trouble)
    n_conflicts = sum(
        known.versions[src, key][digest][1] and not versions[src, key, digest].trouble for src, key, digest in versions
    )
    n = len(delivery.events)
    return Receipt(receipt, n, len(versions) - n_rejected, n - len(versions), n_conflicts, n_rejected, is_repeat=True)


def _count(deliveries: Sequence[Delivery], rows: Sequence[NewRow], using: str) -> None:
    """Add to the tallies of the hours; under the same lock as the rows, so that no count is lost."""
    counts: dict[tuple[str, datetime], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    hours = {delivery.at: delivery.at.replace(minute=0, second=0, microsecond=0) for delivery in deliveries}
    for delivery in deliveries:
        for event in delivery.events:
            counts[event.src, hours[delivery.at]]["n_received"] += 1
    for row in rows:
        own, is_dead = counts[row.event.src, hours[row.delivery.at]], bool(row.event.trouble)
        own["n_rejected" if is_dead else "n_stored"] += 1
        own["n_conflict"] += row.is_conflict and not is_dead
    for (src, hour), own in sorted(counts.items()):
        own["n_duplicate"] = own["n_received"] - own["n_stored"] - own["n_rejected"]
        add_to_tally(src, hour, own, using)
