"""Lists may be some seconds behind events, and behind nothing that people did."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.drained import NOW, Site, event, site
from tests.fact_rows import rows

from smarketing.ledger.change import sweep
from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.drain_lease import take
from smarketing.ledger.effort import SHARE, Effort
from smarketing.ledger.generations import PAST
from smarketing.ledger.lag import Lag
from smarketing.ledger.lock import LOCK
from smarketing.ledger.mirror_past import MOST as MOST_PAST
from smarketing.ledger.mirror_shown import FOLDER, note_shown, shown
from smarketing.workflows.drain_inbox import drain_delivery, drain_inbox

__all__ = ["site"]

MOST = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def effort(monkeypatch: pytest.MonkeyPatch) -> Effort:
    """That of a machine that does everything in no time."""
    found = Effort()
    monkeypatch.setattr("smarketing.ledger.lag.EFFORT", found)
    return found


@pytest.fixture
def begun(site: Site) -> Site:
    """One lead is there, everybody has seen it, and another has just come by an event."""
    tell(site, "L1")
    assert leads(site.ledger) == ["L1"]
    tell(site, "L2")
    return site


def tell(site: Site, lead_id: str) -> None:
    site.send(event("lead.created", NOW, lead_id=lead_id))
    drained(site)


def drained(site: Site) -> None:
    """As the worker does it, who never reads the mirror."""
    site.lease = take("test", site.now)
    assert site.lease
    drain_inbox(ledger=the_ledger(site.home, is_to_write=True), lease=site.lease, now=site.now)


def seen(site: Site, after_s: float, most: timedelta = MOST) -> Ledger:
    return the_ledger(site.home, lag=Lag(site.now + timedelta(seconds=after_s), most))


def leads(ledger: Ledger) -> list[str]:
    return sorted(ledger.frame("lead")["lead_id"])


def test_a_look_may_miss_the_last_seconds_and_no_more(begun: Site) -> None:
    behind = seen(begun, 4.9)
    assert leads(behind) == ["L1"] and behind.sequence == 1
    assert leads(seen(begun, 5)) == ["L1", "L2"]
    assert leads(seen(begun, 0)) == ["L1", "L2"], "nobody goes back"


def test_the_oldest_event_counts(begun: Site) -> None:
    begun.later(timedelta(seconds=4))
    tell(begun, "L3")
    assert leads(seen(begun, 0.5)) == ["L1"]
    assert leads(seen(begun, 1)) == ["L1", "L2", "L3"]


def test_whoever_is_not_only_looking_misses_nothing(begun: Site) -> None:
    assert leads(begun.ledger) == ["L1", "L2"]


def test_without_a_lag_nothing_is_missing(begun: Site) -> None:
    assert leads(seen(begun, 0, timedelta())) == ["L1", "L2"]


def test_what_somebody_did_is_there_at_once_with_all_before_it(begun: Site) -> None:
    the_ledger(begun.home, is_to_write=True).merge({"lead": rows("lead", {"lead_id": "L3"})})
    assert leads(seen(begun, 0)) == ["L1", "L2", "L3"]


def test_an_event_that_somebody_waits_for_is_there_at_once(begun: Site) -> None:
    receipt = begun.send(event("lead.created", NOW, lead_id="L3")).receipt
    drain_delivery(receipt=receipt, ledger=the_ledger(begun.home, is_to_write=True), now=begun.now)
    assert leads(seen(begun, 0)) == ["L1", "L2", "L3"]


def test_a_clock_that_went_back_hides_nothing(begun: Site) -> None:
    assert leads(seen(begun, -60)) == ["L1", "L2"]


@pytest.mark.parametrize(
    "told",
    [
        event("lead.updated", NOW, lead_id="L1", status="new"),
        event("touch.logged", NOW, lead_id="L1", kind="call", direction="out"),
        event("stage.changed", NOW, entity="lead", entity_id="L1", field="lifecycle", to_value="mql"),
        event("deal.updated", NOW, deal_id="D1", lead_id="L1", created_at=NOW, status="open"),
    ],
    ids=lambda told: told["type"],
)
def test_the_page_of_a_lead_misses_nothing_of_it(begun: Site, told: dict[str, object]) -> None:
    opened = seen(begun, 0)
    opened.catch_up_on("crm", "L1")
    assert opened.sequence == 1, "what came is about another"
    begun.send(told)
    drained(begun)
    opened.catch_up_on("crm", "L1")
    assert opened.sequence == 3 and leads(opened) == ["L1", "L2"]


def test_a_look_stays_with_what_was_shown_though_large_merges_move_the_mirror_on(
    begun: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leads(seen(begun, 0)) == ["L1"]
    monkeypatch.setattr("smarketing.ledger.database.FEW_ROWS", 0)
    for number in range(3, 3 + 2 * MOST_PAST):
        tell(begun, f"L{number}")
    assert begun.ledger.sequence == 2 + 2 * MOST_PAST
    assert leads(seen(begun, 4.9)) == ["L1"], "its files outlive those of other generations"
    assert len(leads(seen(begun, 5))) == len(leads(seen(begun, 0))) == 2 + 2 * MOST_PAST


def test_of_what_was_shown_a_few_generations_are_kept(begun: Site) -> None:
    for number in range(3, 10):
        tell(begun, f"L{number}")
        assert len(leads(seen(begun, 0, timedelta()))) == number
    assert len(list((begun.ledger.path / FOLDER).glob("*.json"))) == PAST + 1


def test_what_was_shown_of_facts_that_are_gone_is_not_shown_again(begun: Site) -> None:
    assert leads(seen(begun, 0)) == ["L1"]
    begun.ledger.rebuild()
    assert leads(seen(begun, 0)) == ["L1", "L2"]


def test_what_takes_long_to_bring_up_is_shown_longer(begun: Site, effort: Effort) -> None:
    effort.seconds = 20 * SHARE
    assert leads(seen(begun, 19)) == ["L1"]
    assert leads(seen(begun, 19, timedelta())) == ["L1", "L2"], "but not to who asked for all"


def test_but_for_a_minute_at_most(begun: Site, effort: Effort) -> None:
    effort.seconds = 3600.0
    assert leads(seen(begun, 59)) == ["L1"]
    assert leads(seen(begun, 60)) == ["L1", "L2"]


def test_all_that_is_made_of_the_facts_counts_since_they_were_brought_up() -> None:
    found = Effort()
    found.seconds = 1_000.0
    with found.counted(is_first=True):
        time.sleep(0.02)
    first = found.seconds
    assert 0.02 <= first < 1_000
    with found.counted():
        time.sleep(0.02)
    assert found.seconds >= first + 0.02
    assert found.worth == timedelta(seconds=found.seconds / SHARE)


def test_several_who_note_what_is_shown_at_once_do_not_meet(begun: Site) -> None:
    path, manifest = begun.ledger.path, begun.ledger.manifest
    (path / FOLDER).mkdir(exist_ok=True)
    (path / FOLDER / "torn.json.tmp").write_text("{")
    for number in range(20):
        each = replace(manifest, sequence=1_000 + number)
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(note_shown, path, each) for _ in range(8)]:
                done.result()
        assert shown(path) == each
    names = {file.name for file in (path / FOLDER).iterdir()} - {LOCK}
    assert len(names) == PAST + 1, "what was torn is gone as well"


def test_what_sweeps_the_tables_leaves_the_note_alone(begun: Site) -> None:
    path, manifest, over = begun.ledger.path, begun.ledger.manifest, threading.Event()

    def sweeping() -> None:
        while not over.is_set():
            sweep(path, manifest.files)

    with ThreadPoolExecutor(1) as pool:
        swept = pool.submit(sweeping)
        for number in range(200):
            note_shown(path, replace(manifest, sequence=1_000 + number))
        over.set()
        swept.result()
    assert shown(path) == replace(manifest, sequence=1_199)
