"""`smarketing agreement` on the command line: its files, its JSON, its exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.agreement_files import AGREEMENT, changed

from smarketing.cli.__main__ import main
from smarketing.terms.starters import starter_text, starters


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smarketing", "agreement", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out.replace("\u00a0", " "), shown.err

    return command


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(AGREEMENT, encoding="utf-8")
    return path


def test_starters_are_listed(run: Any) -> None:
    code, out, _ = run("new", "--json")
    assert code == 0
    assert [each["name"] for each in json.loads(out)["starters"]] == [starter.name for starter in starters()]
    assert "small_b2b" in run("new")[1]


def test_a_new_agreement_is_written_and_then_reads(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    code, out, _ = run("new", "--starter", "customer_sla", "--output", str(path))
    assert code == 0
    assert f"smarketing agreement check {path}" in out
    assert path.read_text(encoding="utf-8") == starter_text("customer_sla", "en")
    assert run("check", str(path), "--strict")[0] == 0


def test_a_new_agreement_may_go_to_the_terminal(run: Any) -> None:
    assert run("new", "--starter", "small_b2b")[1] == starter_text("small_b2b", "en").replace("\u00a0", " ")


def test_nothing_is_ever_overwritten(run: Any, acme: Path) -> None:
    code, _, err = run("new", "--starter", "small_b2b", "--output", str(acme))
    assert code == 2
    assert "There is a file already." in err
    assert acme.read_text(encoding="utf-8") == AGREEMENT


def test_a_folder_is_no_name_for_a_new_agreement(run: Any, tmp_path: Path) -> None:
    _, _, err = run("new", "--starter", "small_b2b", "-o", str(tmp_path))
    assert "This is a folder. Name the file to write in it." in err.replace("\n", " ")


def test_a_folder_that_is_not_there(run: Any, tmp_path: Path) -> None:
    code, _, err = run("new", "--starter", "small_b2b", "--output", str(tmp_path / "none" / "x.yaml"))
    assert code == 2
    assert "cannot be written" in err


def test_an_unknown_starter(run: Any) -> None:
    code, _, err = run("new", "--starter", "small")
    assert code == 2
    assert 'There is no starter "small".' in err


def test_a_check_says_what_people_would_warn_about(run: Any, acme: Path) -> None:
    code, out, _ = run("check", str(acme))
    assert code == 0
    assert "Marketing and sales at Acme · version 1 · 2 promises" in out
    assert "Nobody meets to look at the numbers." in out
    assert "4 things to think about." in out


def test_a_strict_check_fails_for_a_concern(run: Any, acme: Path) -> None:
    code, out, _ = run("check", str(acme), "--strict", "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["is_readable"] is True
    codes = [each["code"] for each in answer["concerns"]]
    assert codes == ["no_consequence", "no_review", "no_cancellation", "no_reminder"]
    assert answer["versions"][0]["fingerprint"].startswith("sha256:")


def test_an_unreadable_agreement_ends_with_three_and_every_line(run: Any, acme: Path) -> None:
    acme.write_text(changed("role: sales", "role: seller", changed("140 leads", "4h")), encoding="utf-8")
    code, _, err = run("check", str(acme))
    assert code == 3
    assert f"{acme}:12: There is no role" in err
    assert f"{acme}:35: target" in err
    code, out, err = run("check", str(acme), "--json")
    answer = json.loads(out)
    assert (code, err) == (3, "")
    assert [fault["line"] for fault in answer["faults"]] == [12, 35]
    assert answer["faults"][0]["hint"] == "Choose one of marketing, sales, service, customer."
    assert answer["is_readable"] is False


def test_a_check_of_all_versions(run: Any, acme: Path) -> None:
    later = changed("from_on: 2026-01-01", "from_on: 2026-07-01", changed("id: acme\n", "id: acme\nversion: 2\n"))
    (acme.parent / "acme-2.yaml").write_text(later, encoding="utf-8")
    acme.write_text(changed("from_on: 2026-01-01", "from_on: 2026-01-01, until_on: 2026-12-31"), encoding="utf-8")
    answer = json.loads(run("check", str(acme.parent), "--json")[1])
    assert [each["version"] for each in answer["versions"]] == [1, 2]
    assert answer["concerns"][-1]["code"] == "overlapping_versions"
    assert "version 2, consequences" in run("check", str(acme.parent))[1]


def test_a_missing_file(run: Any, tmp_path: Path) -> None:
    code, _, err = run("check", str(tmp_path / "none.yaml"))
    assert (code, "There is no such file." in err) == (2, True)


def test_an_agreement_is_shown(run: Any, acme: Path) -> None:
    code, out, _ = run("show", str(acme))
    assert code == 0
    assert "Marketing and sales at Acme" in out
    assert "What Sales promises" in out
    assert "95 % within 1 business hour" in out


def test_an_agreement_is_shown_as_data(run: Any, acme: Path) -> None:
    answer = json.loads(run("show", str(acme), "--json")[1])
    assert answer["id"] == "acme"
    assert answer["agreement"]["commitments"][1]["target"] == "95 % within 1 business hour"
    assert answer["agreement"]["calendars"][0]["hours"]["fri"] == "09:00-15:00"


def test_a_difference_is_told_in_sentences(run: Any, acme: Path) -> None:
    later = acme.parent / "later.yaml"
    later.write_text(changed("95 %", "90 %"), encoding="utf-8")
    sentence = (
        "Commitment speed: the target goes from 95 % within 1 business hour to 90 % within 1 business hour (weaker)."
    )
    assert sentence in " ".join(run("diff", str(acme), str(later))[1].split())  # a narrow window breaks lines
    answer = json.loads(run("diff", str(acme), str(later), "--json")[1].replace("\u00a0", " "))
    assert answer["differences"] == [
        {"section": "commitments", "thing": "Commitment speed", "sentence": sentence, "effect": "weaker"}
    ]
    assert "The two say the same." in run("diff", str(acme), str(acme))[1]


def test_a_fingerprint(run: Any, acme: Path) -> None:
    assert run("fingerprint", str(acme))[1].startswith("sha256:")
    assert json.loads(run("fingerprint", str(acme), "--json")[1])["fingerprint"].startswith("sha256:")
