"""Failpoints: harmless unless a test arms them, deadly where it does, each named in docs/reference/faults.md."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from smarketing.failpoints import DIES, armed, reach

ROOT = Path(__file__).parents[2]
REACHED = re.compile(r"\breach\(\"([\w.]+)\"\)")
ARMS = re.compile(r"SMARKETING_FAILPOINT|\bARMED_BY\b|\bfailpoint=")


def passing_by(point: str, *, is_testing: bool = True) -> subprocess.CompletedProcess[str]:
    """A process that comes by `here.before` three times."""
    program = (
        "from smarketing.failpoints import reach\nfor n in range(3):\n    print(n, flush=True); reach('here.before')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SMARKETING_FAILPOINT": point}
    environment["SMARKETING_TESTING"] = "1" if is_testing else ""
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("point", "said"), [("here.before", "0\n"), ("there, here.before@3", "0\n1\n2\n")])
def test_a_process_dies_where_it_is_armed(point: str, said: str) -> None:
    found = passing_by(point)
    assert (found.returncode, found.stdout) == (-signal.SIGKILL, said)
    assert found.stderr == f"{DIES}here.before\n"


def test_nothing_is_armed_outside_of_tests() -> None:
    found = passing_by("here.before", is_testing=False)
    assert (found.returncode, found.stdout) == (0, "0\n1\n2\n")
    assert "means nothing" in found.stderr
    assert armed({}) == {}
    reach("agreement.sign.before_commit")  # nobody armed it


def test_every_failpoint_has_one_place_and_a_line_in_the_reference() -> None:
    source = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "smarketing").rglob("*.py")]
    found = Counter(name for text in source for name in REACHED.findall(text))
    assert len(found) > 10
    assert [name for name, n in found.items() if n > 1] == []
    assert listed() == set(found), f"to bring into line: {sorted(listed() ^ set(found))}"


def test_every_failpoint_is_armed_by_a_test_that_kills() -> None:
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    killing = [path for path in tests if ARMS.search(path.read_text(encoding="utf-8"))]
    assert len(killing) > 5
    armed_somewhere = {name for path in killing for name in named_in(path)}
    assert listed() - armed_somewhere == set()


def listed() -> set[str]:
    """The points in the table of the reference."""
    page = (ROOT / "docs" / "reference" / "faults.md").read_text(encoding="utf-8")
    table = page.partition("| failpoint | the process dies |")[2].partition("\n\n")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE))


def named_in(path: Path) -> set[str]:
    """The points that a test names, whole or as what is done and the sides of it: `batch.plan` and `before`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    words = {text.partition("@")[0] for text in constants if isinstance(text, str)}
    sides = words & {"before", "after"}
    return words | {f"{word}.{side}" for word in words for side in sides}
