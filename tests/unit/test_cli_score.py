"""`smarketing score` on the command line: its JSON, its tables, its page and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.past_company import past_company
from tests.unit.test_score_agreement import AGREEMENT

from smarketing.cli.__main__ import main
from smarketing.cli.console import terminal


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("company")
    past_company(root / "facts", n_leads=200)
    (root / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    return root


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], company: Path) -> Any:
    def command(*arguments: str, columns: int = 140) -> tuple[int, str, str]:
        given = ["--agreement", str(company / "agreement.yaml"), "--facts", str(company / "facts")]
        monkeypatch.setattr(sys, "argv", ["smarketing", "score", *given, "--now", "2025-05-20T12:00:00Z", *arguments])
        monkeypatch.setenv("COLUMNS", str(columns))
        terminal.cache_clear()
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out.replace("\u00a0", " "), shown.err

    return command


def test_the_fixed_form(run: Any) -> None:
    code, out, _ = run("--period", "2025-05", "--by", "rep", "--by", "week", "--json")
    answer = json.loads(out)
    assert code == 0
    fixed = {
        "id",
        "party",
        "kind",
        "target",
        "actual",
        "attainment",
        "n_met",
        "n_breached",
        "n_running",
        "n_void",
        "pace",
    }
    assert [line["id"] for line in answer["commitments"]] == ["volume", "value", "speed", "median", "depth", "close"]
    assert all(fixed <= set(line) for line in answer["commitments"])
    assert set(answer["commitments"][0]["groups"]) == {"rep", "week"}
    assert answer["period"]["label"] == "2025-05"
    assert answer["now"] == "2025-05-20T12:00:00Z"


def test_a_total_has_its_goal_line(run: Any) -> None:
    volume = json.loads(run("--json")[1])["commitments"][0]
    assert (volume["pace"]["n_days"], volume["pace"]["n_days_passed"]) == (22, 14)
    assert volume["pace"]["line"] == pytest.approx(50 * 14 / 22)
    assert volume["pace"]["gap"] == pytest.approx(volume["actual"] - 50 * 14 / 22)
    assert volume["days"][-1]["goal"] == 50


def test_the_tables_show_every_promise_and_its_charts(run: Any) -> None:
    code, out, _ = run("--period", "2025-04", "--by", "team")
    assert code == 0
    for words in (
        "Promises of a small company · April 2025",
        "closed",
        "50 leads a month",
        "never answered",
        "By team",
    ):
        assert words in out
    assert "Speed of the first answer (speed)" in out
    assert "█" in out


def test_an_open_month_says_where_it_is_going_and_what_is_due(run: Any) -> None:
    _, out, _ = run("--by", "week")
    assert "day 20 of 31" in out
    assert "a day are needed. Going on as so far ends at" in out
    assert "Speed of the first answer (speed): missed 4 periods in a row. Now due: Talk it over" in out
    assert "Ending the agreement is to be proposed: Two slow months running" in out


def test_a_period_ahead_has_nothing_to_show_and_says_why(run: Any) -> None:
    code, out, _ = run("--period", "2025-12")
    assert code == 0
    assert "day 0 of 31" in out
    assert "No promise has anything to show yet." in out
    assert "Leads handed over: The period has not begun." in out


def test_a_narrow_terminal_keeps_what_matters(run: Any) -> None:
    _, out, _ = run("--period", "2025-04", columns=80)
    assert "Standing" in out
    assert "Party" not in out


def test_in_spanish(company: Path) -> None:
    """In a process of its own, because a command's language is chosen before the commands are built."""
    given = ("--agreement", company / "agreement.yaml", "--facts", company / "facts", "--period", "2025-04")
    command = [sys.executable, "-m", "smarketing", "score", *map(str, given), "--lang", "es"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "Abril de 2025" in shown.stdout


def test_the_page_is_written_whole(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    code, out, _ = run("--period", "2025-04", "--html", str(page))
    assert code == 0
    assert str(page) in out.replace("\n", "")
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--by", "colour"), 2, 'Nothing can be divided by "colour".'),
        (("--period", "spring"), 2, '"spring" is not a period.'),
        (("--period", "2019-01"), 3, "No version of the agreement was in force in 2019-01."),
        (("--facts", "nowhere"), 4, "nowhere"),
        (("--agreement", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("--html", "no/such/folder/page.html"), 2, "The page cannot be written"),
    ],
)
def test_mistakes_are_one_sentence_and_an_exit_code(
    run: Any, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    left, out, err = run(*arguments)
    assert (left, out) == (code, "")
    assert sentence in " ".join(err.split())
