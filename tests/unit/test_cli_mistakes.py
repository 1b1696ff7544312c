"""Commands typed wrongly: one sentence that says where, what and what to do, the same in JSON, and an exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from smarketing.cli.__main__ import main

AGREEMENT, FACTS = ("--agreement", "a.yaml"), ("--facts", "facts")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARKETING_COMMAND", raising=False)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smarketing", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return command


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        (("scor",), 2, 'There is no command "scor". Did you mean score?'),
        (("it's",), 2, 'There is no command "it\'s".'),
        (("agreement", "sign"), 2, 'agreement: There is no command "sign". Choose one of check, diff, fingerprint,'),
        (("clock", "due"), 2, "due: --start is missing. smarketing clock due --help lists what there is."),
        (("explain",), 2, "explain: LEAD is missing."),
        (("score", "--agrement", "x"), 2, "score: There is no option --agrement. Did you mean --agreement?"),
        (("score", "more", *AGREEMENT, *FACTS), 2, 'score: Nothing is expected where "more" stands.'),
        (("plan", "--reps", "x"), 2, "plan: The value of --reps does not fit. Write a whole number, 1 or more."),
        (("plan", "--stage", "x"), 2, "plan: The value of --stage does not fit. Choose one of lead, mql, sql."),
        (("plan", "--reps"), 2, "--reps needs a value after it."),
        (("plan", "--json=yes"), 2, "--json takes no value. Leave away what follows it."),
        (("backtest", *AGREEMENT, *FACTS, "--months", "99"), 2, "Write a whole number from 1 to 12."),
        (("check", *FACTS, "--now", "2026-10-21T10:00"), 2, '--now: "2026-10-21T10:00" is not an instant. Write RFC'),
        (("check", *FACTS, "--lang", "de"), 2, 'There is no language "de". Choose one of en, es, it.'),
        (("score", *AGREEMENT, *FACTS, "--period", "May"), 2, '--period: "May" is not a period. Write 2024,'),
        (("score", *AGREEMENT, *FACTS, "--html", "."), 2, "--html .: The page cannot be written: it is a folder."),
        (("score", *AGREEMENT, *FACTS, "--html", "no/x.html"), 2, "there is no such file or folder. Name a file"),
        (("plan", "--leads", "9", "--period", "2024-99"), 2, '--period: "2024-99" does not exist in the calendar.'),
        (("plan", "--leads", "9", "--funnel", "demo"), 2, '--funnel: "demo" has no share. Write stages with their'),
        (("import", "x.csv", "--zone", "Mars/X"), 2, '--zone: "Mars/X" is not a time zone. Write an IANA name:'),
        (("agreement", "new", "--starter", "huge"), 2, '--starter: There is no starter "huge". Choose one of'),
        (("score", *AGREEMENT, *FACTS), 2, "a.yaml: There is no such file. Check its name."),
        (("agreement", "check", "."), 2, ".: There is no agreement in this folder. Begin with a starter:"),
        (("agreement", "show", "."), 2, ".: The file cannot be read: it is a folder."),
        (("check", *FACTS), 4, "facts: There are no facts here. Bring some in: smarketing import FILE"),
    ],
)
def test_one_sentence_and_an_exit_code(run: Any, typed: tuple[str, ...], code: int, sentence: str) -> None:
    left, out, err = run(*typed)
    assert (left, out) == (code, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_file_where_a_folder_of_facts_should_be(run: Any, tmp_path: Path) -> None:
    (tmp_path / "facts").write_text("")
    assert run("check", *FACTS) == (4, "", run("check", *FACTS)[2])
    assert "There are no facts here" in run("check", *FACTS)[2]


def test_with_json_the_mistake_is_a_document_on_standard_output_as_well(run: Any) -> None:
    left, out, err = run("score", "--agrement", "x", "--json")
    assert json.loads(out) == {
        "error": {
            "what": "There is no option --agrement.",
            "where": "score",
            "hint": "Did you mean --agreement?",
            "exit_code": 2,
        }
    }
    assert (left, err) == (2, "score: There is no option --agrement. Did you mean --agreement?\n")


def test_hints_begin_as_the_command_that_was_typed(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_COMMAND", "python3 dev.py run")
    assert "Bring some in: python3 dev.py run import FILE --facts DIR." in run("check", *FACTS)[2]
    assert "python3 dev.py run clock due --help lists" in run("clock", "due")[2]


def test_nothing_is_left_behind(run: Any, tmp_path: Path) -> None:
    for typed in (("import", "no.csv", "--profile", "generic", *FACTS), ("score", *AGREEMENT, *FACTS, "--html", "x")):
        assert run(*typed)[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_bare_command_shows_its_help(run: Any) -> None:
    for typed in ((), ("clock",)):
        left, out, err = run(*typed)
        assert (left, out) == (2, "")
        assert err.startswith("Usage: smarketing")
