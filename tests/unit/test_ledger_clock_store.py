"""Stored clocks are the engine's own, whatever the bucket; verdicts of any moment are comparisons on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.builders import a_commitment, an_agreement, instant
from tests.fact_rows import rows
from tests.unit.test_ledger_replica_life import company

from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.ledger import replica, replica_build, spill
from smarketing.ledger.clock_frames import BREACHED, MET, RUNNING, VOID, has_begun, is_at_risk, verdict
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.replica import Replica, open_replica
from smarketing.terms.agreement import Agreement, Handover, HandoverMoment, InForce
from smarketing.terms.errors import FactsError

PROMISES = (
    a_commitment(),
    a_commitment(id="rep", clock="rep", start="assignment"),
    a_commitment("follow_up_depth", "80 % with 3 touches within 5 business days", id="depth"),
    a_commitment("disposition_time", "90 % within 16 business hours", id="dispose"),
    a_commitment("conversion_rate", "10 %", id="win", party="marketing", lag="30 clock days"),
    a_commitment("follow_up_cadence", "90 % within 2 business days", id="cadence"),
    a_commitment("lead_volume", "50 leads", id="volume", party="marketing"),
)
VERSIONS = (
    an_agreement(*PROMISES, version=1),
    an_agreement(
        *PROMISES,
        version=2,
        in_force=InForce(from_on=date(2025, 6, 15)),
        handover=Handover(at=HandoverMoment.ASSIGNMENT),
        acceptance_by_silence="2 business days",
    ),
)
FAR = instant("2027-01-01") - 1


@pytest.fixture
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (replica, replica_build, spill):
        monkeypatch.setattr(module, "BUCKET_LEADS", 16)
    yield


@pytest.fixture
def facts(tmp_path: Path) -> Folder:
    folder = create_folder(tmp_path / "facts")
    folder.merge(company())
    return folder


def judged(opened: Replica, versions: tuple[Agreement, ...] = VERSIONS) -> dict[str, Clocks]:
    compiled = compile_terms(versions, opened.codebook, start=opened.first_at, end=FAR + 1)
    parts = [evaluate(opened.history(b), compiled, now=FAR).clocks for b in range(opened.n_buckets)]
    return {
        name: Clocks(*(np.concatenate([getattr(p[name], f.name) for p in parts]) for f in fields(Clocks)))
        for name in parts[0]
    }


@pytest.mark.usefixtures("small_buckets")
def test_every_clock_of_the_engine_is_stored_as_it_is(facts: Folder) -> None:
    opened = open_replica(facts)
    stored = open_clocks(opened, VERSIONS).scan().collect()
    assert stored["number"].is_sorted()
    assert (stored["number"] == stored["lead"] + stored["number"] // 16 * 16).all()
    expected = judged(opened)
    assert set(stored["commitment"].unique()) == set(expected) == {"speed", "rep", "depth", "dispose", "win", "cadence"}
    for name, clocks in expected.items():
        own = stored.filter(pl.col("commitment") == name)
        assert own["number"].to_list() == clocks.lead.tolist()
        for column in fields(Clocks)[1:]:
            np.testing.assert_array_equal(own[column.name].to_numpy(), getattr(clocks, column.name))
    assert set(stored["version"]) == {1, 2}
    assert (stored.filter(pl.col("commitment") == "win")["party"] == "marketing").all()


@pytest.mark.parametrize("now", ["2025-06-10 12:00", "2025-06-16 09:30", "2025-07-01 00:00", "2026-03-01 00:00"])
def test_verdicts_are_those_of_the_clocks(facts: Folder, now: str) -> None:
    opened, at = open_replica(facts), instant(now)
    stored = open_clocks(opened, VERSIONS).scan().with_columns(verdict(at), is_at_risk(at)).collect()
    for name, clocks in judged(opened).items():
        own = stored.filter(pl.col("commitment") == name)
        words = np.array([MET, BREACHED, RUNNING, VOID])
        assert own["verdict"].to_list() == words[clocks.verdicts(at)].tolist()
        assert own["is_at_risk"].to_list() == clocks.is_at_risk(at).tolist()


def test_a_clock_that_starts_later_has_not_begun(facts: Folder) -> None:
    stored, at = open_clocks(open_replica(facts), VERSIONS), instant("2025-06-10 12:00")
    begun = stored.scan().filter(has_begun(at)).collect()
    assert 0 < len(begun) < len(stored.scan().collect())
    assert begun["start_at"].max() <= at


@pytest.mark.usefixtures("small_buckets")
def test_one_lead_and_one_bucket_are_parts_of_the_whole(facts: Folder) -> None:
    stored = open_clocks(open_replica(facts), VERSIONS)
    whole = stored.scan().collect()
    assert pl.concat([stored.frame(bucket) for bucket in range(3)]).equals(whole)
    for number in (0, 15, 16, 39):
        assert stored.of_lead(number).equals(whole.filter(pl.col("number") == number))


def test_clocks_are_made_once_for_the_same_terms_and_facts(facts: Folder) -> None:
    opened = open_replica(facts)
    made = [open_clocks(opened, VERSIONS).path for _ in range(2)]
    assert made[0] == made[1]
    assert open_clocks(opened, VERSIONS[:1]).path != made[0]
    assert open_clocks(opened, VERSIONS, now=instant("2031-05-01")).path != made[0]
    facts.merge({"lead": rows("lead", {"lead_id": "new"})})
    assert open_clocks(open_replica(facts), VERSIONS).path.parent == made[0].parent


def test_progress_is_told(facts: Folder) -> None:
    told: list[tuple[int, int]] = []
    open_clocks(open_replica(facts), VERSIONS, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


def test_facts_without_leads_have_no_clocks(tmp_path: Path) -> None:
    stored = open_clocks(open_replica(create_folder(tmp_path / "facts")), VERSIONS)
    assert stored.scan().filter(pl.col("commitment") == "speed").with_columns(verdict(0)).collect().is_empty()
    assert stored.frame(0).is_empty()


def test_clocks_that_cannot_be_written_are_a_sentence(facts: Folder) -> None:
    (facts.path / "clocks").write_text("a file where a folder should be")
    with pytest.raises(FactsError, match="The clocks cannot be kept"):
        open_clocks(open_replica(facts), VERSIONS)
