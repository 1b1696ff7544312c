"""The page of faults leaves no case out, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "faults.md"
CASES = {"A": 40, "C": 20, "D": 27, "E": 20}
LINE = re.compile(r"^\| (?P<case>[ACDE]-\d\d) \| (?P<elsewhere>.+) \| (?P<here>.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REASON = re.compile(r"Does not apply|Not yet tested")


def lines() -> Iterator[tuple[str, str]]:
    for found in LINE.finditer(PAGE.read_text(encoding="utf-8")):
        yield found["case"], found["here"]


def names_in(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name for name in made if name.startswith("test_")}


def test_every_case_has_one_line_in_order() -> None:
    wanted = [f"{section}-{number:02}" for section, last in CASES.items() for number in range(1, last + 1)]
    assert [case for case, _ in lines()] == wanted


def test_a_line_names_a_test_or_says_why_there_is_none() -> None:
    assert [case for case, here in lines() if not TEST.search(here) and not REASON.search(here)] == []


def test_every_named_test_is_there() -> None:
    named = {(case, path, test) for case, here in lines() for path, test in TEST.findall(here)}
    known = {path: names_in(ROOT / path) for _, path, _ in named}
    assert [each for each in sorted(named) if each[2] not in known[each[1]]] == []


def test_d21_nothing_hangs_on_a_hook_after_the_commit() -> None:
    """A crash between commit and hook loses the hook; the ledger's only publishes its mirror before a reader would."""
    source = ROOT / "src" / "smarketing"
    users = {str(path.relative_to(source)) for path in source.rglob("*.py") if "on_commit" in path.read_text("utf-8")}
    assert users == {"ledger/mirror.py"}


def test_d25_no_process_of_ours_is_forked() -> None:
    """Threads and locks of a store do not survive a fork: children start afresh, those of the web server as well."""
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "src" / "smarketing").rglob("*.py")}
    assert [name for name, text in texts.items() if re.search(r"os\.fork|preexec_fn|[\"']fork[\"']", text)] == []
    users = {name: text for name, text in texts.items() if re.search(r"import multiprocessing|ProcessPool", text)}
    assert [name for name, text in users.items() if 'set_start_method("spawn")' not in text] == []
