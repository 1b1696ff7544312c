"""From a folder of facts and an agreement's file to a card, and the same card however the facts are cut."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.builders import instant
from tests.past_company import past_company
from tests.scoring import the_line

from smarketing.engine.as_of import blocks
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.ledger.folder import create_folder, open_folder
from smarketing.ledger.replica import open_replica
from smarketing.scorecard.card import Axis
from smarketing.scorecard.compose import scorecard
from smarketing.scorecard.gather import Gather
from smarketing.scorecard.horizon import Horizon
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.period import read_period
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.score_agreement import score

NOW = datetime(2025, 9, 1, tzinfo=UTC)
AGREEMENT = """
id: company
title: Promises of a small company
zone: Europe/Madrid
in_force: {from_on: 2025-01-01, until_on: 2025-12-31}
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
tiers:
  - {id: gold, grades: [A], worth: 100}
  - {id: plain, worth: 40}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {mon-fri: 09:00-18:00}
commitments:
  - {id: volume, party: marketing, kind: lead_volume, target: 50 leads, stage: lead, pacing: working_days}
  - {id: value, party: marketing, kind: lead_value, target: 3000 points, stage: lead}
  - {id: speed, party: sales, kind: speed_to_lead, target: 80 % within 4 business hours}
  - {id: median, party: sales, kind: speed_to_lead, target: median within 2 business hours}
  - {id: depth, party: sales, kind: follow_up_depth, target: 3 touches within 5 business days}
  - {id: close, party: sales, kind: conversion_rate, target: 10 %, to_stage: customer, lag: 90 clock days}
consequences:
  - {strikes: 1, step: Talk it over}
cancellation:
  - {condition: Two slow months running, commitment: speed, missed_periods: 2}
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("company")
    past_company(root / "facts")
    (root / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    return root


def gathered(company: Path, period: str = "2025-05", axes: tuple[Axis, ...] = ()) -> tuple[Gather, object]:
    replica = open_replica(open_folder(company / "facts"))
    versions = read_versions(company / "agreement.yaml")
    at = instant(NOW)
    compiled = compile_terms(
        versions, replica.codebook, start=instant("2023-01-01"), end=max(at, replica.latest_at) + 1
    )
    return Gather(compiled, Horizon(read_period(period), "Europe/Madrid", at), axes), replica


def test_the_counts_are_those_of_the_engines_verdicts(company: Path) -> None:
    card = score(
        read_versions(company / "agreement.yaml"),
        open_folder(company / "facts"),
        period=read_period("2025-05"),
        now=NOW,
    )
    gather, replica = gathered(company)
    clocks = evaluate(replica.history(0), gather.compiled, now=instant(NOW)).clocks["speed"]  # type: ignore[attr-defined]
    start, end = read_period("2025-05").bounds("Europe/Madrid")
    inside = (clocks.start_at >= start) & (clocks.start_at < end)
    verdicts = np.bincount(clocks.verdicts(instant(NOW))[inside], minlength=4).tolist()
    line = the_line(card)
    assert [line.n_met, line.n_breached, line.n_running, line.n_void] == verdicts
    assert sum(verdicts) > 30
    assert line.speed is not None
    assert sum(band.n for band in line.speed.bands) == sum(verdicts[:3])


def test_the_pieces_of_a_line_sum_to_it(company: Path) -> None:
    axes = tuple(Axis)
    card = score(
        read_versions(company / "agreement.yaml"),
        open_folder(company / "facts"),
        period=read_period("2025-05"),
        now=NOW,
        by=axes,
    )
    for line in card.lines:
        for axis in axes:
            groups = line.groups[axis]
            if line.shape == "total":
                assert sum(group.amount or 0 for group in groups) == pytest.approx(line.actual)
            else:
                assert sum(group.n_met for group in groups) == line.n_met
                assert sum(group.n_breached for group in groups) == line.n_breached
                assert sum(group.n_void for group in groups) == line.n_void
        assert line.trend[-1].actual == line.actual
        assert len(line.days) == 31


def test_neither_partition_nor_order_of_the_leads_shows(company: Path) -> None:
    axes = (Axis.REP, Axis.TIER, Axis.WEEK)
    whole, replica = gathered(company, axes=axes)
    history = replica.history(0)  # type: ignore[attr-defined]
    whole.add(history)
    parts, _ = gathered(company, axes=axes)
    for block in reversed(list(blocks(history, 37))):
        parts.add(block)
    one, other = (scorecard(each, facts_sequence=1).to_json() for each in (whole, parts))
    assert one.pop("provenance") | {"n_buckets": 0} == other.pop("provenance") | {"n_buckets": 0}
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_only_buckets_that_can_show_are_read(company: Path) -> None:
    gather, _ = gathered(company)  # its trend begins on 1 June 2024, its latest week ends on 1 June 2025
    assert gather.concerns(instant("2020-01-01"), instant("2026-01-01"))
    assert not gather.concerns(instant("2020-01-01"), instant("2024-05-01"))
    assert not gather.concerns(instant("2025-06-08"), instant("2026-01-01"))


def test_the_period_is_this_month_in_the_agreements_zone_unless_said(company: Path) -> None:
    late = datetime(2025, 5, 31, 22, 30, tzinfo=UTC)  # already June in Madrid
    card = score(read_versions(company / "agreement.yaml"), open_folder(company / "facts"), period=None, now=late)
    assert (card.period.label, card.period.n_days_passed) == ("2025-06", 1)


def test_every_period_ahead_is_open_and_divides_by_nothing(company: Path) -> None:
    card = score(
        read_versions(company / "agreement.yaml"),
        open_folder(company / "facts"),
        period=read_period("2025-12"),
        now=NOW,
        by=tuple(Axis),
    )
    assert {line.word for line in card.lines} == {"no_data"}
    assert the_line(card, "volume").why == "The period has not begun."
    json.dumps(card.to_json(), allow_nan=False)


def test_a_period_under_no_version_is_refused(company: Path) -> None:
    with pytest.raises(TermsError, match="in force in 2019-01") as refused:
        score(
            read_versions(company / "agreement.yaml"),
            open_folder(company / "facts"),
            period=read_period("2019-01"),
            now=NOW,
        )
    assert "from 2025-01-01 until 2025-12-31" in refused.value.hint


def test_an_empty_folder_of_facts_is_refused(company: Path, tmp_path: Path) -> None:
    create_folder(tmp_path / "nothing")
    with pytest.raises(FactsError, match="no leads to judge"):
        score(read_versions(company / "agreement.yaml"), open_folder(tmp_path / "nothing"), period=None, now=NOW)


def test_provenance_names_everything_that_must_stay_the_same(company: Path) -> None:
    found = score(
        read_versions(company / "agreement.yaml"), open_folder(company / "facts"), period=None, now=NOW
    ).provenance
    assert found.fingerprints[0].startswith("sha256:")
    assert (found.facts_sequence, found.n_leads, found.n_buckets, found.now) == (1, 600, 1, NOW)
