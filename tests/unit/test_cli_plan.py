"""`smarketing plan` on the command line: its fixed JSON, its tables and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.past_company import past_company

from smarketing.cli.__main__ import main
from smarketing.ledger.folder import open_folder
from smarketing.workflows import open_facts


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out.replace("\u00a0", " "), shown.err

    return command


FIXED = ("plan", "--quota", "5000", "--marketing-share", "100%", "--average-deal", "100", "--close-rate", "50%")


def test_the_fixed_form(run: Any) -> None:
    code, out, _ = run(*FIXED, "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["revenue_goal"], answer["customers_needed"], answer["leads_needed"]) == (5000, 50, 100)
    assert answer["weekly_reports"] == 4


def test_a_month_by_name_has_its_own_days(run: Any) -> None:
    _, out, _ = run(*FIXED, "--period", "2026-06", "--json")
    assert json.loads(out)["per"]["day"] == 100 / 30


def test_the_tables_say_how_each_number_came_about(run: Any) -> None:
    code, out, _ = run(*FIXED, "--reps", "4", "--attempts", "6", "--minutes-per-attempt", "5", "--hours-per-rep", "10")
    assert code == 0
    assert "At a close rate of 50 %, 50 customers take 100 leads." in out
    assert "Needed leads are rounded up once, at the end." in out
    assert "The promise takes 125.0 % of the hours" in out


def test_what_cannot_be_computed_is_null_with_a_reason_and_an_exit_code(run: Any) -> None:
    code, out, _ = run(*FIXED[:-1], "0", "--json")
    answer = json.loads(out)
    assert code == 4
    assert answer["leads_needed"] is None
    assert answer["why"] == "The close rate is zero: no number of leads makes a customer."
    assert answer["customers_needed"] == 50


def test_the_other_way_round(run: Any) -> None:
    code, out, _ = run(
        "plan", "--leads", "1000", "--average-deal", "800", "--close-rate", "5%", "--marketing-share", "1"
    )
    assert code == 0
    assert "1,000 leads bring 50 customers and 40,000, and so support a quota of 40,000." in out


def test_funnel_stages_are_shares_of_the_leads(run: Any) -> None:
    shares = "connected=50%,demo=30%,proposal=15%,customer=5%"
    _, out, _ = run("plan", "--leads", "1000", "--funnel", shares, "--json")
    assert json.loads(out)["funnel"] == {"connected": 500, "demo": 300, "proposal": 150, "customer": 50}


def test_tiers_are_planned_at_their_own_rates_and_delivered_leads_weighed(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "tiers.yaml"
    file.write_text(
        "share_of: leads\ntiers:\n"
        "  - {id: ceo, share: 20%, worth: 100, close_rate: 40%, leads: 3}\n"
        "  - {id: director, share: 80%, worth: 50, leads: 4}\n"
    )
    goal = ("plan", "--revenue-goal", "100000", "--average-deal", "1000", "--close-rate", "10%")
    _, out, _ = run(*goal, "--tiers", str(file), "--json")
    answer = json.loads(out)
    assert answer["by_tier"]["leads_needed"] == 625
    assert answer["value_delivered"] == 500
    code, out, _ = run("plan", "--tiers", str(file))
    assert (code, out.strip()) == (0, "The leads delivered are worth 500.")


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("tiers:\n  - {id: a, share: 50%}\n  - {id: b, share: 40%}\n", "", "add up to 90 %"),
        ("tiers:\n  - {id: a, share: 50%}\n  - {id: b}\n", "", "some have none"),
        ("tiers:\n  - {id: a, share: 100%}\n  - {id: a}\n", "", "twice"),
        ("tiers:\n  - id: a\n    share: 5,000\n", ":3", "two ways"),
        ("tiers:\n  - id: a\n    wroth: 5\n", ":3", "no key"),
        ("tiers: []\n", "", "tiers"),
    ],
)
def test_a_wrong_tier_file_says_what_and_where(run: Any, tmp_path: Path, text: str, line: str, complaint: str) -> None:
    file = tmp_path / "tiers.yaml"
    file.write_text(text)
    code, _, err = run("plan", "--quota", "1", "--tiers", str(file))
    assert code in (2, 3)
    assert complaint in err.replace("\n", " ")
    assert f"tiers.yaml{line}" in err.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("plan",), "There is nothing to plan from."),
        (("plan", "--quota", "5,000"), "two ways"),
        (("plan", "--quota", "5", "--tiers", "nowhere.yaml"), "cannot be read"),
        ((*FIXED, "--attempts", "6"), "Add --minutes-per-attempt and --hours-per-rep."),
        ((*FIXED, "--attempts", "6", "--minutes-per-attempt", "0", "--hours-per-rep", "1"), "no hours"),
        ((*FIXED, "--period", "fortnight"), "not a period"),
        ((*FIXED, "--lang", "xx"), 'There is no language "xx".'),
    ],
)
def test_mistakes_are_one_sentence(run: Any, arguments: tuple[str, ...], complaint: str) -> None:
    code, _, err = run(*arguments)
    assert code in (2, 3)
    assert complaint in err


def test_what_is_not_given_comes_from_the_ledger_as_from_a_folder(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past_company(tmp_path, n_leads=240)
    ledger = open_folder(tmp_path)
    monkeypatch.setattr(open_facts, "facts_if_any", lambda: ledger)
    arguments = ("plan", "--quota", "30000", "--win-rate", "20%", "--now", "2025-11-20T10:30:00Z", "--json")
    code, out, _ = run(*arguments)
    assert code == 0
    assert json.loads(out) == json.loads(run(*arguments, "--from-facts", str(tmp_path))[1])
    assert json.loads(out)["inputs"]["close_rate"]["from"] == "facts"


def test_a_ledger_is_not_asked_where_every_number_is_given(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_facts, "facts_if_any", lambda: pytest.fail("asked"))
    assert run(*FIXED)[0] == 0
    assert run("plan", "--customers", "5", "--close-rate", "50%", "--json")[0] == 0


def test_no_installation_is_begun_to_plan(tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = (sys.executable, "-m", "smarketing", "plan", "--quota", "5000", "--json")
    done = subprocess.run(words, env={**os.environ, "SMARKETING_HOME": str(home)}, capture_output=True, check=False)
    assert done.returncode == 4
    assert json.loads(done.stdout)["why"] == "The share of revenue that marketing's leads bring is not given."
    assert not list(home.glob("*.sqlite*"))
