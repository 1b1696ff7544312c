"""Explaining leads of a small company from a folder of facts, and that no explanation disagrees with the engine."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.past_company import facts_folder, past_company

from smarketing.cli.__main__ import main
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.ledger.folder import open_folder
from smarketing.ledger.replica import open_replica
from smarketing.scorecard.explain import explain
from smarketing.terms.errors import FactsError
from smarketing.terms.language import words
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.explain_lead import explain_lead

NOW = datetime(2025, 11, 20, 10, 30, tzinfo=UTC)
AGREEMENT = """
id: try
version: {version}
title: Try
zone: Europe/Madrid
in_force: {{from_on: {from_on}}}
parties:
  - {{id: marketing, name: Marketing, role: marketing}}
  - {{id: sales, name: Sales, role: sales, calendar: late}}
tiers:
  - {{id: top, worth: 3, grades: [A]}}
counting: {{min_call_s: 30, touches: [call, email]}}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {{mon-fri: 09:00-18:00}}
    holidays: {{country: ES, region: MD}}
  - id: late
    zone: America/New_York
    hours: {{mon-sat: "22:00-06:00"}}
commitments:
  - {{id: speed, party: sales, kind: speed_to_lead, target: "95 % within {hours} business hours", title: First answer,
     pauses: [On hold, Waiting],
     overrides: [{{only: {{tiers: [top]}}, calendar: office, within: 2 business hours}}]}}
  - {{id: reached, party: sales, kind: speed_to_lead, target: "50 % within 3 business days", stop: connection}}
  - {{id: rep, party: sales, kind: speed_to_lead, target: "90 % within 8 business hours", clock: rep, calendar: office}}
  - {{id: routing, party: sales, kind: speed_to_lead, target: "99 % within 30 clock minutes", clock: system}}
  - {{id: depth, party: sales, kind: follow_up_depth, target: "3 touches within 5 business days",
     pauses: [On hold]}}
  - {{id: decide, party: sales, kind: disposition_time, target: "90 % within 5 business days",
     pauses: [Waiting]}}
  - {{id: rate, party: marketing, kind: conversion_rate, target: "10 %", stage: mql, to_stage: customer,
     lag: 70 clock days}}
  - {{id: gaps, party: sales, kind: follow_up_cadence, target: "80 % within 10 business days"}}
  - {{id: volume, party: marketing, kind: lead_volume, target: 50 leads, stage: mql}}
  - {{id: value, party: marketing, kind: lead_value, target: 100 points}}
  - {{id: revenue, party: marketing, kind: sourced_revenue, target: 10000 EUR}}
  - {{id: deals, party: sales, kind: opportunities_created, target: 5 opportunities}}
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    facts, terms = tmp_path_factory.mktemp("facts"), tmp_path_factory.mktemp("terms")
    past_company(facts, n_leads=240)
    (terms / "one.yaml").write_text(AGREEMENT.format(version=1, from_on="2025-03-01", hours=4))
    (terms / "two.yaml").write_text(AGREEMENT.format(version=2, from_on="2025-07-15", hours=1))
    return facts, terms


