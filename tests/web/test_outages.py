"""A full disk and a database that does not answer: people and programs are told what it is, and it heals by itself."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connections
from django.test import Client
from tests.cast import Cast, make_cast
from tests.databases import Database
from tests.faults.exports import export

from smarketing.ledger.group_commit import GroupCommit
from smarketing.ledger.inbox import Arrival, Delivery, take_in_all
from smarketing.ledger.models import InboxRow
from smarketing.web.outage import is_database_away, is_disk_full
from smarketing.web.views import home, uploads

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FULL = OSError(errno.ENOSPC, "No space left on device")
OUTAGES = [
    (FULL, 507, "The disk of this server is full."),
    (OperationalError("database or disk is full"), 507, "The disk of this server is full."),
    (OperationalError("database is locked"), 503, "The database does not answer now."),
    (InterfaceError("connection already closed"), 503, "The database does not answer now."),
    (OperationalError("no such table: facts"), 500, "Something broke here."),
    (KeyError("a mistake"), 500, "Something broke here."),
]


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001 — the people are rows
    return make_cast()


def browser(cast: Cast) -> Client:
    client = cast.client_of(cast.olu)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(("error", "status", "title"), OUTAGES, ids=lambda one: str(one)[:30])
def test_a_page_says_what_is_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, title: str
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise error

    client = browser(cast)
    with monkeypatch.context() as broken:
        broken.setattr(home, "render_page", fail)
        answer = client.get("/")
    assert (answer.status_code, answer.headers.get("Retry-After", "") > "0") == (status, status != 500)
    assert title in answer.content.decode()
    assert client.get("/").status_code == 200


def test_an_upload_that_the_disk_does_not_take_is_told_and_taken_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise FULL

    settings.HOME, client = tmp_path, browser(cast)
    name, content = export(0)

    def dropped() -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        return client.post("/data/uploads/", {"files": [SimpleUploadedFile(name, content)]})

    with monkeypatch.context() as full:
        full.setattr(uploads, "hold_upload", fail)
        answer = dropped()
    assert answer.status_code == 507 and "The disk of this server is full." in answer.content.decode()
    assert dropped().status_code == 302


@pytest.fixture
def small(sqlite_database: Database) -> Iterator[Database]:
    """A database on which not one page more has room: what SQLite says of a full disk, it says of this."""
    connection = connections[sqlite_database.alias]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    yield sqlite_database
    connection.close()


def test_f4_a_full_disk_acknowledges_nothing_and_heals(small: Database) -> None:
    alias = small.alias
    group = GroupCommit(partial(take_in_all, using=alias), alias)
    large = Delivery((Arrival("crm", "k", json.dumps("x" * 200_000).encode(), None),), NOW, {})
    with pytest.raises(OperationalError) as found:
        group.commit(large)
    assert is_disk_full(found.value) and not InboxRow.objects.using(alias).exists()
    with connections[alias].cursor() as cursor:  # the attempt after a failure is made on a new connection
        cursor.execute("PRAGMA max_page_count")
        assert cursor.fetchone()[0] > 10_000
    assert group.commit(large).stored == 1
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]


def test_a_connection_that_is_gone_is_opened_anew(postgres_database: Database) -> None:
    """What the driver says of a connection that somebody closed is no mistake of the sender's."""
    alias = postgres_database.alias
    group = GroupCommit(partial(take_in_all, using=alias), alias)
    first, second = (Delivery((Arrival("crm", key, b"{}", None),), NOW, {}) for key in "ab")
    assert group.commit(first).stored == 1
    connections[alias].connection.close()
    with pytest.raises((InterfaceError, OperationalError)) as found:
        group.commit(second)
    assert is_database_away(found.value)
    assert group.commit(second).stored == 1
