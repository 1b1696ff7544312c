"""Every key of every JSON answer has its meaning, and what our pages point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.answers import answers, keys
from docs.meanings import MEANINGS, meaning

DOCS = Path(__file__).parents[2] / "docs"
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*|\{\w+\}")


@pytest.fixture(scope="module")
def seen() -> list[tuple[str, str]]:
    return [(command, path) for command, documents in answers().items() for path in keys(command, documents)]


def test_every_key_of_every_answer_has_its_meaning(seen: list[tuple[str, str]]) -> None:
    assert all(meaning(command, path) for command, path in seen)


def test_every_key_is_snake_case(seen: list[tuple[str, str]]) -> None:
    named = {part.removesuffix("[]") for _, path in seen for part in path.split(".")}
    assert [name for name in named if not SNAKE_CASE.fullmatch(name)] == []


def test_no_meaning_outlives_its_key(seen: list[tuple[str, str]]) -> None:
    used = set()
    for command, path in seen:
        parts = [command, *(part.removesuffix("[]") for part in path.split("."))]
        qualified = ".".join(parts[-2:])
        used.add(qualified if qualified in MEANINGS else parts[-1])
    assert sorted(set(MEANINGS) - used) == []


def test_every_link_between_the_pages_leads_somewhere() -> None:
    root = DOCS.parent
    pages = [*root.glob("*.md"), *DOCS.rglob("*.md")]
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_file_and_folder_that_a_page_names_is_there() -> None:
    root = DOCS.parent
    pages = [root / name for name in ("ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md")]
    pages += [*(DOCS / "decisions").glob("*.md"), *(DOCS / "explanation").glob("*.md")]
    name = re.compile(r"`((?:[\w-]+/)+(?:[\w-]+\.\w+)?)`")
    homes = (root, root / "src" / "smarketing", DOCS, DOCS / "explanation")
    lost = [
        f"{page.name}: {named}"
        for page in pages
        for named in name.findall(page.read_text(encoding="utf-8"))
        if not any((home / named).exists() for home in homes)
    ]
    assert lost == []


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    folders = ("decisions", "explanation", "how-to", "reference")
    pages = [page.relative_to(DOCS).as_posix() for folder in folders for page in (DOCS / folder).glob("*.md")]
    assert [page for page in pages if f"]({page})" not in index] == []
