"""One process drains, and one that slept through its lease writes nothing; no order of commits loses a row."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from tests.databases import alias_of
from tests.drained import NOW, Site, event, site

from smarketing.ledger import drain_lease
from smarketing.ledger.drain_lease import LEASE, DrainLost, take
from smarketing.ledger.inbox import Arrival, take_in
from smarketing.ledger.models import InboxRow
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.errors import FactsError
from smarketing.workflows import drain_inbox

__all__ = ["site"]


@pytest.mark.usefixtures("site")
def test_one_holds_the_lease_until_it_goes_silent() -> None:
    first = take("one", NOW)
    assert first is not None and take("two", NOW) is None
    assert take("one", NOW + LEASE / 2) == first
    second = take("two", NOW + 2 * LEASE)
    assert second is not None and second.fence == first.fence + 1
    with pytest.raises(DrainLost):
        drain_lease.renew(first, NOW + 2 * LEASE)
    drain_lease.release(first)
    assert take("one", NOW + 2 * LEASE) is None
    drain_lease.release(second)
    assert take("one", NOW + 2 * LEASE) is not None


def test_a_drain_that_slept_through_its_lease_writes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.send(event("lead.created", lead_id="7"))
    sleeper = take("sleeper", NOW)
    assert sleeper is not None
    real: Callable[..., Any] = drain_inbox._plan

    def slow(*given: Any) -> Any:
        planned = real(*given)
        assert take("successor", NOW + 2 * LEASE) is not None
        return planned

    with monkeypatch.context() as slowed, pytest.raises(DrainLost):
        slowed.setattr(drain_inbox, "_plan", slow)
        drain_inbox.drain_inbox(ledger=site.ledger, lease=sleeper, now=NOW)
    assert (site.facts(), site.states(), site.ledger.sequence) == ([], ["waiting"], 0)
    successor = take("successor", NOW + 2 * LEASE)
    assert successor is not None
    assert drain_inbox.drain_inbox(ledger=site.ledger, lease=successor, now=NOW + 2 * LEASE).n_done == 1


def test_a_person_may_decide_about_an_event_on_its_way(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.send(event("lead.created", lead_id="7"), event("lead.created", lead_id="8"))
    real: Callable[..., Any] = drain_inbox._plan

    def slow(*given: Any) -> Any:
        planned = real(*given)
        InboxRow.objects.filter(id=InboxRow.objects.earliest("id").id).update(state="conflict")
        return planned

    with monkeypatch.context() as slowed:
        slowed.setattr(drain_inbox, "_plan", slow)
        assert site.drain().n_rows == 0
    assert site.drain().n_done == 1
    assert [lead["lead_id"] for lead in site.facts()] == ["8"]


@pytest.mark.parametrize("n_bad", [1, 3])
def test_what_breaks_us_is_tried_three_times_and_holds_up_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch, n_bad: int
) -> None:
    """C-12"""
    real: Callable[..., Any] = drain_inbox.tell_events

    def brittle(rows: Any, **given: Any) -> Any:
        if any(b'"poison' in row.body for row in rows):
            raise ZeroDivisionError
        return real(rows, **given)

    monkeypatch.setattr(drain_inbox, "tell_events", brittle)
    site.send(*(event("lead.created", lead_id=f"{'poison' if n < n_bad else ''}{n}") for n in range(20)))
    assert (site.drain().n_held, len(site.facts())) == (n_bad, 20 - n_bad)
    for _ in range(2):
        site.later(timedelta(minutes=2))
        site.drain_all()
    assert sorted(set(site.states())) == ["dead", "done"]
    assert {row.trouble["code"] for row in InboxRow.objects.filter(state="dead")} == {"our_mistake"}


@pytest.mark.parametrize(("state", "is_of_event"), [("54000", True), ("53100", False), ("57P01", False)])
def test_what_no_index_takes_holds_up_nobody_and_a_full_disk_does(
    site: Site, monkeypatch: pytest.MonkeyPatch, state: str, is_of_event: bool
) -> None:
    """PostgreSQL tells both as an operational error; only the first is the same however often one tries."""
    real: Callable[..., Any] = drain_inbox._write

    class Cause(Exception):
        sqlstate = state

    def refuse(planned: Any, *given: Any) -> None:
        if any(b'"poison' in row.body for row in planned.rows):
            raise OperationalError("no") from Cause()
        real(planned, *given)

    monkeypatch.setattr(drain_inbox, "_write", refuse)
    site.send(*(event("lead.created", lead_id=f"{'poison' if n == 1 else ''}{n}") for n in range(4)))
    if is_of_event:
        assert (site.drain().n_held, len(site.facts())) == (1, 3)
    else:
        with pytest.raises(FactsError):
            site.drain()
        assert (site.states(), site.facts()) == (["waiting"] * 4, [])


def test_a_lower_number_that_commits_later_is_drained(site: Site) -> None:
    """D-09, C-18"""
    if connections["default"].vendor != "postgresql":
        site.send(event("lead.created", lead_id="7"))
        assert site.drain().n_done == 1
        return
    row = an_arrival("late")
    has_number, may_commit = threading.Event(), threading.Event()
    settings = {
        key: connections["default"].settings_dict[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    }

    def slow_sender() -> None:
        from django.db import transaction

        with alias_of(settings) as alias, transaction.atomic(using=alias):
            take_in([row], NOW, using=alias)
            has_number.set()
            may_commit.wait(20)

    thread = threading.Thread(target=slow_sender)
    thread.start()
    assert has_number.wait(20)
    take_in([an_arrival("early", src="other")], NOW)
    assert site.drain().n_rows == 1
    may_commit.set()
    thread.join()
    assert site.drain().n_rows == 1
    late, early = (InboxRow.objects.get(src=src).id for src in ("crm", "other"))
    assert late < early
    assert sorted(InboxRow.objects.values_list("src", "state")) == [("crm", "done"), ("other", "dead")]
    assert [lead["lead_id"] for lead in site.facts()] == ["late"]


def an_arrival(lead_id: str, src: str = "crm") -> Arrival:

    body = json.dumps({"events": [event("lead.created", lead_id=lead_id)]}).encode()
    (found,) = SHAPES["generic"].split(body, {})
    return Arrival(src, found.key, found.raw, found.occurred_at)


def test_an_id_that_comes_again_after_400_days_is_the_same_event(site: Site) -> None:
    """C-17"""
    same = event("lead.created", lead_id="7")
    site.send(same)
    site.drain()
    site.later(timedelta(days=400))
    site.send(same)
    assert site.drain().n_rows == 0
    assert len(site.facts()) == 1


def test_a_delivery_is_drained_at_once_in_the_transaction_of_who_waits(site: Site) -> None:
    ledger = site.ledger
    with pytest.raises(KeyError), ledger.in_one_piece():
        receipt = site.send(event("lead.created", lead_id="7")).receipt
        assert drain_inbox.drain_delivery(receipt=receipt, ledger=ledger, now=NOW).n_done == 1
        raise KeyError
    assert (site.facts(), InboxRow.objects.count()) == ([], 0)
    with ledger.in_one_piece():
        receipt = site.send(event("lead.created", lead_id="7")).receipt
        drain_inbox.drain_delivery(receipt=receipt, ledger=ledger, now=NOW)
    assert [lead["lead_id"] for lead in site.facts()] == ["7"]
    assert site.drain().n_rows == 0


@pytest.mark.usefixtures("site")
def test_a_clock_that_goes_back_holds_nobody_off() -> None:
    """A holder that died before its machine's clock was put back by an hour does not keep the inbox for an hour."""
    dead = take("dead", NOW + timedelta(hours=1))
    assert dead is not None
    successor = take("successor", NOW)
    assert successor is not None and successor.fence == dead.fence + 1
    with pytest.raises(DrainLost):
        drain_lease.renew(dead, NOW)
    assert take("third", NOW) is None
    assert take("third", NOW - LEASE / 2) is None  # a little: whoever holds it is believed, for three leases at most
    assert take("third", NOW + 2 * LEASE) is not None


@pytest.mark.usefixtures("site")
def test_a_clock_that_leaps_ahead_costs_a_living_holder_nothing() -> None:
    """Its own renewal comes before anybody else's look, or it loses the lease once and writes nothing meanwhile."""
    first = take("one", NOW)
    assert first is not None and take("one", NOW + timedelta(days=1)) is not None
    with pytest.raises(DrainLost):
        drain_lease.renew(first, NOW + timedelta(days=1))
    assert take("two", NOW + timedelta(days=1)) is None
