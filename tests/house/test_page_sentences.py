"""What a page says comes from the catalogue, and what it loads comes from this site."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "smarketing" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
LOADED = TEMPLATES + sorted(p for p in (WEB / "static").rglob("*") if p.suffix in (".css", ".js", ".svg", ".html"))
FORMS = sorted((WEB / "forms").glob("*.py"))
VIEWS = sorted((WEB / "views").glob("*.py"))
LOGIC = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
UNREAD = re.compile(r"<(code|script|pre)\b.*?</\1>", re.S)
READ_ALOUD = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')
SENTENCE = re.compile(r"[^\W\d_]{2,}")
# Entities, attributes that a macro hands on, and words that are the same in all languages.
NOT_READ = re.compile(r"&\w+;|[\w-]+=\"[^\"]*\"|\b(?:smarketing|EUR|crm_weekly|BEGIN:VCALENDAR)\b")
SHOWN_AS_SAMPLES = {"help/components.html"}  # the page of the parts themselves: names of nobody, made up


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.relative_to(WEB).as_posix()) for path in paths]


def bare_texts(template: str) -> list[str]:
    """What stands in the page and in its attributes without going through `words`."""
    plain = UNREAD.sub(" ", LOGIC.sub(lambda logic: " " if logic[0].startswith("{#") else "…", template))
    texts = [*READ_ALOUD.findall(plain), *re.sub(r"<[^>]*>", "\n", plain).splitlines()]
    return [text.strip() for text in texts if SENTENCE.search(NOT_READ.sub(" ", text))]


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_says_nothing_of_its_own(path: Path) -> None:
    if path.relative_to(WEB / "templates").as_posix() not in SHOWN_AS_SAMPLES:
        assert bare_texts(path.read_text(encoding="utf-8")) == []


def test_words_of_a_template_are_seen() -> None:
    page = '<p class="a">{{ words("Read") }} me</p><img alt="Two bars"> <code>audit</code>{# not read #}'
    assert bare_texts(page) == ["Two bars", "… me"]


@pytest.mark.parametrize("path", named(FORMS))
def test_a_form_says_what_can_be_translated(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    unmarked = [
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg in ("label", "help_text", "empty_label")
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    ]
    assert [text for text in unmarked if SENTENCE.search(text)] == []


@pytest.mark.parametrize("path", named(LOADED))
def test_nothing_is_asked_of_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")  # the names of XML, which nobody fetches
    assert re.findall(r"https?://[^\s\"'{<]+|(?:src|href|action)=[\"']//|url\([\"']?//|@import", text) == []


@pytest.mark.parametrize("path", named(VIEWS))
def test_a_view_is_short(path: Path) -> None:
    functions = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > 30} == {}
