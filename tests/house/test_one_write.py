"""Records change through workflows only, and each workflow that changes them leaves exactly one event."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "smarketing"
WORKFLOWS = sorted((SOURCE / "workflows").glob("*.py"))
MACHINERY = {"Job", "Worker", "Moment", "Notice", "Held"}  # rows of the machine's own: nobody said them
CHANGES = {"save", "create", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "create_user"}


def writes_of(function: ast.FunctionDef) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "one_write"
        for node in ast.walk(function)
    )


def records_of(tree: ast.AST) -> set[str]:
    """Names that a file imports from the records' models, but for the machine's own."""
    found = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("smarketing.records.models")
        for name in node.names
    }
    return found - MACHINERY


def manager_changes(tree: ast.AST) -> Iterator[int]:
    """Lines with `Model.objects….create(…)` of a record."""
    names = records_of(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHANGES | {"update"}
        ):
            root: ast.expr = node.func
            while isinstance(root, ast.Attribute | ast.Call):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if isinstance(root, ast.Name) and root.id in names:
                yield node.lineno


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_writes_once(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert writes_of(node) <= 1, f"{path.name}: {node.name} opens more than one write"


def test_the_web_and_the_commands_change_no_records() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for folder in ("web", "cli")
        for path in sorted((SOURCE / folder).rglob("*.py"))
        for line in manager_changes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found, "Move these into a workflow: " + ", ".join(found)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_that_changes_records_leaves_an_event(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = list(manager_changes(ast.parse(text)))
    assert not lines or "one_write" in text, f"{path.name}:{lines[0]} changes a record without an event"
