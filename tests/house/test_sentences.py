"""What a person reads comes from the catalogue: no error is worded on the spot."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "smarketing"
OF_PROGRAMMERS = {
    "engine/business_time.py": "a unit that no allowance has",
    "facts/schema.py": "a column that no table has",
    "records/models/events.py": "code that would change an event",
    "terms/tzif.py": "a rule that the pinned time zone database does not hold",
    "web/gate.py": "a page that the permission table forgot",
}


def errors_worded_on_the_spot(path: Path) -> Iterator[int]:
    """Lines that raise an error whose sentence is an f-string, or English that nobody marked."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node).endswith(("Error", "Mistake", "Terms", "_refusal")):
            said = [*node.args[-2:], *[keyword.value for keyword in node.keywords if keyword.arg in ("what", "hint")]]
            if any(_is_unmarked(text) for text in said):
                yield node.lineno


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _is_unmarked(text: ast.expr) -> bool:
    if isinstance(text, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and " " in str(part.value) for part in text.values)
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and " " in text.value


def test_every_sentence_of_an_error_can_be_translated() -> None:
    found = {
        f"{path.relative_to(SOURCE).as_posix()}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in errors_worded_on_the_spot(path)
    }
    assert {place for place in found if place.split(":")[0] not in OF_PROGRAMMERS} == set()


def test_every_exception_is_still_one() -> None:
    assert {name for name in OF_PROGRAMMERS if any(errors_worded_on_the_spot(SOURCE / name))} == set(OF_PROGRAMMERS)
