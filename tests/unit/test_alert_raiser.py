"""The worker's third part: it raises every second, audits every minute, and beats its heart only while all is well."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from tests.alerts import BREACH, HOUR, REMINDER, a_lead, sla, told, warned
from tests.drained import NOW, Site, agreed, site
from tests.receivers import Listener, http_listener, open_this_machine

from smarketing.alerts.channels import egress
from smarketing.cli import alert_raiser
from smarketing.cli.alert_raiser import AUDIT_EVERY_S, LOOK_EVERY_S, AlertRaiser
from smarketing.ledger.models import DrainLease
from smarketing.records.models import Notice, Worker
from smarketing.workflows.audit_alerts import audit_alerts
from smarketing.workflows.check_health import check_health
from smarketing.workflows.raise_alerts import raise_alerts

__all__ = ["site"]
SECOND = timedelta(seconds=1)
BEAT, PATIENCE_S = "/beat", 0.3


@dataclass
class Timed:
    """A raiser whose clocks, that of the machine and that of the database, are the site's."""

    site: Site
    raiser: AlertRaiser
    audits: list[datetime]
    raisings: list[datetime]

    def steps(self, seconds: float) -> None:
        """So much later it looks once."""
        self.passes(seconds)
        self.raiser.step()

    def passes(self, seconds: float) -> None:
        """Meanwhile the worker says that it is alive, and so does whoever empties the inbox."""
        self.site.later(timedelta(seconds=seconds))
        Worker.objects.update(seen_at=self.site.now)
        DrainLease.objects.update(seen_at=self.site.now)


class Leaving(threading.Event):
    """Lets time pass in place of waiting, and ends after so many waits."""

    def __init__(self, timed: Timed, most: int) -> None:
        super().__init__()
        self.timed, self.most, self.waits = timed, most, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        self.timed.passes(timeout or 0)
        if len(self.waits) >= self.most:
            self.set()
        return self.is_set()


@pytest.fixture
def timed(site: Site, monkeypatch: pytest.MonkeyPatch) -> Timed:
    warned(site, monkeypatch)
    agreed(site, sla(REMINDER, BREACH))
    site.refresh()
    Worker.objects.create(name="one", started_at=site.now, seen_at=site.now)
    audits, raisings = list[datetime](), list[datetime]()

    def audited(*, now: datetime) -> Any:
        audits.append(now)
        return audit_alerts(now=now)

    def raised(*, now: datetime) -> Any:
        raisings.append(now)
        return raise_alerts(now=now)

    monkeypatch.setattr(alert_raiser, "audit_alerts", audited)
    monkeypatch.setattr(alert_raiser, "raise_alerts", raised)
    monkeypatch.setattr(alert_raiser, "instant", lambda: site.now)
    monkeypatch.setattr(alert_raiser, "time", SimpleNamespace(monotonic=lambda: (site.now - NOW).total_seconds()))
    return Timed(site, AlertRaiser(threading.Event()), audits, raisings)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Listener]:
    """Whoever hears the heart."""
    open_this_machine(monkeypatch)
    with http_listener() as found:
        settings.HEARTBEAT_URL = found.url(BEAT)
        yield found


def notices() -> int:
    return Notice.objects.count()


# the auditor


def test_it_audits_when_a_minute_has_passed_and_not_before(timed: Timed) -> None:
    timed.steps(0)
    timed.steps(AUDIT_EVERY_S - 1)
    assert timed.audits == []
    timed.steps(1)
    assert timed.audits == [NOW + timedelta(minutes=1)]
    timed.steps(AUDIT_EVERY_S - 1)
    assert len(timed.audits) == 1
    timed.steps(1)
    assert timed.audits[1:] == [NOW + timedelta(minutes=2)] and len(timed.raisings) == 5


def test_a_worker_that_stood_still_audits_once_for_all_the_minutes(timed: Timed) -> None:
    timed.steps(10 * AUDIT_EVERY_S)
    timed.steps(1)
    assert timed.audits == [NOW + timedelta(minutes=10)]


def test_it_runs_until_told_to_leave_looking_every_second(timed: Timed) -> None:
    leaving = timed.raiser.leaving = Leaving(timed, 121)
    timed.raiser.run()
    assert leaving.waits == [LOOK_EVERY_S] * 121 and len(timed.raisings) == 121
    assert timed.audits == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]