def test_every_explanation_equals_the_engine_and_adds_up(company: tuple[Path, Path]) -> None:
    facts, terms = company
    replica = open_replica(open_folder(facts))
    history, now = replica.history(0), (NOW - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    compiled = compile_terms(read_versions(terms), replica.codebook, start=replica.first_at, end=replica.latest_at + 1)
    whole = evaluate(history, compiled, now=now)
    for commitment, clocks in whole.clocks.items():
        verdicts = clocks.verdicts(now)
        for number in range(0, replica.n_leads, 5):
            found = explain(history, number, compiled, commitment, now=now, words=words("en"))
            rows = (clocks.lead == number).nonzero()[0]
            assert len(found.clocks) == len(rows)
            for row, clock in zip(rows, found.clocks, strict=True):
                check_clock(clock, int(verdicts[row]), int(clocks.elapsed_us[row]), int(clocks.stop_at[row]) < 2**62)
            assert found.sentence
    for commitment, tallies in whole.tallies.items():
        for number in range(0, replica.n_leads, 5):
            found = explain(history, number, compiled, commitment, now=now, words=words("en"))
            assert len(found.tallies) == int((tallies.lead == number).sum())
            assert found.sentence


def check_clock(clock: Any, verdict: int, elapsed: int, is_stopped: bool) -> None:
    assert clock.verdict == ("met", "breached", "running", "void")[verdict]
    listed = sum(s.open_us for s in clock.segments) - sum(p.open_us for p in clock.pauses)
    assert clock.elapsed_us == listed
    if is_stopped:
        assert clock.elapsed_us == elapsed
    assert (clock.breached is not None) == (clock.verdict == "breached")
    n_counted = sum(touch.is_counted for touch in clock.touches)
    if clock.clause.kind == "follow_up_depth":
        assert clock.n_touches == n_counted
    elif clock.clause.id in ("speed", "reached", "rep", "gaps") and clock.touches:
        assert (n_counted > 0) <= is_stopped
        assert not is_stopped or n_counted > 0 or clock.clause.id == "gaps"  # a gap may end with the deal
    if clock.stages and is_stopped:
        assert sum(stage.is_counted for stage in clock.stages) == 1


def test_only_the_clause_in_force_when_it_started_judges(company: tuple[Path, Path]) -> None:
    facts, terms = company
    leads = open_folder(facts).frame("lead").filter(pl.col("reason").is_null()).sort("created_at")
    for lead_id, created_at in leads.select("lead_id", "created_at").iter_rows():
        if created_at.month == 8:
            found = explain_lead(
                lead_id, commitment="speed", versions=read_versions(terms), facts=open_folder(facts), now=NOW
            )
            assert found.clocks[0].version.version == 2
            break
    found = explain_lead(
        leads["lead_id"][0], commitment="speed", versions=read_versions(terms), facts=open_folder(facts), now=NOW
    )
    assert "No version of the agreement was in force" in found.why_nothing


def test_the_source_says_what_became_of_a_touch(tmp_path: Path, company: tuple[Path, Path]) -> None:
    at = datetime(2025, 8, 4, 8, 0, tzinfo=UTC)
    touch = {"lead_id": "a", "kind": "call", "direction": "out", "occurred_at": at + timedelta(hours=1)}
    rows = [
        touch | {"touch_id": "planned", "outcome": "scheduled"},
        touch | {"touch_id": "gone", "outcome": "no_answer", "deleted_at": NOW},
        touch | {"touch_id": "off", "outcome": "cancelled", "lead_id": None, "person_key": "p"},
        touch | {"touch_id": "real", "outcome": "connected", "occurred_at": at + timedelta(hours=2)},
        touch | {"touch_id": "other", "outcome": "connected", "lead_id": "b"},
    ]
    leads = [{"lead_id": name, "created_at": at, "person_key": person} for name, person in (("a", "p"), ("b", "q"))]
    facts_folder(tmp_path, {"lead": leads, "touch": rows})
    found = explain_lead(
        "a", commitment="speed", versions=read_versions(company[1]), facts=open_folder(tmp_path), now=NOW
    )
    seen = {touch.touch_id: touch.reason for touch in found.clocks[0].touches}
    assert seen == {"planned": "scheduled", "gone": "deleted", "off": "cancelled", "real": ""}


def test_an_unknown_lead_suggests_near_ones(company: tuple[Path, Path]) -> None:
    facts, terms = company
    with pytest.raises(FactsError, match='There is no lead "L00001"'):
        explain_lead("L00001", commitment="speed", versions=read_versions(terms), facts=open_folder(facts), now=NOW)


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
    monkeypatch.setenv("COLUMNS", "140")
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_explain_on_the_command_line(
    company: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, terms = company
    folders = ("--agreement", str(terms), "--facts", str(facts), "--now", NOW.isoformat())
    ids = open_folder(facts).frame("lead").filter(pl.col("reason").is_null()).sort("created_at")["lead_id"].to_list()
    for commitment in ("speed", "rep", "depth", "decide", "rate", "volume", "gaps"):
        for lead_id in ids[100:110]:
            assert command(monkeypatch, "explain", lead_id, "--commitment", commitment, *folders) == 0
    shown = capsys.readouterr().out
    assert "First answer: " in shown
    assert "┃" in shown
    assert command(monkeypatch, "explain", ids[105], "--commitment", "speed", *folders, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["lead_id"] == ids[105]
    assert answer["clocks"][0]["clause"]["kind"] == "speed_to_lead"
    assert command(monkeypatch, "explain", ids[0], "--commitment", "nothing", *folders) == 3


def test_without_a_commitment_every_one_that_judged_the_lead_is_explained(
    company: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, terms = company
    folders = ("--agreement", str(terms), "--facts", str(facts), "--now", NOW.isoformat())
    ids = open_folder(facts).frame("lead").filter(pl.col("reason").is_null()).sort("created_at")["lead_id"].to_list()
    assert command(monkeypatch, "explain", ids[105], *folders, "--json") == 0
    every = json.loads(capsys.readouterr().out)["explanations"]
    named = [each["commitment"] for each in every]
    assert {"speed", "depth"} <= set(named)
    assert len(named) == len(set(named))
    assert all((each["clocks"] or each["tallies"]) and not each["why_nothing"] for each in every)
    assert command(monkeypatch, "explain", ids[105], "--commitment", named[0], *folders, "--json") == 0
    assert json.loads(capsys.readouterr().out) == every[0]
    assert command(monkeypatch, "explain", ids[105], *folders) == 0
    shown = capsys.readouterr().out
    assert shown.count(f"Lead {ids[105]}") == 1
    assert "First answer: " in shown
    assert "─" in shown
    assert command(monkeypatch, "explain", ids[0], *folders, "--json") == 0  # before the first version
    reasons = json.loads(capsys.readouterr().out)["explanations"]
    assert reasons
    assert all(each["why_nothing"] for each in reasons) or any(each["tallies"] for each in reasons)
