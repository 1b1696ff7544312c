"""The open clocks beside the facts: kept up by the drain, made again when somebody else changed facts or terms."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from tests.alerts import BREACH
from tests.builders import a_commitment, an_agreement
from tests.drained import MINUTE, NOW, Site, agreed, event, site
from tests.fact_rows import rows

from smarketing.ledger.models import OpenClock, OpenClockState
from smarketing.ledger.news import RowNews
from smarketing.ledger.open_clocks import running, sweep_clocks
from smarketing.records.models import Job, Moment
from smarketing.terms.agreement import InForce
from smarketing.terms.errors import TermsError
from smarketing.workflows import refresh_open_clocks

__all__ = ["site"]

SLA = an_agreement(
    a_commitment(),
    a_commitment(id="rep", clock="rep", start="assignment"),
    a_commitment("follow_up_depth", "80 % with 3 touches within 5 business days", id="depth"),
    a_commitment("disposition_time", "90 % within 16 business hours", id="dispose"),
    a_commitment("follow_up_cadence", "90 % within 2 business days", id="cadence"),
    id="sla",
    acceptance_by_silence="2 business days",
)


def some_events(chance: Random, n: int) -> list[dict[str, Any]]:
    """Events about a few leads, in no order."""
    leads, reps = [str(number) for number in range(6)], ["rita", "sam", "queue"]
    found = []
    for _ in range(n):
        at, lead = NOW - timedelta(hours=chance.randint(1, 60)), chance.choice(leads)
        kinds: dict[str, dict[str, Any]] = {
            "lead.created": {
                "lead_id": lead,
                "owner_id": chance.choice(reps),
                "channel": chance.choice(["web", "fair"]),
            },
            "lead.updated": {"lead_id": lead, "owner_id": chance.choice(reps)},
            "touch.logged": {
                "lead_id": lead,
                "kind": "call",
                "direction": "out",
                "owner_id": chance.choice(reps),
                "outcome": chance.choice(["connected", "no_answer"]),
            },
            "stage.changed": {
                "entity": "lead",
                "entity_id": lead,
                "field": "lifecycle",
                "to_value": chance.choice(["mql", "sal", "disqualified"]),
            },
            "deal.updated": {"deal_id": f"d{lead}", "lead_id": lead, "status": "open", "created_at": at},
            "owner.updated": {"owner_id": chance.choice(reps), "team": chance.choice(["North", "South"])},
            "identity.merged": {"from_id": lead, "to_id": chance.choice(leads)},
        }
        kind = chance.choice(list(kinds) + ["lead.created", "touch.logged"] * 3)
        found.append(event(kind, at, **kinds[kind]))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_after_every_batch_they_are_those_made_anew(site: Site, seed: int) -> None:
    """C-05"""
    chance = Random(seed)
    agreed(site, SLA)
    site.refresh()
    for _ in range(6):
        site.send(*some_events(chance, chance.randint(1, 12)))
        site.drain_all()
        site.later(timedelta(hours=1))
        if OpenClockState.objects.get().seq != site.ledger.sequence:
            site.refresh()
        sweep_clocks(site.now)
        assert site.clocks() == site.clocks_anew()
    assert OpenClock.objects.count() > 5


def test_what_an_import_brought_is_asked_for_and_made(site: Site) -> None:
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    site.ledger.merge({"lead": rows("lead", {"lead_id": "2", "src": "crm", "created_at": "2026-03-02T08:00:00Z"})})
    assert refresh_open_clocks.ask_if_stale(now=site.now)
    assert [job.kind for job in Job.objects.all()] == ["refresh_open_clocks"]
    assert not OpenClock.objects.filter(lead_id="2").exists()
    site.refresh()
    assert not refresh_open_clocks.ask_if_stale(now=site.now)
    assert OpenClock.objects.filter(lead_id="2").exists()
    assert site.clocks() == site.clocks_anew()
    site.ledger.take_back(2)
    site.refresh()
    assert not OpenClock.objects.filter(lead_id="2").exists()


def test_a_new_version_makes_them_again(site: Site) -> None:
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    longer = an_agreement(
        a_commitment(target="95 % within 4 business hours"),
        id="sla",
        version=2,
        in_force=InForce(from_on=date(2026, 3, 1)),
    )
    agreed(site, SLA, longer)
    assert refresh_open_clocks.ask_if_stale(now=site.now)
    site.refresh()
    (clock,) = OpenClock.objects.filter(commitment="speed")
    assert (clock.version, clock.allowance_us) == (2, 4 * 3_600_000_000)
    assert site.clocks() == site.clocks_anew()


def test_what_was_due_while_they_were_stale_rings_when_they_are_made(site: Site) -> None:
    told: dict[str, Any] = {"id": "sla", "alerts": (BREACH,)}
    first = an_agreement(a_commitment(), **told)
    agreed(site, first)
    site.refresh()
    agreed(site, first, an_agreement(a_commitment(), version=2, in_force=InForce(from_on=date(2026, 3, 1)), **told))
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    site.later(timedelta(hours=27))
    site.refresh()
    (moment,) = Moment.objects.filter(rule=BREACH.id)
    assert site.now - moment.at > timedelta(days=1)


def test_an_agreement_that_cannot_be_judged_keeps_no_fact_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-17"""
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()

    def refuse(*_: object) -> pl.DataFrame:
        raise TermsError("The hours are gone.")

    with monkeypatch.context() as broken:
        broken.setattr(RowNews, "clocks_of", refuse)
        site.send(event("lead.created", lead_id="2"))
        assert site.drain().n_done == 1
    assert [lead["lead_id"] for lead in site.facts()] == ["1", "2"]
    state = OpenClockState.objects.get()
    assert (state.seq, state.trouble, state.stale_since) == (1, "The hours are gone.", site.now)
    site.refresh()
    state.refresh_from_db()
    assert (state.seq, state.trouble, state.stale_since) == (2, "", None)
    assert site.clocks() == site.clocks_anew()


def test_who_listens_hears_of_changed_leads_in_the_same_transaction(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(
        refresh_open_clocks, "AFTER_CLOCKS", [lambda leads, _: heard.append(None if leads is None else leads.rows())]
    )
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    assert heard == [[("crm", "1")]]
    site.terms.clear()
    site.refresh()
    assert heard[1:] == [None]


def test_a_late_touch_stops_a_clock_that_was_overdue(site: Site) -> None:
    """C-06"""
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    site.later(timedelta(days=3))
    assert running(site.now).filter(commitment="speed", due_at__lt=site.now).count() == 1
    site.send(event("touch.logged", NOW + MINUTE, lead_id="1", kind="call", direction="out"))
    site.drain()
    assert not OpenClock.objects.filter(commitment="speed").exists()


def test_clocks_that_stop_by_themselves_or_are_long_overdue_leave(site: Site) -> None:
    agreed(site, SLA)
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    dispose = OpenClock.objects.get(commitment="dispose")
    assert dispose.stops_at is not None
    assert not running(dispose.stops_at).filter(commitment="dispose").exists()
    assert sweep_clocks(dispose.stops_at) == 1
    assert sweep_clocks(NOW + timedelta(days=90)) == 2
    assert site.clocks() == []
