"""Static files that are made, not written: one style sheet out of every layer, one script out of every behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

from smarketing.charts._theme import style_sheet

CSS = settings.PACKAGE / "web" / "static" / "css"
TOKENS = settings.PACKAGE / "reports" / "css" / "tokens.css"


def sheets() -> Iterator[Path]:
    """Every style sheet in the order in which they are joined; the order of layers stands in the first."""
    yield from (CSS / "site.css", TOKENS, CSS / "reset.css", CSS / "layout.css")
    yield from sorted((CSS / "parts").glob("*.css"))
    yield from sorted((CSS / "pages").glob("*.css"))
    yield from (CSS / "utilities.css", CSS / "print.css")


def site_css() -> str:
    """One request instead of thirty; each sheet stays a file that a person can read."""
    charts = f"@layer charts {{\n{style_sheet()}\n}}"
    return "\n".join([*(path.read_text(encoding="utf-8") for path in sheets()), charts])


def site_js() -> str:
    """Every behaviour in a block of its own, so that none sees the names of another."""
    scripts = sorted((settings.PACKAGE / "web" / "static" / "js").glob("*.js"))
    blocks = (f"{{ // {path.stem}\n{path.read_text(encoding='utf-8')}}}" for path in scripts)
    return "\n".join(['"use strict";', *blocks, ""])


MADE: dict[str, Callable[[], str]] = {"made/site.css": site_css, "made/site.js": site_js}


class MadeFiles(BaseFinder):
    """Lets collectstatic, runserver and WhiteNoise find them in the home, written anew where they changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.HOME / "made")

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        found = str(_write(path)) if path in MADE else ""
        return ([found] if found else []) if find_all else (found or None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in MADE:
            if not matches_patterns(name, list(ignore_patterns or ())):
                _write(name)
                yield name, self.storage


def _write(name: str) -> Path:
    path: Path = settings.HOME / "made" / name
    text = MADE[name]()
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path
