"""`smarketing import` as it is typed: what it prints, what it exits with, what it asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.small_import import LEADS

from smarketing.cli.__main__ import main

NOW = ["--now", "2026-03-02T09:00:00Z"]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(LEADS)
    (tmp_path / "leads.csv").write_text(
        "Id,Created,Owner,Source,Score,Status\na,2026-01-05T10:00,rita,Web,7,New\nb,whenever,rita,Web,7,New\n"
    )
    return tmp_path


def typed(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr("sys.argv", ["smarketing", "import", *map(str, words)])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def usual(export: Path) -> list[object]:
    return [export / "leads.csv", "--profile", export / "mine.yaml", "--facts", export / "facts", *NOW]


def test_the_table_adds_up_and_says_what_to_do_next(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, *usual(export)) == 0
    out = capsys.readouterr().out
    assert "2 rows = 1 accepted + 1 rejected + 0 duplicates" in out
    assert 'For example row 3, column "Created": whenever' in out
    assert "-rejects.csv" in out.replace("\n", "")
    assert typed(monkeypatch, *usual(export)) == 0
    assert "2 rows = 0 accepted + 1 rejected + 1 duplicates" in capsys.readouterr().out


def test_json_is_one_document(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, *usual(export), "--json", "--source", "crm2") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["source"], answer["n_rows"], answer["n_accepted"]) == ("crm2", 2, 1)
    assert answer["files"][0]["examples"][0]["column"] == "Created"
    assert answer["tables"]["lead"]["n_new"] == 1


def test_a_dry_run_says_so_and_makes_nothing(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, *usual(export), "--dry-run") == 0
    assert "nothing was written" in capsys.readouterr().out
    assert not (export / "facts").exists()


def test_nothing_accepted_is_an_answer_of_its_own(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (export / "leads.csv").write_text("Id,Created\na,x\n")
    assert typed(monkeypatch, *usual(export)) == 4


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gone.csv", "--profile", "mine.yaml", "--facts", "facts"], 2, "no such file"),
        (["leads.csv", "--facts", "facts"], 2, "--profile is missing"),
        (["leads.csv", "--profile", "hubspot", "--facts", "facts"], 2, 'no profile "hubspot"'),
        (["leads.csv", "--profile", "mine.yaml", "--facts", "facts", "--zone", "Mars/Base"], 2, "not a time zone"),
        (["leads.csv", "--guess", "mine.yaml"], 2, "already"),
        (["leads.csv", "--profile", "zoho_export", "--facts", "facts"], 2, "looks like leads and lacks a column"),
    ],
)
def test_mistakes_are_one_sentence_and_an_exit_code(
    export: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(export)
    assert typed(monkeypatch, *words) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert not (export / "facts").exists()


def test_an_unreadable_file_among_others_is_told_at_the_end(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (export / "bad.xlsx").write_bytes(b"PK\x03\x04")
    assert typed(monkeypatch, export / "bad.xlsx", *usual(export)) == 2
    out = capsys.readouterr().out
    assert "unreadable" in out
    assert "torn" in out
    assert "2 rows = 1 accepted" in out


def test_guess_writes_a_profile_that_imports(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(export)
    good = "\n".join(f"r{n},2026-01-0{n}T10:00,rita,Web,7,New" for n in range(1, 9))
    (export / "leads.csv").write_text(f"Id,Created,Owner,Source,Score,Status\n{good}\n")
    assert typed(monkeypatch, "leads.csv", "--guess", "proposed.yaml", "--zone", "Europe/Madrid") == 0
    out = capsys.readouterr().out
    assert "lead.created_at" in out
    assert "smarketing import leads.csv --profile proposed.yaml" in out.replace("\n", " ")
    assert typed(monkeypatch, "leads.csv", "--profile", "proposed.yaml", "--facts", "facts", *NOW) == 0
    assert "8 accepted" in capsys.readouterr().out


def test_names_of_files_are_text_and_never_markup(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = export / "[red]leads[red].csv"
    odd.write_text("Id,Created\na,2026-01-05\n")
    assert typed(monkeypatch, odd, "--profile", export / "mine.yaml", "--facts", export / "facts", *NOW) == 0
    assert "[red]leads[red].csv" in capsys.readouterr().out


def test_the_answer_in_another_language(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, *usual(export), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"][0]["examples"][0]["reason"] == "time_unreadable"
