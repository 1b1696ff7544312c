"""The program is started with newer time zone data: deadlines that moved with it are made and rung anew."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import _lru_cache_wrapper

import pytest
from tests.alerts import BREACH
from tests.builders import a_calendar, a_commitment, an_agreement
from tests.drained import Site, agreed, event, site

from smarketing.ledger import foundation
from smarketing.ledger.models import OpenClock
from smarketing.records.models import Moment
from smarketing.terms import offsets, zones
from smarketing.workflows import refresh_open_clocks

__all__ = ["site"]

# Madrid's office opens at eight by UTC in winter; the new data give it the clock of Athens, an hour further.
SLA = an_agreement(a_commitment(), id="sla", calendars=(a_calendar(zone="Europe/Madrid"),), alerts=(BREACH,))
CAME, DUE_BEFORE, DUE_AFTER = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (6, 9, 8))


@pytest.fixture
def swapped(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    forget()


def swap(patch: pytest.MonkeyPatch) -> None:
    """As a process that starts with the new release of the data finds it."""
    real = zones.zone_bytes
    for module in (zones, offsets):
        patch.setattr(module, "zone_bytes", lambda name: real("Europe/Athens" if name == "Europe/Madrid" else name))
    patch.setattr(foundation, "tzdb_version", lambda: "2099a")
    forget()


def forget() -> None:
    """What a process remembers of zones dies with it."""
    ours = [sys.modules[name] for name in sys.modules if name.startswith("smarketing.")]
    names = {module.__name__ for module in ours}
    for found in gc.get_objects():
        if type(found) is _lru_cache_wrapper and getattr(found, "__module__", "") in names:
            found.cache_clear()


def test_a_deadline_that_moved_with_the_zone_is_made_and_told_anew(site: Site, swapped: pytest.MonkeyPatch) -> None:
    agreed(site, SLA)
    site.now = CAME
    site.send(event("lead.created", CAME, lead_id="1"))
    site.drain()
    assert [clock.due_at for clock in OpenClock.objects.all()] == [DUE_BEFORE]
    assert [moment.at for moment in Moment.objects.filter(rule=BREACH.id)] == [DUE_BEFORE]
    assert not refresh_open_clocks.are_stale(now=site.now)
    swap(swapped)
    assert refresh_open_clocks.ask_if_stale(now=site.now)
    site.refresh()
    assert [clock.due_at for clock in OpenClock.objects.all()] == [DUE_AFTER]
    assert [moment.at for moment in Moment.objects.filter(rule=BREACH.id, state="waiting")] == [DUE_AFTER]
    assert site.clocks() == site.clocks_anew()


def test_an_event_between_the_swap_and_the_job_keeps_to_the_new_data(site: Site, swapped: pytest.MonkeyPatch) -> None:
    agreed(site, SLA)
    site.now = CAME
    site.send(event("lead.created", CAME, lead_id="1"))
    site.drain()
    swap(swapped)
    site.later(timedelta(minutes=1))
    site.send(event("lead.created", CAME, lead_id="2"))
    assert site.drain().n_done == 1
    site.refresh()
    assert {clock.lead_id: clock.due_at for clock in OpenClock.objects.all()} == {"1": DUE_AFTER, "2": DUE_AFTER}
    assert site.clocks() == site.clocks_anew()
