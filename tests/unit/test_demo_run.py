"""`smarketing demo --pipeline`: every step on real facts, safe to repeat, and careful with folders of others."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from smarketing.cli.__main__ import main
from smarketing.sources import demo_company
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.terms.lint import lint, lint_versions
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.run_demo import MARK, Checked, Explained, Exported, Imported, Published, Scored, run_demo

EN = words("en")
SMALL = {"n_leads": 1500}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "company"


@pytest.fixture(scope="module")
def steps(folder: Path) -> list[Any]:
    return list(run_demo(folder, words=EN, **SMALL))


def test_the_steps_come_in_the_order_of_the_arrow(steps: list[Any]) -> None:
    assert [type(step) for step in steps] == [Exported, Imported, Checked, Scored, Explained, Published]


def test_every_row_is_accepted_rejected_or_a_duplicate(steps: list[Any]) -> None:
    receipt = steps[1].receipt
    assert receipt.n_rows == receipt.n_accepted + receipt.n_rejected + receipt.n_duplicates
    assert receipt.n_rejected == 11
    assert receipt.n_duplicates == 100
    reasons = {reason for file in receipt.files for reason in file.reasons}
    assert {"time_impossible_date", "time_skipped", "required_empty", "not_a_number", "not_in_map"} <= reasons


def test_no_column_of_the_exports_is_forgotten_by_mistake(steps: list[Any]) -> None:
    unread = {column for file in steps[1].receipt.files for column in file.unread_columns}
    assert unread <= {"First name", "Last name", "Company", "Country"}  # people's names are nobody's business here


def test_the_check_finds_what_was_put_in(steps: list[Any]) -> None:
    codes = {finding.symptom.code for finding in steps[2].readiness.findings}
    assert {"touches_logged_late", "automated_touches", "deals_without_lead"} <= codes


def test_every_promise_of_the_running_and_the_closed_month_is_judged(steps: list[Any]) -> None:
    scored = steps[3]
    assert (scored.card.period.label, scored.closed.period.label) == ("2026-10", "2026-09")
    assert {line.word.value for line in scored.card.lines} <= {"on_track", "behind"}
    assert {line.word.value for line in scored.closed.lines} <= {"met", "missed"}
    assert scored.closed.provenance.facts_sequence > 0


def test_one_breach_explains_itself(steps: list[Any]) -> None:
    found = steps[4].explanation
    assert found.lead_id.startswith("L-")
    assert found.clocks[0].verdict == "breached"
    assert found.clocks[0].sentence


def test_pages_are_written(steps: list[Any]) -> None:
    pages = steps[5].pages
    assert [path.name for path in pages] == ["scorecard-2026-10.html", "scorecard-2026-09.html"]
    assert all(path.read_text("utf-8").startswith("<!doctype html>") for path in pages)


def test_again_in_the_same_folder_adds_nothing_and_writes_the_same_page(steps: list[Any], folder: Path) -> None:
    page = (folder / "scorecard-2026-10.html").read_bytes()
    again = list(run_demo(folder, words=EN, **SMALL))
    assert again[1].receipt.n_accepted == 0
    assert (folder / "scorecard-2026-10.html").read_bytes() == page
    assert again[4].explanation.lead_id == steps[4].explanation.lead_id


def test_another_company_in_the_same_folder_is_refused(steps: list[Any], folder: Path) -> None:
    assert steps
    with pytest.raises(UserError, match="another size"):
        next(run_demo(folder, words=EN, n_leads=1600))


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years")
    with pytest.raises(UserError, match="other files"):
        next(run_demo(tmp_path, words=EN))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    path.write_text("")
    with pytest.raises(UserError, match="This is a file"):
        next(run_demo(path, words=EN))


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    assert isinstance(next(run_demo(tmp_path, words=EN, n_leads=20)), Exported)
    assert (tmp_path / MARK).exists()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return command


def test_the_command_shows_each_step_and_what_to_try(run: Any, folder: Path, steps: list[Any]) -> None:
    assert steps
    code, out, _ = run("demo", "--pipeline", "--directory", str(folder), "--leads", "1500")
    assert code == 0
    titles = [line for line in out.splitlines() if line[:1].isdigit()]
    assert titles == ["1 Exported", "2 Imported", "3 Checked", "4 Scored", "5 Explained", "6 Written"]
    assert str(folder.resolve() / "scorecard-2026-10.html") in out
    assert "Now try" in out
    assert f"--facts {folder}/facts" in out


def test_the_answer_as_json(run: Any, folder: Path, steps: list[Any]) -> None:
    assert steps
    code, out, _ = run("demo", "--pipeline", "--directory", str(folder), "--leads", "1500", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["now"] == "2026-10-21T15:30:00Z"
    assert [card["period"] for card in answer["scorecards"]] == ["2026-10", "2026-09"]
    assert answer["explanation"]["lead_id"].startswith("L-")
    assert len(answer["next"]) == 3


def test_the_next_commands_work(run: Any, folder: Path, steps: list[Any]) -> None:
    assert steps
    _, out, _ = run("demo", "--pipeline", "--directory", str(folder), "--leads", "1500", "--json")
    for command in json.loads(out)["next"]:
        code, shown, error = run(*command.split()[1:], "--json")
        assert (code, error) == (0, ""), command
        assert json.loads(shown)


def test_a_day_that_is_none_is_refused_with_a_hint(run: Any, tmp_path: Path) -> None:
    code, _, error = run("demo", "--pipeline", "--directory", str(tmp_path), "--until", "tomorrow")
    assert code == 2
    assert '"tomorrow" is not a day' in error and "2026-10-21" in error


def test_its_agreement_gives_nobody_anything_to_think_about() -> None:
    versions = read_versions(Path(demo_company.__file__).parent / "agreement")
    said = [concern for version in versions for concern in lint(version, EN)] + list(lint_versions(versions, EN))
    assert [concern.what for concern in said] == []
