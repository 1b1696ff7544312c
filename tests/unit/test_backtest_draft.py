"""A draft held against the past year of a small company."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.past_company import facts_folder, past_company

from smarketing.cli.__main__ import main
from smarketing.ledger.folder import open_folder
from smarketing.terms.errors import FactsError
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.backtest_draft import backtest_draft

NOW = datetime(2026, 1, 5, tzinfo=UTC)
DRAFT = """
id: draft
title: Draft
zone: UTC
in_force: {from_on: 2026-02-01}
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendars:
  - {id: office, zone: UTC, hours: {mon-fri: 09:00-18:00}}
commitments:
  - {id: volume, party: marketing, kind: lead_volume, target: 52 leads, title: Leads}
  - {id: speed, party: sales, kind: speed_to_lead, target: "95 % within 4 business hours"}
  - {id: median, party: sales, kind: speed_to_lead, target: median within 2 business hours}
  - {id: never, party: sales, kind: conversion_rate, target: "5 %", stage: sql, to_stage: customer, lag: 30 clock days}
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    facts, terms = tmp_path_factory.mktemp("facts"), tmp_path_factory.mktemp("terms") / "draft.yaml"
    past_company(facts)
    terms.write_text(DRAFT)
    return facts, terms


def test_each_past_month_is_judged_as_if_the_draft_had_been_in_force(folders: tuple[Path, Path]) -> None:
    facts, terms = folders
    found = backtest_draft(read_versions(terms), open_folder(facts), now=NOW)
    leads = open_folder(facts).frame("lead")
    volume = found.lines[0]
    assert found.periods == tuple(f"2025-{month:02}" for month in range(1, 13))
    for month in volume.months:
        is_there = (leads["created_at"].dt.strftime("%Y-%m") == month.label) & leads["reason"].is_null()
        assert month.actual == is_there.sum()
        assert month.is_met is (month.actual >= 52)
    assert volume.n_met == sum(month.is_met is True for month in volume.months)


def test_a_suggested_target_would_have_been_met_often_enough(folders: tuple[Path, Path]) -> None:
    facts, terms = folders
    volume, speed, median, never = backtest_draft(read_versions(terms), open_folder(facts), now=NOW).lines
    for line in (volume, speed, median):
        if line.suggested is not None:
            assert line.n_met_by_suggestion >= 9
    assert volume.suggested is not None and volume.suggested <= 52
    assert median.is_at_most and median.suggested is not None and median.suggested % 60 == 0
    assert (never.n_judged, never.suggested) == (0, None)


def test_a_weekly_total_is_not_given_a_monthly_suggestion(folders: tuple[Path, Path], tmp_path: Path) -> None:
    weekly = tmp_path / "weekly.yaml"
    weekly.write_text(DRAFT.replace("target: 52 leads", "target: 40 leads, period: week"))
    volume = backtest_draft(read_versions(weekly), open_folder(folders[0]), now=NOW).lines[0]
    assert (volume.n_met, volume.suggested, volume.n_met_by_suggestion) == (0, None, 0)


def test_fewer_months_look_back_less(folders: tuple[Path, Path]) -> None:
    facts, terms = folders
    found = backtest_draft(read_versions(terms), open_folder(facts), now=NOW, n_periods=3)
    assert [month.from_on for month in found.lines[0].months] == [date(2025, n, 1) for n in (10, 11, 12)]


def test_what_else_speaks_against_the_draft_stands_beside(folders: tuple[Path, Path], tmp_path: Path) -> None:
    hungry = tmp_path / "hungry.yaml"
    hungry.write_text(DRAFT.replace("target: 52 leads", "target: 520 leads"))
    (found,) = backtest_draft(read_versions(hungry), open_folder(folders[0]), now=NOW).cautions
    assert (found.name, found.values["promised"]) == ("above_best_month", 520)


def test_months_before_the_first_lead_are_not_judged(folders: tuple[Path, Path]) -> None:
    facts, terms = folders
    volume = backtest_draft(read_versions(terms), open_folder(facts), now=datetime(2025, 4, 5, tzinfo=UTC)).lines[0]
    assert [month.is_met is None for month in volume.months] == [True] * 9 + [False] * 3


def test_no_facts_is_a_sentence(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    facts_folder(tmp_path, {})
    with pytest.raises(FactsError, match="There are no leads to judge"):
        backtest_draft(read_versions(folders[1]), open_folder(tmp_path), now=NOW)


def test_backtest_on_the_command_line(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(*more: str) -> int:
        facts, terms = folders
        arguments = ["smarketing", "backtest", "--agreement", str(terms), "--facts", str(facts)]
        monkeypatch.setattr(sys, "argv", [*arguments, "--now", NOW.isoformat(), *more])
        monkeypatch.setenv("COLUMNS", "120")
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    assert command("--json") == 0
    answer = json.loads(capsys.readouterr().out)
    volume, *_, never = answer["commitments"]
    assert answer["warnings"] == []
    assert volume["sentence"].startswith(f'"Leads" would have been met in {volume["n_met"]} of 12 months.')
    assert len(volume["months"]) == 12
    assert never["sentence"] == 'The past months have nothing that "never" could judge.'
    assert command("--reach", "50%") == 0
    shown = capsys.readouterr().out
    assert "●" in shown
    assert "2025-01 to 2025-12" in shown
    assert command("--reach", "75") == 2
