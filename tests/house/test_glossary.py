"""Every folder and domain word is in the glossary, and words we do not say stay out of names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "smarketing"
NOT_SAID = re.compile(r"(^|_)(contract|policy|kpi|threshold|timeout|timer|ticket|percentage)(s?)(_|$)")


def names(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name.lower())
    return found


def test_every_folder_is_in_the_architecture() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = [p.name for p in SOURCE.iterdir() if p.is_dir() and p.name not in ("__pycache__", "locale")]
    assert [name for name in folders if f"`{name}" not in page and f"  {name}/" not in page] == []


def test_the_glossary_names_what_the_code_is_made_of() -> None:
    page = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    words = ["agreement", "party", "commitment", "target", "allowance", "calendar", "segment", "position", "lead"]
    words += ["handover", "touch", "connection", "fact", "record", "clock", "verdict", "attainment", "pace"]
    words += ["scorecard", "edition", "starter", "episode", "tally", "replica", "bucket", "codebook", "profile"]
    assert [word for word in words if f"**{word}" not in page] == []


def test_words_we_do_not_say_are_not_names() -> None:
    said = [
        f"{p.relative_to(SOURCE)}: {name}" for p in SOURCE.rglob("*.py") for name in names(p) if NOT_SAID.search(name)
    ]
    assert said == []
