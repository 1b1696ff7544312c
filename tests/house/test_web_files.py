"""Style sheets, scripts and templates keep to the house: tokens, layers, small files, nothing the policy refuses."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from smarketing.web import assets
from smarketing.web.pages.glossary import anchors

WEB = Path(__file__).parents[2] / "src" / "smarketing" / "web"
SHEETS = sorted((WEB / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((WEB / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
COMMENT = re.compile(r"/\*.*?\*/", re.S)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", re.I)
SIZED = re.compile(r"(?<![\w-])(font-size|border-radius|z-index)\s*:\s*([^;}]+)")
SIZE = re.compile(r"var\(|^(?:inherit|0|50%|[\d.]+(?:em|pt)|[1-4]px)$")
SELECTOR = re.compile(r"(^|[},])([^{}@]*)\{", re.S)


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(WEB))) for path in paths]


def css(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", named(SHEETS))
def test_every_rule_of_a_sheet_stands_in_a_layer(path: Path) -> None:
    if path.name == "site.css":
        assert re.fullmatch(r"@layer [\w, ]+;", css(path).strip())
    else:
        heads = blocks(css(path))
        assert heads and all(re.fullmatch(r"@layer \w+", head) for head in heads)


def blocks(text: str) -> list[str]:
    """What stands before each outermost brace."""
    found, depth, head = [], 0, ""
    for sign in text:
        if depth == 0 and sign == "{":
            found.append(head.strip())
            head = ""
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0 and sign != "}":
            head += sign
    return [*found, *([head.strip()] if head.strip() else [])]


@pytest.mark.parametrize("path", named(SHEETS))
def test_a_sheet_takes_colours_and_sizes_from_the_tokens(path: Path) -> None:
    text = css(path)
    assert COLOUR.findall(text) == []
    raw = [f"{what}: {said}" for what, said in SIZED.findall(text) if not SIZE.search(said.strip())]
    assert [found for found in raw if path.name != "print.css"] == []


@pytest.mark.parametrize("path", named(SHEETS))
def test_a_sheet_shouts_nothing_and_names_no_id(path: Path) -> None:
    text = css(path)
    assert "!important" not in text
    assert [found for _, found in SELECTOR.findall(text) if re.search(r"#[A-Za-z]", found)] == []
    assert len(text.splitlines()) <= 200


def test_every_variable_is_a_token() -> None:
    text = COMMENT.sub("", assets.site_css())
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert sorted(set(re.findall(r"var\((--[\w-]+)", text)) - defined) == []


def test_every_layer_has_its_place() -> None:
    text = assets.site_css()
    order = re.search(r"@layer ([\w, ]+);", text)
    assert order and set(re.findall(r"@layer (\w+) \{", text)) <= set(order[1].split(", "))


def test_the_sheet_and_the_script_are_small() -> None:
    assert len(assets.site_css().encode()) < 150_000
    assert len(assets.site_js().encode()) < 60_000


@pytest.mark.parametrize("path", named(SCRIPTS))
def test_a_script_is_one_small_behaviour(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert text.startswith("// ")
    refused = re.findall(r"\beval\(|new Function|innerHTML|document\.write|\.style\b|\bimport\b|\bexport\b", text)
    assert refused == []


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_keeps_to_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 180
    assert re.findall(r"<[^>]*\sstyle=|<style\b|\son\w+=[\"']|javascript:|\|\s*e\b", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if not re.search(r"src=|json", tag)] == []
    assert "<path" not in text  # drawings are icons of `icon()`, bars of data or charts


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_what_htmx_fetches_also_has_an_address(path: Path) -> None:
    text = re.sub(r"\{[%{#].*?[%}#]\}", "…", path.read_text(encoding="utf-8"), flags=re.S)
    tags = re.findall(r"<\w+\b[^>]*\shx-(?:get|post|put|delete)=[^>]*>", text)
    lonely = [tag for tag in tags if not re.search(r"\b(?:href|action|formaction)=", tag)]
    assert [tag for tag in lonely if "hx-trigger" not in tag] == []


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_every_term_is_in_the_glossary(path: Path) -> None:
    terms = re.findall(r'ui\.term\("([^"]+)"', path.read_text(encoding="utf-8"))
    assert [term for term in terms if term.lower().replace(" ", "-") not in anchors()] == []


def test_what_every_page_loads_leaves_room_for_the_page() -> None:
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    loaded = (assets.site_css().encode(), assets.site_js().encode(), htmx)
    assert sum(len(gzip.compress(each, 9)) for each in loaded) < 45_000