def test_what_is_late_is_an_error_in_the_log_at_each_audit(timed: Timed, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody sends here: the reminder's two notices are late after five minutes."""
    a_lead(timed.site)
    with caplog.at_level(logging.INFO):
        for _ in range(37):
            timed.steps(60)
    late = [record for record in caplog.records if record.getMessage() == "Alerts are late"]
    assert {record.levelname for record in late} == {"ERROR"} and len(timed.audits) == 37
    assert [(record.unrecorded, record.unsent) for record in late] == [(0, 2)] * 2  # type: ignore[attr-defined]


def test_the_auditor_sees_that_nobody_raises(
    timed: Timed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_lead(timed.site)
    idle = SimpleNamespace(n_moments=0, n_notices=0, n_stood_down=0)
    monkeypatch.setattr(alert_raiser, "raise_alerts", lambda **_: idle)
    timed.steps(30 * 60 + 30)
    assert [record for record in caplog.records if record.getMessage() == "Alerts are late"] == []
    timed.steps(60)
    (late,) = [record for record in caplog.records if record.getMessage() == "Alerts are late"]
    assert (late.unrecorded, late.unsent) == (1, 0)  # type: ignore[attr-defined]


# the heartbeat


def test_no_address_is_asked_where_none_is_named(timed: Timed, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HEARTBEAT_URL = ""
    monkeypatch.setattr(alert_raiser, "beat_heart", lambda **_: pytest.fail("somebody was asked"))
    timed.steps(AUDIT_EVERY_S)
    assert len(timed.audits) == 1


def test_the_heart_beats_each_minute_while_all_is_well(timed: Timed, listener: Listener) -> None:
    for _ in range(6):
        timed.steps(AUDIT_EVERY_S / 2)
    assert [part.name for part in check_health(now=timed.site.now) if not part.is_well] == []
    assert [(post.path, post.body) for post in listener.posts] == [(BEAT, b"")] * 3


def test_the_heart_is_silent_while_something_is_late_and_beats_again_afterwards(
    timed: Timed, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    a_lead(timed.site)
    timed.steps(30 * 60)
    assert len(listener.posts) == 1 and notices() == 2
    for _ in range(3):
        timed.steps(6 * 60)
    assert len(listener.posts) == 1
    silences = [record for record in caplog.records if record.getMessage().startswith("No heartbeat")]
    assert [record.parts for record in silences] == [["alerts"]] * 3  # type: ignore[attr-defined]
    Notice.objects.update(state="sent", sent_at=timed.site.now)
    timed.steps(AUDIT_EVERY_S)
    assert len(listener.posts) == 2


def test_the_heart_is_silent_where_no_worker_is_alive(timed: Timed, listener: Listener) -> None:
    timed.passes(AUDIT_EVERY_S)
    Worker.objects.update(seen_at=timed.site.now - timedelta(minutes=1))
    timed.raiser.step()
    assert len(timed.audits) == 1 and listener.posts == []
    timed.steps(AUDIT_EVERY_S)
    assert len(listener.posts) == 1


@pytest.mark.parametrize("manner", ["hang", "drip", "close", "nonsense", "500", "302 Location=http://10.0.0.7/"])
def test_a_heartbeat_that_nobody_hears_stops_no_raising(
    timed: Timed,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    manner: str,
) -> None:
    """The beat comes in the very look that is to raise; what is due a second later is raised a second later."""
    monkeypatch.setattr(egress, "ANSWER_S", PATIENCE_S)
    monkeypatch.setattr(egress, "IN_ALL_S", 2 * PATIENCE_S)
    listener.script[BEAT] = [manner]
    a_lead(timed.site)
    a_lead(timed.site, "2", NOW + SECOND)
    timed.steps((HOUR / 2 - SECOND).total_seconds())
    assert notices() == 2 and len(listener.posts) == 1
    timed.steps(1)
    assert notices() == 4
    timed.raiser.leaving = Leaving(timed, 61)
    timed.raiser.run()
    assert len(listener.posts) == 2 and len(timed.raisings) == 63
    assert not [record for record in caplog.records if record.exc_info]


def test_a_heartbeat_that_is_refused_stops_no_raising(
    timed: Timed, listener: Listener, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody listens at the door that was named."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.HEARTBEAT_URL = f"http://127.0.0.1:{free.getsockname()[1]}{BEAT}"
    a_lead(timed.site)
    timed.steps(30 * 60)
    assert notices() == 2 and listener.posts == []
    assert "The heartbeat did not arrive: Unreached" in caplog.text
    timed.steps(30 * 60 + 1)
    assert {row[0] for row in told()} == {"half", "late"}
    assert not [record for record in caplog.records if record.exc_info]


def test_an_audit_that_breaks_is_tried_a_minute_later_and_stops_no_raising(
    timed: Timed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[datetime] = []

    def broken(*, now: datetime) -> None:
        tried.append(now)
        raise OperationalError("gone")

    a_lead(timed.site)
    a_lead(timed.site, "2", NOW + SECOND)
    timed.steps(28 * 60)
    monkeypatch.setattr(alert_raiser, "audit_alerts", broken)
    timed.raiser.leaving = Leaving(timed, 125)
    timed.raiser.run()
    assert tried == [NOW + SECOND + timedelta(minutes=29), NOW + SECOND + timedelta(minutes=30)]
    assert notices() == 4 and "What is due cannot be told now" in caplog.text
