"""Published edge cases of business time: every file of cases passes whole.

Runs the cases of this repository, those beside it (`shared/cases/time_cases.json`, where that exists), and every
file named in SMARKETING_TIME_CASES, separated by `:`. The end of pytest's report counts them by kind.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.oracle.time_case_answers import KINDS, calendar_of, complaint

HERE = Path(__file__).parent
NAMED = [Path(name) for name in os.environ.get("SMARKETING_TIME_CASES", "").split(":") if name]
BESIDE = HERE.parents[2] / "shared" / "cases" / "time_cases.json"
FILES = [*sorted((HERE / "time_cases").glob("*.json")), *([BESIDE] if BESIDE.is_file() else []), *NAMED]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_gets_its_answer(path: Path, record_property: Callable[[str, object], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    calendars = {name: calendar_of(name, form) for name, form in content["calendars"].items()}
    complaints: list[str] = []
    counts: dict[str, list[int]] = {}
    for case in content["cases"]:
        wrong = complaint(case, calendars)
        count = counts.setdefault(case["kind"], [0, 0])
        count[0] += wrong is None
        count[1] += 1
        complaints += [wrong] if wrong else []
    record_property("time_cases", {"file": path.name, "counts": counts})
    assert not complaints, "\n".join(complaints)


def test_our_own_cases_cover_every_kind() -> None:
    kinds = {
        case["kind"]
        for path in (HERE / "time_cases").glob("*.json")
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    }
    assert kinds == set(KINDS)
