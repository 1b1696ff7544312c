"""`smarketing clock` on the command line: its fixed JSON, its tables and its refusals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from smarketing.cli.__main__ import main

OFFICE = """\
zone: Europe/Madrid
hours:
  mon-thu: 09:00-14:00, 15:00-18:30
  fri: 09:00-15:00
exceptions: {2026-06-15: 10:00-12:00}
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    (tmp_path / "office.yaml").write_text(OFFICE)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(
            sys,
            "argv",
            ["smarketing", "clock", arguments[0], "--calendar", str(tmp_path / "office.yaml"), *arguments[1:]],
        )
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out.replace("\u00a0", " "), shown.err

    return command


def test_due_in_json(run: Any) -> None:
    code, out, _ = run("due", "--start", "2026-06-12T14:30:00+02:00", "--allowance", "2 business hours", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["due_at"] == "2026-06-15T09:30:00Z"
    assert answer["due_local"] == "2026-06-15T11:30:00+02:00"
    assert answer["start_at"] == "2026-06-12T12:30:00Z"
    assert [segment["counted_s"] for segment in answer["segments"]] == [1800, 5400]
    assert (answer["elapsed_s"], answer["zone"], answer["calendar"]) == (7200, "Europe/Madrid", "office")
    assert answer["tzdb_version"]


def test_a_start_without_an_offset_is_read_on_the_calendars_clock(run: Any) -> None:
    _, out, _ = run("due", "--start", "2026-06-12 14:30", "--allowance", "1 business day", "--json")
    assert json.loads(out)["due_local"] == "2026-06-15T12:00:00+02:00"


def test_a_pause_moves_the_due_instant(run: Any) -> None:
    pause = ("--pause", "2026-06-15 10:00/2026-06-15 10:30", "--pause", "2026-06-13T00:00Z/2026-06-14T00:00Z")
    _, out, _ = run("due", "--start", "2026-06-12 14:30", "--allowance", "2 business hours", *pause, "--json")
    answer = json.loads(out)
    assert answer["due_local"] == "2026-06-15T12:00:00+02:00"
    assert [segment["counted_s"] for segment in answer["segments"]] == [1800, 5400]
    assert len(answer["pauses"]) == 2


def test_elapsed_in_json(run: Any) -> None:
    _, out, _ = run("elapsed", "--start", "2026-06-12T12:30:00Z", "--end", "2026-06-15T09:00:00.250Z", "--json")
    answer = json.loads(out)
    assert answer["elapsed_s"] == 1800 + 3600 + 0.25
    assert answer["clock_s"] == 246_600.25
    assert answer["end_local"] == "2026-06-15T11:00:00.250000+02:00"


def test_tables_for_people(run: Any) -> None:
    code, out, _ = run("due", "--start", "2026-06-12 14:30", "--allowance", "40 business hours")
    assert code == 0
    assert "Due Mon 22 Jun 2026, 16:00:00 (+02:00)" in out
    assert "Fri 12 Jun 2026, 14:30:00  15:00:00  30 min" in out
    assert "time zone database" in out
    _, out, _ = run("elapsed", "--start", "2026-06-01 00:00", "--end", "2026-07-01 00:00")
    assert "more segments" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("due", "--start", "soon", "--allowance", "1 business hour"), "--start"),
        (("due", "--start", "2026-03-29 02:30", "--allowance", "1 business hour"), "skipped"),
        (("due", "--start", "2026-06-12", "--allowance", "2 hours"), "--allowance"),
        (("due", "--start", "2026-06-12", "--allowance", "1 business hour", "--pause", "now"), "--pause"),
        (("elapsed", "--start", "2026-06-12", "--end", "2026-06-11"), "--end"),
        (("elapsed", "--start", "1899-06-12", "--end", "2026-06-11"), "1900"),
    ],
)
def test_mistakes_are_one_sentence(run: Any, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert sentence in err
    assert out == ""


def test_without_a_calendar_every_hour_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--start", "2026-06-12T14:30:00+02:00", "--end", "2026-06-15 08:00"]
    monkeypatch.setattr(sys, "argv", ["smarketing", "clock", "elapsed", *given, "--json"])
    with pytest.raises(SystemExit):
        main()
    answer = json.loads(capsys.readouterr().out)
    assert (answer["elapsed_s"], answer["calendar"], answer["zone"]) == (67.5 * 3600, "always", "UTC")
