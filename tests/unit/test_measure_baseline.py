"""Measuring a year of a small company, where every tenth lead becomes a customer after about two months."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.past_company import facts_folder, past_company, table

from smarketing.cli.__main__ import main
from smarketing.ledger.folder import open_folder
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.language import words
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.measure_baseline import measure_baseline

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts")
    past_company(path)
    return path


def test_the_tracker_counts_every_lead_and_every_sale_once(facts: Path) -> None:
    found = measure_baseline(open_folder(facts), now=NOW)
    leads, deals = open_folder(facts).frame("lead"), open_folder(facts).frame("deal")
    is_valid = ~leads["reason"].is_in(["spam"]).fill_null(value=False)
    assert found.tracker["n_leads"].sum() == is_valid.sum()
    won = deals.filter(pl.col("closed_at") <= NOW)
    assert Fraction(found.tracker["total_revenue"].sum()) == Fraction(won["amount"].sum())
    ours = won.join(leads.filter(is_valid), on="lead_id", how="semi")
    assert found.tracker["n_deals"].sum() == ours.height
    assert Fraction(found.tracker["revenue"].sum()) == Fraction(ours["amount"].sum())


def test_the_running_month_is_in_the_tracker_but_not_in_the_numbers(facts: Path) -> None:
    found = measure_baseline(open_folder(facts), now=NOW)
    assert found.tracker["month"].max() == date(2026, 1, 1)
    assert found.baseline.months[-1] == date(2025, 12, 1)


def test_the_lag_is_measured_and_shifts_the_leads(facts: Path) -> None:
    found = measure_baseline(open_folder(facts), now=NOW).baseline
    assert found.lag_months == 2
    assert found.lead_months[-1] == date(2025, 10, 1)
    assert 0.07 < float(found.close_rate.value or 0) < 0.13
    assert found.average_deal.value == 1000
    assert measure_baseline(open_folder(facts), lag_months=0, now=NOW).baseline.lag_months == 0


def test_the_lag_may_begin_at_a_stage(facts: Path) -> None:
    found = measure_baseline(open_folder(facts), stage="mql", now=NOW)
    leads = measure_baseline(open_folder(facts), now=NOW)
    assert found.baseline.n_leads <= leads.baseline.n_leads + 5
    assert found.daily.sum() == leads.daily.sum()  # everybody becomes an MQL within days


def test_nothing_after_now_is_known(facts: Path) -> None:
    found = measure_baseline(open_folder(facts), now=datetime(2025, 3, 15, tzinfo=UTC))
    assert found.tracker.height == 3
    assert found.baseline.close_rate.value is None or found.baseline.n_customers <= 4


def test_foreign_money_and_deals_without_amount_are_told(tmp_path: Path) -> None:
    folder = past_company(tmp_path, n_leads=100)
    at = {
        "created_at": datetime(2025, 5, 1, tzinfo=UTC),
        "closed_at": datetime(2025, 6, 1, tzinfo=UTC),
        "status": "won",
    }
    odd = [{"deal_id": "x", "currency": "USD", "amount": 5} | at, {"deal_id": "y", "currency": "EUR"} | at]
    odd += [{"deal_id": "z", "currency": "EUR", "amount": 5} | at | {"closed_at": None}]
    folder.merge({"deal": table("deal", odd)})
    found = {each.name: each.values for each in measure_baseline(open_folder(tmp_path), now=NOW).baseline.cautions}
    assert found["other_currency"] == {"n": 1, "currency": "EUR"}
    assert found["no_amount"]["n"] == 1
    assert found["no_closing"]["n"] == 1


def test_nobody_is_won_before_the_lead_came_in(tmp_path: Path) -> None:
    lead = {"lead_id": "a", "created_at": datetime(2025, 11, 3, tzinfo=UTC)}
    deal = {"deal_id": "d", "lead_id": "a", "status": "won", "amount": 5, "currency": "EUR"}
    days = {"created_at": datetime(2025, 10, 3, tzinfo=UTC), "closed_at": datetime(2025, 11, 1, tzinfo=UTC)}
    facts_folder(tmp_path, {"lead": [lead], "deal": [deal | days]})
    assert measure_baseline(open_folder(tmp_path), now=NOW).tracker["cycle_days"].to_list() == [0, None, None]


def test_months_before_the_first_lead_do_not_count(tmp_path: Path) -> None:
    lead = {"lead_id": "a", "created_at": datetime(2025, 11, 3, tzinfo=UTC)}
    touch = {"touch_id": "t", "lead_id": "a", "kind": "call", "direction": "out"}
    facts_folder(tmp_path, {"lead": [lead], "touch": [touch | {"occurred_at": datetime(2025, 1, 1, tzinfo=UTC)}]})
    found = measure_baseline(open_folder(tmp_path), now=NOW)
    assert found.tracker["month"].to_list() == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert found.daily_from == date(2025, 11, 3)


def test_no_leads_is_a_sentence(tmp_path: Path) -> None:
    facts_folder(tmp_path, {"lead": [{"lead_id": "a", "created_at": datetime(2026, 11, 3, tzinfo=UTC)}]})
    with pytest.raises(FactsError, match="There are no leads to measure"):
        measure_baseline(open_folder(tmp_path), now=NOW)


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
    monkeypatch.setenv("COLUMNS", "160")
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_baseline_on_the_command_line(
    facts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("baseline", "--facts", str(facts), "--now", NOW.isoformat(), "--quota", "30000")
    assert command(monkeypatch, *arguments, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["lag"]["days_until_half"] in range(55, 68)
    assert answer["tracker"][-1]["is_complete"] is False
    assert answer["proposal"]["leads_needed"] > 0
    assert 0 <= answer["proposal"]["odds"]["chance_ratio"] <= 1
    assert command(monkeypatch, *arguments) == 0
    shown = capsys.readouterr().out
    assert "2026-01 so far" in shown
    assert "To reach the quota in 2026-02:" in shown


def test_a_plan_takes_what_is_not_given_from_the_facts(
    facts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (
        "plan",
        "--quota",
        "30000",
        "--close-rate",
        "10%",
        "--from-facts",
        str(facts),
        "--now",
        NOW.isoformat(),
    )
    assert command(monkeypatch, *arguments, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["inputs"]["close_rate"] == {"value": 0.1, "from": "given"}
    assert answer["inputs"]["average_deal"] == {"value": 1000, "from": "facts"}
    assert answer["baseline"]["n_leads"] > 0


def test_nothing_measurable_is_null_with_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts_folder(tmp_path, {"lead": [{"lead_id": "a", "created_at": datetime(2025, 11, 3, tzinfo=UTC)}]})
    arguments = ("baseline", "--facts", str(tmp_path), "--now", NOW.isoformat())
    assert command(monkeypatch, *arguments, "--json") == 4
    answer = json.loads(capsys.readouterr().out)
    assert answer["close_rate"]["value"] is None
    assert answer["close_rate"]["why"] == "There are no customers yet."
    assert command(monkeypatch, *arguments) == 4


def test_terms_that_cannot_be_read_speak_the_readers_language(tmp_path: Path) -> None:
    torn = tmp_path / "agreement.yaml"
    torn.write_bytes(b"\xff\xfe")
    with pytest.raises(TermsError, match="El archivo no es texto UTF-8") as refused:
        read_versions(torn, words=words("es"))
    assert refused.value.where == f"{torn}:1"
