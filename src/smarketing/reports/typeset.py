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
ROUNDS = 4
NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
CODEPOINT = re.compile(r"\\u\{([0-9a-f]+)\}")
FORBIDDEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF)))


def typeset(template: str, data: Mapping[str, Any], *, words: Words, at: datetime) -> bytes:
    """The template of `reports/typst` filled with `data`, which it prints as text and never runs.

    Takes    data   plain values for JSON; it may hold `unshown`, a sentence that is printed if characters are missing
             at     the instant the file says it was made
    A character that no embedded letter can show is printed as □, because PDF/A refuses a hole.
    """
    import typst

    shown = _mapped(dict(data), plain_text)
    source = files("smarketing.reports") / "typst"
    with as_file(source) as folder:
        for attempt in range(ROUNDS):
            try:
                made = typst.compile(
                    folder / template,
                    root=folder,
                    font_paths=letters(),
                    ignore_system_fonts=True,
                    sys_inputs={"data": json.dumps(shown | {"language": words.language})},
                    pdf_standards=["a-2a", "ua-1"],
                    timestamp=at,
                )
            except typst.TypstError as error:
                shown = _without(_unshown(error.diagnostic), shown, is_final=attempt == ROUNDS - 2)
                if attempt == ROUNDS - 1 or not shown:
                    raise
            else:
                break
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


def _without(missing: frozenset[str], data: dict[str, Any], *, is_final: bool) -> dict[str, Any]:
    """The data with □ for missing characters, for all but the letters of Europe in the last round; {} is no help."""
    if not missing and not is_final:
        return {}

    def replaced(text: str) -> str:
        return "".join(UNSHOWN if c in missing or (is_final and ord(c) > 0x2FFF) else c for c in text)

    return {**_mapped(data, replaced), "is_incomplete": True}


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value
