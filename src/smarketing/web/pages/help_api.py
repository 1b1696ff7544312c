"""The help page for programmers: every operation of the API in words, from its OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smarketing.terms.language import Words
from smarketing.terms.marked import N_

CHAPTERS = {
    "index": N_("To begin with"),
    "scorecards": N_("Scorecards"),
    "leads": N_("Leads"),
    "agreements": N_("Agreements"),
    "imports": N_("Imports"),
    "sources": N_("Sources"),
    "jobs": N_("Work in the background"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Chapter:
    id: str
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ApiPage:
    chapters: tuple[Chapter, ...]
    example: str
    makes_tokens: bool


def api_page(schema: Mapping[str, Any], words: Words, *, root: str, makes_tokens: bool) -> ApiPage:
    """Every chapter.

    Takes    schema  the OpenAPI file; the summaries in it are sentences of the catalogue
             root    where the API begins, as a program here would write it
    """
    found: dict[str, list[Operation]] = {name: [] for name in CHAPTERS}
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            found[said["tags"][0]].append(Operation(method.upper(), path, words(said["summary"])))
    chapters = tuple(Chapter(name, words(CHAPTERS[name]), tuple(each)) for name, each in found.items())
    return ApiPage(chapters, f"curl -H 'Authorization: Bearer smk_…' {root}", makes_tokens)
