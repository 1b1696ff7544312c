"""A whole installation on either database, in this process: sources that send, a drain that empties the inbox."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command
from django.db import connections
from tests.databases import TEMPLATE, Server, alias_of, sqlite_settings

from smarketing.facts.schema import TABLES
from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.drain_lease import Held, take
from smarketing.ledger.inbox import Arrival, Receipt, take_in
from smarketing.ledger.models import InboxRow, OpenClock
from smarketing.ledger.open_clocks import all_clocks
from smarketing.ledger.running_clocks import COLUMNS, LEAD
from smarketing.records.models import Source
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.agreement import Agreement
from smarketing.workflows import drain_inbox, refresh_open_clocks
from smarketing.workflows.drain_inbox import Drained

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
numbers = count(1)
WHOLE = f"smarketing_whole_{os.getpid()}"


def event(what: str, at: datetime = NOW, /, **data: Any) -> dict[str, Any]:
    """An event of the generic form."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    return {"id": f"e{next(numbers)}", "type": what, "occurred_at": at.isoformat(), "data": plain}


@dataclass
class Site:
    """`now` is the clock of everybody; `crm` the source that events come from unless a test says otherwise."""

    home: Path
    environment: dict[str, str]
    now: datetime = NOW
    lease: Held | None = None
    terms: dict[str, tuple[Agreement, ...]] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        return the_ledger(self.home)

    def send(self, *events: dict[str, Any], src: str = "crm", headers: dict[str, str] | None = None) -> Receipt:
        shape = SHAPES[Source.objects.get(slug=src).kind]
        found = shape.split(json.dumps({"events": list(events)}).encode(), headers or {})
        return take_in([Arrival(src, each.key, each.raw, each.occurred_at) for each in found], self.now)

    def drain(self, most: int = drain_inbox.MOST_ROWS) -> Drained:
        self.lease = self.lease or take("test", self.now)
        assert self.lease is not None
        self.lease = take(self.lease.holder, self.now)
        assert self.lease is not None
        return drain_inbox.drain_inbox(ledger=self.ledger, lease=self.lease, now=self.now, most=most)

    def drain_all(self) -> Drained:
        whole = Drained()
        while (part := self.drain()).n_rows:
            whole = Drained(whole.n_rows + part.n_rows, whole.n_dead + part.n_dead, whole.n_held + part.n_held)
        return whole

    def later(self, length: timedelta = MINUTE) -> None:
        self.now += length

    def facts(self, table: str = "lead") -> list[dict[str, Any]]:
        return self.ledger.frame(table).sort(TABLES[table].key).to_dicts()

    def states(self, src: str = "crm") -> list[str]:
        return list(InboxRow.objects.filter(src=src).order_by("id").values_list("state", flat=True))

    def refresh(self) -> int:
        return refresh_open_clocks.refresh_open_clocks(now=self.now)

    def clocks(self) -> list[tuple[Any, ...]]:
        """The open clocks that are stored, in order."""
        rows = OpenClock.objects.order_by(*LEAD, "agreement", "commitment", "episode").values_list(*COLUMNS)
        return [tuple(row) for row in rows]

    def clocks_anew(self) -> list[tuple[Any, ...]]:
        """The open clocks that making all of them gives."""
        made = all_clocks(self.ledger, self.terms, self.now).clocks.sort(*LEAD, "agreement", "commitment", "episode")
        instants = ("start_at", "risk_at", "due_at", "stops_at")
        return made.with_columns(pl.from_epoch(name, "us").dt.replace_time_zone("UTC") for name in instants).rows()


@contextmanager
def instead_of_default(alias: str) -> Iterator[None]:
    """Whoever asks for the default database gets another one."""
    before = connections["default"]
    connections["default"] = connections[alias]
    try:
        yield
    finally:
        connections["default"] = before


@pytest.fixture(scope="session")
def whole_sqlite(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A file with all tables, to copy."""
    path = tmp_path_factory.mktemp("whole") / "template.sqlite3"
    with django_db_blocker.unblock(), alias_of(sqlite_settings(path)) as alias:
        call_command("migrate", database=alias, verbosity=0)
        connections[alias].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def whole_postgres(postgres: Server, django_db_blocker: Any) -> Iterator[Server]:
    """A server with a template database that has all tables."""
    postgres.drop(WHOLE)
    postgres.create(WHOLE, TEMPLATE)
    with django_db_blocker.unblock(), alias_of(postgres.settings(WHOLE)) as alias:
        call_command("migrate", database=alias, verbosity=0)
    yield postgres
    postgres.drop(WHOLE)


@contextmanager
def a_database(vendor: str, home: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """An alias with all tables and no rows, and the environment that opens it in another process."""
    if vendor == "sqlite":
        path = home / "smarketing.sqlite3"
        shutil.copy(request.getfixturevalue("whole_sqlite"), path)
        with alias_of(sqlite_settings(path)) as alias:
            yield alias, {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": ""}
        return
    server, name = request.getfixturevalue("whole_postgres"), f"smarketing_drain_{os.getpid()}_{next(numbers)}"
    server.create(name, WHOLE)
    with alias_of(server.settings(name)) as alias:
        yield alias, {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": server.url(name)}
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> Iterator[Site]:
    home = tmp_path / "home"
    home.mkdir()
    with (
        django_db_blocker.unblock(),
        a_database(request.param, home, request) as (alias, environment),
        instead_of_default(alias),
    ):
        found = Site(home, environment)
        monkeypatch.setattr(refresh_open_clocks, "open_ledger", lambda: found.ledger)
        monkeypatch.setattr(refresh_open_clocks, "every_agreement", lambda: found.terms)
        a_source("crm")
        yield found


def a_source(slug: str, **more: Any) -> Source:
    return Source.objects.create(slug=slug, name=slug, created_at=NOW, **more)


def agreed(site: Site, *versions: Agreement, slug: str = "") -> None:
    site.terms[slug or versions[0].id] = tuple(versions)


def send_all(site: Site, events: Sequence[dict[str, Any]], size: int = 1) -> None:
    for start in range(0, len(events), size):
        site.send(*events[start : start + size])
