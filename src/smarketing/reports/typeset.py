"""Typesets a document as PDF/A-2a and PDF/UA-1 at once: the same bytes for the same input, nothing from the net."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from smarketing.terms.language import Words

if TYPE_CHECKING:
    import typst

UNSHOWN = "□"
PANIC = "PanicException"  # of typst itself, on a rare mixture of scripts; it is no Exception and has no importable name
ROUNDS = 4
NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
CODEPOINT = re.compile(r"\\u\{([0-9a-f]+)\}")
LATIN, EUROPE = 0x180, 0x530  # the letters of western languages; with Greek and Cyrillic
SIGNS = frozenset("–—‘’“”„•…€←↑→↓↗↘−≤≥≈×÷·✓✕□")
FORBIDDEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF)))


def typeset(template: str, data: Mapping[str, Any], *, words: Words, at: datetime) -> bytes:
    """The template of `reports/typst` filled with `data`, which it prints as text and never runs.

    Takes    data   plain values for JSON; it may hold `unshown`, a sentence that is printed if characters are missing
             at     the instant the file says it was made
    A character that no embedded letter can show is printed as □, because PDF/A refuses a hole.
    """
    import typst

    shown = _mapped(dict(data), plain_text) | {"language": words.language}
    private = frozenset(c for c in json.dumps(shown, ensure_ascii=False) if unicodedata.category(c) == "Co")
    shown = _without(private, shown) if private else shown
    for _ in range(ROUNDS):
        try:
            return _compiled(template, shown, at)
        except typst.TypstError as error:
            missing = _unshown(error.diagnostic)
            if not missing:
                raise
            shown = _without(missing, shown)
        except BaseException as error:
            if type(error).__name__ != PANIC:
                raise
            shown = _without(_others(shown, EUROPE), shown)
    return _compiled(template, _without(_others(shown, LATIN), shown), at)


def _compiled(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    import typst

    with as_file(files("smarketing.reports") / "typst") as folder:
        made = typst.compile(
            folder / template,
            root=folder,
            font_paths=letters(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=at,
        )
    assert isinstance(made, bytes)
    return made


@cache
def letters() -> typst.Fonts:
    """Inter by its path and the letters that typst brings along; never those of the machine."""
    import fontpkg_inter  # type: ignore[import-untyped]
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fontpkg_inter.ROOT)])


def plain_text(text: str) -> str:
    """Text without what paper cannot hold: control characters, reversed writing, halves of characters."""
    kept = (c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)
    return "".join(c for c in kept if c not in FORBIDDEN)


def _unshown(diagnostic: str) -> frozenset[str]:
    named = (CODEPOINT.sub(lambda found: chr(int(found[1], 16)), text) for text in NO_LETTER.findall(diagnostic))
    return frozenset(character for text in named for character in text)


def _others(data: Mapping[str, Any], until: int) -> frozenset[str]:
    """The characters of other scripts, and those that change their neighbours: what is left can always be set."""
    text = json.dumps(data, ensure_ascii=False)
    return frozenset(c for c in text if not (ord(c) < until or c in SIGNS) or unicodedata.category(c) in ("Mn", "Cf"))


def _without(missing: frozenset[str], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with □ for each missing character, marked as incomplete."""
    table = dict.fromkeys(map(ord, missing), UNSHOWN)
    return {**_mapped(data, lambda text: text.translate(table)), "is_incomplete": True}


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value
