"""Whoever changes the table of events behind the program leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.cast import Cast

from smarketing.records.events import one_write
from smarketing.records.models import Event
from smarketing.terms.errors import UserError
from smarketing.workflows.verify_audit import Anchor, read_anchor, verify_audit

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def five(cast: Cast) -> Anchor:
    """Five events, and the anchor that was printed after them."""
    for number in range(5):
        with one_write(verb="update_profile", by=cast.rita, now=NOW) as write:
            write.about(cast.rita, name=f"Rita {number}")
    return verify_audit().head


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def whys(anchor: Anchor | None = None) -> list[tuple[int, str]]:
    return [(fault.seq, fault.why) for fault in verify_audit(anchor).faults]


def test_a_whole_chain_holds(five: Anchor) -> None:
    proof = verify_audit(five)
    assert (proof.holds, proof.n_events, proof.head) == (True, 5, five)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verb", "sign_version"),
        ("actor", "sam@example.com"),
        ("object_id", "99"),
        ("detail", '{"name": "Zed"}'),
        ("at", "2025-01-01 00:00:00"),
        ("by_id", None),
        ("digest", "0" * 64),
        ("previous", "1" * 64),
    ],
)
@pytest.mark.usefixtures("five")
def test_an_edited_field_is_found(field: str, value: object) -> None:
    sql(f"UPDATE records_event SET {field} = %s WHERE seq = 3", value)
    assert any(seq in (3, 4) for seq, _ in whys())


@pytest.mark.usefixtures("five")
def test_a_deleted_entry_is_found() -> None:
    sql("DELETE FROM records_event WHERE seq = 2")
    assert (2, "missing") in whys()


@pytest.mark.usefixtures("five")
def test_a_deleted_beginning_is_found() -> None:
    sql("DELETE FROM records_event WHERE seq <= 2")
    assert (1, "missing") in whys()


@pytest.mark.usefixtures("five")
def test_a_deletion_hidden_by_counting_anew_is_found() -> None:
    sql("DELETE FROM records_event WHERE seq = 2")
    for seq in (3, 4, 5):
        sql("UPDATE records_event SET seq = %s WHERE seq = %s", seq - 1, seq)
    assert {seq for seq, _ in whys()} >= {2, 3, 4}


@pytest.mark.usefixtures("five")
def test_swapped_entries_are_found() -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        sql("UPDATE records_event SET seq = %s WHERE seq = %s", new, old)
    assert {seq for seq, _ in whys()} >= {2, 3, 4}


@pytest.mark.usefixtures("five")
def test_an_inserted_entry_is_found(cast: Cast) -> None:
    columns = "seq, at, by_id, actor, verb, object_kind, object_id, detail, previous, digest"
    values = (6, NOW, cast.zed.id, "zed@example.com", "sign_version", "version", "1", "{}", "0" * 64, "f" * 64)
    sql(f"INSERT INTO records_event ({columns}) VALUES ({', '.join(['%s'] * 10)})", *values)
    assert (6, "unchained") in whys() and (6, "altered") in whys()


def test_a_cut_tail_is_found_by_its_anchor_only(five: Anchor) -> None:
    sql("DELETE FROM records_event WHERE seq > 3")
    assert whys() == []
    assert whys(five) == [(5, "cut off")]


def test_a_chain_written_anew_is_found_by_its_anchor(five: Anchor, cast: Cast) -> None:
    sql("DELETE FROM records_event")
    for _ in range(6):
        with one_write(verb="update_profile", by=cast.zed, now=NOW) as write:
            write.about(cast.zed)
    assert whys() == []
    assert whys(five) == [(5, "rewritten")]


@pytest.mark.parametrize("text", ["", "5", "5:abc", "x:" + "a" * 64, "5:" + "Z" * 64, "-1:" + "a" * 64])
def test_what_is_no_anchor_is_said(text: str) -> None:
    with pytest.raises(UserError, match="not an anchor"):
        read_anchor(text)


@pytest.mark.parametrize("change", [lambda one: one.save(), lambda one: one.delete()], ids=["save", "delete"])
@pytest.mark.usefixtures("five")
def test_the_program_itself_never_changes_an_entry(change: Callable[[Event], object]) -> None:
    with pytest.raises(RuntimeError, match="never changed"):
        change(Event.objects.get(seq=3))


def test_a_failed_write_leaves_no_event(five: Anchor, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), one_write(verb="fail", by=cast.rita, now=NOW):
        raise ZeroDivisionError
    assert verify_audit().head == five
