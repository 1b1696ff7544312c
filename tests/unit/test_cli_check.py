"""`smarketing check` on the command line: its JSON, its tables and its exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.fact_rows import rows

from smarketing.cli.__main__ import main
from smarketing.cli.check_tables import KINDS
from smarketing.ledger.folder import create_folder
from smarketing.terms.commitment import Kind

NOW = ("--now", "2025-07-01T00:00:00Z")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
        monkeypatch.setenv("COLUMNS", "160")
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out.replace("\u00a0", " "), shown.err

    return command


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = create_folder(tmp_path / "facts")
    late = {"touch_id": "t1", "lead_id": "ana", "logged_at": "2025-06-09T09:00:00Z"}
    folder.merge({"lead": rows("lead", {"lead_id": "ana"}), "touch": rows("touch", late)})
    return folder.path


def test_the_json_names_findings_and_what_can_be_measured(run: Any, facts: Path) -> None:
    code, out, _ = run("check", "--facts", str(facts), *NOW, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["now"] == "2025-07-01T00:00:00Z"
    assert (answer["rows"]["lead"], answer["rows"]["touch"], answer["rows"]["deal"]) == (1, 1, 0)
    late = next(finding for finding in answer["findings"] if finding["code"] == "touches_logged_late")
    assert late == {
        "code": "touches_logged_late",
        "severity": "warns",
        "title": "Touches written down more than a day after they happened",
        "n": 1,
        "total": 1,
        "share": 1.0,
        "examples": ["t1: 2025-06-02 09:00 → 2025-06-09 09:00"],
        "blocks": [],
        "spoils": ["speed_to_lead", "follow_up_depth"],
        "why": "They count when they happened, so a clock that looked breached on the day is met afterwards.",
        "advice": "Ask the reps to log at once, or connect telephone and mailbox to the CRM.",
    }
    assert answer["measurable"]["speed_to_lead"] == "doubtful"
    assert answer["measurable"]["sourced_revenue"] == "no"


def test_the_tables_show_examples_and_reasons(run: Any, facts: Path) -> None:
    code, out, _ = run("check", "--facts", str(facts), *NOW)
    assert code == 0
    assert "lead 1  touch 1" in out
    assert "! Touches written down more than a day after they happened  1 of 1, 100.0 %" in out
    assert "t1: 2025-06-02 09:00 → 2025-06-09 09:00" in out
    assert "Speed to lead" in out


def test_facts_that_answer_nothing_are_exit_code_four(run: Any, tmp_path: Path) -> None:
    create_folder(tmp_path / "empty")
    code, out, _ = run("check", "--facts", str(tmp_path / "empty"), *NOW)
    assert code == 4
    assert "There are no leads" in out


def test_no_facts_at_all_are_a_sentence(run: Any, tmp_path: Path) -> None:
    code, _, err = run("check", "--facts", str(tmp_path), *NOW)
    assert code == 4
    assert "There are no facts here." in err.replace("\n", " ")


def test_damaged_facts_are_a_sentence(run: Any, facts: Path) -> None:
    for path in (facts / "tables").iterdir():
        path.write_bytes(b"\x00" * path.stat().st_size)
    code, _, err = run("check", "--facts", str(facts), *NOW)
    assert code == 4
    assert "The facts cannot be read" in err.replace("\n", " ")
    assert "Traceback" not in err


def test_every_kind_of_commitment_has_a_name() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}


def test_facts_without_a_fault_say_so(run: Any, tmp_path: Path) -> None:
    folder = create_folder(tmp_path / "facts")
    known = {"lead_id": "ana", "owner_id": "rita", "channel": "organic"}
    folder.merge(
        {
            "owner": rows("owner", {"owner_id": "rita", "team": "North"}),
            "lead": rows("lead", known),
            "touch": rows("touch", {"touch_id": "t", "lead_id": "ana", "automated": False, "outcome": "connected"}),
            "stage_change": rows("stage_change", {"change_id": "c", "entity_id": "ana", "to_value": "mql"}),
            "deal": rows("deal", {"deal_id": "d", "lead_id": "ana", "amount": 100, "currency": "EUR"}),
            "delivery": rows("delivery", {"delivery_id": "1", "deliverable": "report"}),
        }
    )
    code, out, _ = run("check", "--facts", str(folder.path), *NOW)
    assert code == 0
    assert "Nothing is wrong with these facts." in out
