"""The inbox: each version of each event once, every event counted, all in one transaction; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.databases import Database

from smarketing.ledger.group_commit import Full, GroupCommit, Slow
from smarketing.ledger.inbox import Arrival, Delivery, Receipt, take_in, take_in_all
from smarketing.ledger.models import InboxRow, InboxTally

NOW = datetime(2026, 10, 21, 15, 30, tzinfo=UTC)


def event(key: str = "one", body: bytes = b'{"n": 1}', src: str = "crm", **more: Any) -> Arrival:
    return Arrival(src, key.rjust(64, "0"), body, **more)


def rows(database: Database) -> Any:
    return InboxRow.objects.using(database.alias)


def counts(database: Database, src: str = "crm") -> list[tuple[int, ...]]:
    names = ("n_received", "n_stored", "n_duplicate", "n_rejected", "n_conflict")
    return list(InboxTally.objects.using(database.alias).filter(src=src).order_by("hour_at").values_list(*names))


@pytest.fixture
def group(each_database: Database, django_db_blocker: Any) -> Any:
    """Requests of many threads, each with a connection of its own that ends with it."""
    with django_db_blocker.unblock():
        yield GroupCommit(lambda deliveries: take_in_all(deliveries, using=each_database.alias), each_database.alias)


def at_once(group: GroupCommit, deliveries: Sequence[Delivery]) -> list[Receipt]:
    def one(delivery: Delivery) -> Receipt:
        try:
            return group.commit(delivery)
        finally:
            connections[group.using].close()

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, deliveries))


def test_c01_the_same_delivery_100_times_at_once_is_one_row_and_one_answer(
    each_database: Database, group: GroupCommit
) -> None:
    receipts = at_once(group, [Delivery((event(),), NOW)] * 100)
    assert len({(r.receipt, r.received, r.stored, r.duplicates, r.conflicts) for r in receipts}) == 1
    assert rows(each_database).count() == 1
    assert counts(each_database) == [(100, 1, 99, 0, 0)]


def test_a_crowd_of_threads_writes_on_one_connection(each_database: Database, group: GroupCommit) -> None:
    group.shares, own = True, list[Any]()

    def one(number: int) -> Receipt:
        receipt = group.commit(Delivery((event(str(number)),), NOW))
        own.append(connections[group.using].connection)
        connections[group.using].close()
        return receipt

    with ThreadPoolExecutor(20) as pool:
        assert sum(receipt.stored for receipt in pool.map(one, range(60))) == 60
    assert group._shared is not None and group._shared.connection is not None
    group._shared.close()
    assert set(own) == {None} and rows(each_database).count() == 60


def test_c02_another_body_under_the_same_key_is_kept_and_flagged(each_database: Database) -> None:
    first = take_in([event()], NOW, using=each_database.alias)
    other = take_in([event(body=b'{"n": 2}')], NOW, using=each_database.alias)
    assert (first.conflicts, other.stored, other.conflicts) == (0, 1, 1)
    assert list(rows(each_database).values_list("is_conflict", "state")) == [(False, "waiting"), (True, "waiting")]
    again = take_in([event(body=b'{"n": 2}')], NOW, using=each_database.alias)
    assert (again.receipt, again.conflicts, again.is_repeat) == (other.receipt, 1, True)


def test_c20_received_is_stored_and_duplicate_and_rejected_for_each_hour(each_database: Database) -> None:
    batch = [event(str(n)) for n in range(5)] + [event("0"), event("x", trouble={"code": "not_json"})]
    receipt = take_in(batch, NOW, using=each_database.alias)
    assert (receipt.received, receipt.stored, receipt.duplicates, receipt.rejected) == (7, 5, 1, 1)
    take_in([*batch, event("new")], NOW + timedelta(hours=1), using=each_database.alias)
    assert counts(each_database) == [(7, 5, 1, 1, 0), (8, 1, 7, 0, 0)]
    assert rows(each_database).filter(state="dead").get().trouble == {"code": "not_json"}


def test_the_same_batch_again_is_answered_as_the_first_time(each_database: Database) -> None:
    batch = [event("a"), event("a"), event("b"), event("c", trouble={"code": "not_json"})]
    first = take_in(batch, NOW, using=each_database.alias)
    again = take_in(batch, NOW + timedelta(days=3), using=each_database.alias)
    told = ("receipt", "received", "stored", "duplicates", "conflicts", "rejected")
    assert [getattr(first, name) for name in told] == [getattr(again, name) for name in told]


def test_sources_do_not_share_keys(each_database: Database) -> None:
    take_in([event(), event(src="other")], NOW, using=each_database.alias)
    assert rows(each_database).count() == 2
    assert counts(each_database) == counts(each_database, "other") == [(1, 1, 0, 0, 0)]


def test_two_events_of_one_identity_are_two_events(each_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.ledger.inbox.identity_of", lambda *_: -7)
    take_in([event("a"), event("b")], NOW, using=each_database.alias)
    later = take_in([event("b"), event("c"), event("a", b"2"), event("a", src="other")], NOW, using=each_database.alias)
    assert (later.stored, later.duplicates, later.conflicts) == (3, 1, 1)
    found = rows(each_database).order_by("id").values_list("identity", "n_before", "is_conflict")
    assert list(found) == [(-7, n, n == 3) for n in range(5)]


def test_the_database_itself_refuses_a_row_at_a_turn_that_is_taken(each_database: Database) -> None:
    take_in([event()], NOW, using=each_database.alias)
    row = rows(each_database).get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic(using=each_database.alias):
        row.save(using=each_database.alias, force_insert=True)


def test_rows_of_an_earlier_version_are_known_again(each_database: Database) -> None:
    batch = [event("a"), event("b"), event("a", b"2"), event("a", src="other"), event("a", b"3")]
    first = take_in(batch, NOW, using=each_database.alias)
    before = list(rows(each_database).order_by("id").values_list("key", "src", "identity", "n_before"))
    for name in ("0008_holders", "0009_identities"):
        MigrationExecutor(connections[each_database.alias]).migrate([("ledger", name)])
    assert list(rows(each_database).order_by("id").values_list("key", "src", "identity", "n_before")) == before
    assert [turn for *_, turn in before] == [0, 0, 1, 0, 2]
    assert take_in(batch, NOW, using=each_database.alias).receipt == first.receipt
    assert take_in([event("a", b"4")], NOW, using=each_database.alias).conflicts == 1


def test_requests_that_arrive_together_are_written_together(each_database: Database, django_db_blocker: Any) -> None:
    sizes: list[int] = []

    def write(deliveries: Sequence[Delivery]) -> list[Receipt]:
        sizes.append(len(deliveries))
        return take_in_all(deliveries, using=each_database.alias)

    with django_db_blocker.unblock():
        deliveries = [Delivery((event(str(n)),), NOW) for n in range(200)]
        receipts = at_once(GroupCommit(write, each_database.alias), deliveries)
    assert len({r.receipt for r in receipts}) == rows(each_database).count() == 200
    assert sum(sizes) == 200 and len(sizes) < 200


def test_what_the_database_refuses_of_one_is_no_fault_of_the_others() -> None:
    def write(deliveries: Sequence[Delivery]) -> list[Receipt]:
        if any(one.events[0].body == b"bad" for one in deliveries):
            raise DataError("no")
        return ["kept"] * len(deliveries)  # type: ignore[list-item]

    group = GroupCommit(write)
    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(group.commit, Delivery((event(body=body),), NOW)) for body in (b"good", b"bad", b"good")]
    assert [one.exception() or one.result() for one in told][::2] == ["kept", "kept"]
    assert isinstance(told[1].exception(), DataError)


def test_a_database_that_is_away_acknowledges_nobody() -> None:
    def write(_: Sequence[Delivery]) -> list[Receipt]:
        raise OperationalError("disk I/O error")

    group = GroupCommit(write)
    for _ in range(2):  # and the next request tries again
        with pytest.raises(OperationalError):
            group.commit(Delivery((event(),), NOW))


def test_who_finds_it_full_is_told_at_once_and_who_waits_too_long_is_not_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smarketing.ledger.group_commit.MOST_WAITING", 2)
    monkeypatch.setattr("smarketing.ledger.group_commit.PATIENCE_S", 0.2)
    began, go_on = threading.Event(), threading.Event()

    def write(deliveries: Sequence[Delivery]) -> list[Receipt]:
        began.set()
        assert go_on.wait(10)
        return ["kept"] * len(deliveries)  # type: ignore[list-item]

    group = GroupCommit(write)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(group.commit, Delivery((event(),), NOW))
        assert began.wait(10)
        with pytest.raises(Full):
            group.commit(Delivery((event(), event(), event()), NOW))
        with pytest.raises(Slow):
            group.commit(Delivery((event(),), NOW))
        go_on.set()
        assert str(first.result()) == "kept"
    assert str(group.commit(Delivery((event(),), NOW))) == "kept"
