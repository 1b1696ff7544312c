"""The drain: every event becomes facts once, whatever the order, and no event holds up another."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import a_commitment, an_agreement
from tests.drained import MINUTE, NOW, Site, a_source, agreed, event, site
from tests.fact_rows import rows

from smarketing.ledger.models import InboxRow, InboxTally, OpenClock, OpenClockState

__all__ = ["site"]

SPEED = an_agreement(
    a_commitment(),
    a_commitment("follow_up_depth", "80 % with 3 touches within 5 business days", id="depth"),
    id="sla",
)


def test_events_become_facts_and_open_clocks_in_one_piece(site: Site) -> None:
    agreed(site, SPEED)
    site.refresh()
    site.send(
        event("lead.created", lead_id="7", owner_id="rita", channel="web"),
        event("owner.updated", owner_id="rita", name="Rita", team="Sales"),
    )
    found = site.drain()
    assert (found.n_rows, found.n_done) == (2, 2)
    (lead,) = site.facts()
    assert (lead["lead_id"], lead["owner_id"], lead["seen_at"]) == ("7", "rita", NOW)
    assert site.states() == ["done", "done"]
    assert InboxRow.objects.values_list("seq", flat=True).distinct().get() == site.ledger.sequence == 1
    assert site.clocks() == site.clocks_anew()
    speed = OpenClock.objects.get(commitment="speed")
    told = (speed.lead_id, speed.owner, speed.owner_name, speed.team, speed.source, speed.calendar, speed.kind)
    assert told == ("7", "rita", "Rita", "Sales", "web", "office", "speed_to_lead")
    assert (speed.start_at, speed.due_at, speed.allowance_us) == (NOW, NOW + 60 * MINUTE, 3_600_000_000)
    assert OpenClock.objects.get(commitment="depth").need == 3


def test_a_touch_stops_its_clock_and_counts_towards_depth(site: Site) -> None:
    agreed(site, SPEED)
    site.refresh()
    site.send(event("lead.created", lead_id="7", owner_id="rita"))
    site.drain()
    site.later()
    site.send(
        event("touch.logged", site.now, touch_id="t1", lead_id="7", owner_id="rita", kind="call", direction="out")
    )
    site.drain()
    assert OpenClockState.objects.get().seq == site.ledger.sequence == 2
    assert [(clock.commitment, clock.count) for clock in OpenClock.objects.all()] == [("depth", 1)]
    assert site.clocks() == site.clocks_anew()


def test_what_was_learnt_is_dated_when_it_came_not_when_it_was_drained(site: Site) -> None:
    site.send(event("lead.created", lead_id="7"))
    site.later(timedelta(hours=3))
    site.drain()
    assert site.facts()[0]["seen_at"] == NOW


def test_the_same_events_again_add_nothing(site: Site) -> None:
    """C-10"""
    events = [event("lead.created", lead_id="7"), event("touch.logged", lead_id="7", kind="call", direction="out")]
    site.send(*events)
    site.drain()
    before = site.facts(), site.facts("touch"), site.ledger.sequence
    site.later()
    InboxRow.objects.update(state="waiting")
    assert site.drain().n_done == 2
    assert (site.facts(), site.facts("touch"), site.ledger.sequence) == before


def test_an_update_before_its_creation_waits_and_is_freed_by_it(site: Site) -> None:
    """C-05"""
    site.send(event("lead.updated", NOW + MINUTE, lead_id="7", status="Open"))
    assert site.drain().n_held == 1
    row = InboxRow.objects.get()
    assert (row.state, row.needs, row.trouble["code"], row.trouble["arguments"]) == (
        "held",
        "lead:7",
        "needs",
        {"lacking": "created_at"},
    )
    assert site.drain().n_rows == 0
    site.send(event("lead.created", NOW, lead_id="7", status="New"))
    site.drain_all()
    assert site.states() == ["done", "done"]
    assert [(lead["status"], lead["created_at"]) for lead in site.facts()] == [("Open", NOW)]


def test_what_waits_is_looked_at_less_and_less_often_and_is_dead_after_three_days(site: Site) -> None:
    site.send(event("lead.updated", lead_id="7", status="Open"))
    pauses = []
    for _ in range(10):
        site.drain()
        until = InboxRow.objects.get().not_before_at
        assert until is not None
        pauses.append((until - site.now).total_seconds())
        site.now = until
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    site.now = NOW + timedelta(days=3, seconds=1)
    assert site.drain().n_dead == 1
    row = InboxRow.objects.get()
    assert (row.state, row.trouble["code"]) == ("dead", "never_came")
    assert InboxTally.objects.get().n_dead == 1


def test_a_deletion_before_an_update_and_an_undeletion(site: Site) -> None:
    """C-05"""
    later = [NOW + n * MINUTE for n in range(4)]
    site.send(event("lead.created", later[0], lead_id="7", status="New"))
    site.send(event("lead.deleted", later[2], lead_id="7"))
    site.drain()
    site.send(event("lead.updated", later[1], lead_id="7", status="Open"))
    site.drain()
    assert [(lead["status"], lead["deleted_at"]) for lead in site.facts()] == [("Open", later[2])]
    site.send(event("lead.updated", later[3], lead_id="7", deleted_at=None))
    site.drain()
    assert [(lead["status"], lead["deleted_at"]) for lead in site.facts()] == [("Open", None)]


def test_a_poison_event_is_alone_in_the_end(site: Site) -> None:
    """C-12"""
    events = [event("lead.created", lead_id=str(n)) for n in range(99)]
    site.send(*events[:50], event("lead.created", lead_id=None), *events[50:])
    found = site.drain()
    assert (found.n_done, found.n_dead) == (99, 1)
    assert len(site.facts()) == 99
    dead = InboxRow.objects.get(state="dead")
    assert dead.trouble["code"] == "missing"


def test_an_event_from_the_future_is_held_until_then(site: Site) -> None:
    """C-07"""
    ahead = NOW + timedelta(hours=1)
    site.send(
        event("lead.created", ahead, lead_id="7"), event("lead.created", NOW + 365 * 24 * 60 * MINUTE, lead_id="8")
    )
    assert site.drain().n_held == 2
    assert site.facts() == []
    assert InboxRow.objects.get(occurred_at=ahead).trouble["code"] == "from_the_future"
    site.now = ahead
    assert site.drain().n_done == 1
    assert [lead["lead_id"] for lead in site.facts()] == ["7"]


def test_events_of_a_source_that_was_disabled_or_is_gone(site: Site) -> None:
    """C-16"""
    gone, paused = a_source("gone"), a_source("paused")
    site.send(event("lead.created", lead_id="1"), src="gone")
    site.send(event("lead.created", lead_id="2"), src="paused")
    paused.is_enabled = False
    paused.save()
    gone.delete()
    site.drain()
    assert [lead["lead_id"] for lead in site.facts()] == ["2"]
    assert InboxRow.objects.get(src="gone").trouble["code"] == "no_source"


def test_every_event_that_was_received_is_somewhere(site: Site) -> None:
    """C-20"""
    events = [event("lead.created", lead_id="1"), event("lead.updated", lead_id="2"), event("nonsense", lead_id="3")]
    site.send(*events)
    site.send(events[0], event("lead.created", lead_id="4"))
    site.drain_all()
    tally = InboxTally.objects.get()
    assert (tally.n_received, tally.n_stored, tally.n_duplicate, tally.n_rejected, tally.n_dead) == (5, 4, 1, 0, 1)
    assert sorted(site.states()) == ["dead", "done", "done", "held"]
    assert len(site.facts()) == 2


def test_an_import_and_the_events_of_one_source_tell_of_the_same_lead_once(site: Site) -> None:
    """C-08"""
    known = {"lead_id": "7", "src": "crm", "created_at": NOW.isoformat(), "seen_at": NOW.isoformat(), "status": "New"}
    site.ledger.merge({"lead": rows("lead", known)})
    site.send(
        event("lead.created", lead_id="7", status="New"), event("lead.updated", NOW + MINUTE, lead_id="7", score=3)
    )
    site.drain()
    site.ledger.merge({"lead": rows("lead", known)})
    assert [(lead["lead_id"], lead["status"], lead["score"]) for lead in site.facts()] == [("7", "New", 3.0)]


def test_two_versions_of_one_event_are_both_told_and_the_later_holds(site: Site) -> None:
    """C-02"""
    first, second = event("lead.created", lead_id="7", status="New"), event("lead.created", NOW, lead_id="7")
    second = {**second, "id": first["id"], "data": {"lead_id": "7", "status": "Open", "updated_at": NOW.isoformat()}}
    site.send(first)
    site.send(second)
    assert site.drain().n_done == 2
    assert InboxRow.objects.filter(is_conflict=True).count() == 1
    assert [lead["status"] for lead in site.facts()] == ["Open"]


def test_one_local_time_that_never_was_holds_up_nobody(site: Site) -> None:
    """C-13"""
    a_source("madrid", zone="Europe/Madrid")
    site.now = NOW + timedelta(days=60)
    times = [f"2026-03-29T{hour:02}:30:00" for hour in range(6)]
    events = [{**event("lead.created", lead_id=str(n)), "occurred_at": at} for n, at in enumerate(times)]
    site.send(*events, src="madrid")
    found = site.drain()
    assert (found.n_done, found.n_dead) == (5, 1)
    assert site.states("madrid").index("dead") == 2
