"""The worker's thread: events become facts within moments, and nothing that breaks ends it."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from tests.builders import a_commitment, an_agreement
from tests.drained import Site, agreed, event, site

from smarketing.cli import inbox_drain
from smarketing.cli.inbox_drain import InboxDrain, next_most
from smarketing.ledger import database
from smarketing.ledger.models import DrainLease, InboxRow
from smarketing.records.models import Job
from smarketing.workflows.check_health import check_health

__all__ = ["site"]


@pytest.fixture
def drain(site: Site, monkeypatch: pytest.MonkeyPatch) -> InboxDrain:
    monkeypatch.setattr(inbox_drain, "open_ledger", lambda: site.ledger)
    monkeypatch.setattr(inbox_drain, "AGAIN_S", 0.01)
    monkeypatch.setattr(inbox_drain, "instant", lambda: site.now)
    return InboxDrain("one", threading.Event())


def failing(now: datetime) -> set[str]:
    return {part.name for part in check_health(now=now) if not part.is_well} - {"worker", "migrations"}


def test_until_the_inbox_is_empty_in_growing_batches(
    site: Site, drain: InboxDrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = inbox_drain.drain_inbox

    def counted(**given: Any) -> Any:
        asked.append(given["most"])
        return real(**given)

    monkeypatch.setattr(inbox_drain, "drain_inbox", counted)
    monkeypatch.setattr(inbox_drain, "MOST_ROWS", 4)
    monkeypatch.setattr(inbox_drain, "QUICK_S", 1_000.0)  # on this machine, whatever else it does
    drain.most = 4
    site.send(*(event("lead.created", site.now, lead_id=str(n)) for n in range(30)))
    drain.run_until_empty()
    assert asked == [4, 8, 16, 32]
    assert set(site.states()) == {"done"}


@pytest.mark.parametrize(
    ("most", "took_s", "expected"),
    [
        (5_000, 0.9, 10_000),
        (10_000, 1.5, 10_000),
        (20_000, 0.9, 20_000),
        (20_000, 2.5, 10_000),
        (5_000, 9.0, 5_000),
    ],
)
def test_a_batch_of_a_backlog_is_as_large_as_a_second_or_two_allow(most: int, took_s: float, expected: int) -> None:
    assert next_most(most, took_s) == expected


def test_a_damaged_mirror_is_made_again_and_no_event_is_blamed(
    site: Site, drain: InboxDrain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """C-12, D-02: as long as before, so that only who reads it finds out; few events are no reason to."""
    site.send(event("lead.created", site.now, lead_id="7"))
    drain.run_until_empty()
    site.facts()
    for path in site.ledger.path.rglob("*.parquet"):
        path.write_bytes(b"\x5a" * path.stat().st_size)
    site.send(event("lead.updated", site.now, lead_id="7", grade="B"))
    drain.renewed = 0.0
    drain.step()
    assert "cannot be read" not in caplog.text and site.states() == ["done", "done"]
    monkeypatch.setattr(database, "FEW_ROWS", 0)
    site.send(event("lead.updated", site.now + timedelta(minutes=1), lead_id="7", grade="A"))
    for _ in range(3):
        drain.step()
    assert "cannot be read" in caplog.text
    assert set(site.states()) == {"done"}
    assert [lead["grade"] for lead in site.facts()] == ["A"]


def test_it_goes_on_when_the_database_went_away_and_when_something_broke(
    site: Site, drain: InboxDrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, faults = inbox_drain.drain_inbox, [OperationalError("away"), ZeroDivisionError()]

    def brittle(**given: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(**given)

    monkeypatch.setattr(inbox_drain, "drain_inbox", brittle)
    site.send(event("lead.created", site.now, lead_id="7"))
    assert [drain.step() for _ in range(4)] == [False, False, True, False]
    assert site.states() == ["done"]


def test_another_process_waits_until_the_first_has_gone(site: Site, drain: InboxDrain) -> None:
    second = InboxDrain("two", threading.Event())
    site.send(event("lead.created", site.now, lead_id="7"))
    drain._holds()
    assert not second.step() and site.states() == ["waiting"]
    drain.run_until_empty()
    second.renewed = 0.0
    site.send(event("lead.created", site.now, lead_id="8"))
    assert second.step() and site.states() == ["done", "done"]


def test_it_asks_for_all_clocks_where_facts_moved_on_without_it(site: Site, drain: InboxDrain) -> None:
    site.send(event("lead.created", site.now, lead_id="7"))
    drain.run_until_empty()
    assert not Job.objects.exists()
    agreed(site, an_agreement(a_commitment(), id="sla"))
    drain.run_until_empty()
    assert [job.kind for job in Job.objects.all()] == ["refresh_open_clocks"]


def test_health_is_red_when_events_wait_and_when_nobody_drains(site: Site, drain: InboxDrain) -> None:
    site.send(event("lead.created", site.now, lead_id="7"))
    assert failing(site.now) == set()
    minute = site.now + inbox_drain.drain_lease.LEASE * 5
    assert failing(minute) == {"inbox"}
    drain.run_until_empty()
    assert failing(site.now) == set()
    DrainLease.objects.update(seen_at=site.now)
    assert failing(minute) == {"drain"}


def test_a_lone_event_is_a_fact_within_moments(site: Site, drain: InboxDrain) -> None:
    waited = []
    for n in range(5):
        site.send(event("lead.created", site.now, lead_id=str(n)))
        began = time.monotonic()
        while InboxRow.objects.filter(state="waiting").exists():
            if not drain.step():
                drain.leaving.wait(inbox_drain.LOOK_EVERY_S)
        waited.append(time.monotonic() - began)
    assert sorted(waited)[2] < 3
