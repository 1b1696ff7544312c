"""What a person says on the page of an upload: the profile, the columns, the values, or the whole text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from smarketing.workflows.hold_upload import COLUMNS, KNOWN, TEXT, Reading

MOST_FILES = 40
LONGEST_TEXT = 300_000


def reading_of(posted: QueryDict, before: Reading) -> Reading:
    """The reading that the form says; what it leaves out stays as it was."""
    way, _, name = posted.get("way", "").partition(":")
    if way == KNOWN:
        return replace(before, way=KNOWN, profile=name, **_everywhere(posted, before))
    if way == TEXT:
        return replace(
            before, way=TEXT, text=posted.get("text", before.text)[:LONGEST_TEXT], **_everywhere(posted, before)
        )
    if way != COLUMNS:
        return before
    reading = replace(before, way=COLUMNS, **_everywhere(posted, before))
    if before.way != COLUMNS or "n_files" not in posted:
        return reading
    said = [_file(posted, f"f{position}") for position in range(_number(posted.get("n_files", "")))]
    return replace(
        reading,
        currency=posted.get("currency", "").strip().upper()[:3],
        decimal=posted.get("decimal", ""),
        formats=tuple(line.strip() for line in posted.get("formats", "").split("|") if line.strip()),
        files={title: told for title, told in said if title},
    )


def _everywhere(posted: QueryDict, before: Reading) -> dict[str, Any]:
    return {
        "zone": posted.get("zone", before.zone).strip(),
        "source": posted.get("source", before.source).strip()[:60],
    }


def _file(posted: QueryDict, name: str) -> tuple[str, dict[str, Any]]:
    """One file's table, columns and values; a file that becomes another table is guessed anew."""
    title, table = posted.get(f"{name}-title", ""), posted.get(f"{name}-table", "")
    if table != posted.get(f"{name}-was", ""):
        return title, {"table": table}
    columns: dict[str, str] = {}
    shown: dict[str, str] = {}
    changed: dict[str, str] = {}
    for position in range(_number(posted.get(f"{name}-n", ""))):
        header = posted.get(f"{name}-{position}-header", "")
        shown |= dict.fromkeys(posted.get(f"{name}-{position}-was", "").split(), header)
        for column in filter(None, posted.getlist(f"{name}-{position}")):
            (columns if shown.get(column) == header else changed)[column] = header
    meanings = _meanings(posted, name, columns | changed, shown)
    return title, {"table": table, "columns": columns | changed, "meanings": meanings}


def _meanings(
    posted: QueryDict, name: str, columns: Mapping[str, str], shown: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What values mean, of columns that are still filled by the header whose values were shown."""
    found: dict[str, dict[str, str]] = {}
    for column in posted.getlist(f"{name}-mapped"):
        if columns.get(column) != shown.get(column):
            continue
        values = posted.getlist(f"{name}-value-{column}")
        meant = posted.getlist(f"{name}-meaning-{column}")
        found[column] = {value: told for value, told in zip(values, meant, strict=False) if told}
    return found


def _number(text: str) -> int:
    return min(int(text), 2_000) if text.isdigit() else 0
