"""JSON Lines as rows: one object a line, read strictly, nested objects as `outer.inner` columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.sources.files.encoding import text_encoding
from smarketing.sources.files.gathering import torn
from smarketing.sources.files.lines import blocks
from smarketing.sources.files.rows import (
    CHUNK_CHARACTERS,
    CHUNK_ROWS,
    MAX_CELL,
    MAX_COLUMNS,
    RowFile,
    Rows,
    Torn,
    header_names,
)
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

MAX_DEPTH = 32
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE = re.compile(r"[\ud800-\udfff]")


class _Refused(ValueError):
    """A line that is JSON for some and not for us; carries a key of rejection.REASONS."""


class _Number(str):
    """A JSON number as it is written: no digit is lost to floats, none is too long."""

    __slots__ = ()


def open_json(path: Path, *, encoding: str = "") -> RowFile:
    """A file of one JSON object a line. The columns are those of all of its objects, in order of appearance.

    Raises UserError when the file holds no object or is one JSON array.
    """
    encoding = encoding or text_encoding(path)
    headers: dict[str, None] = {}
    n_objects = 0
    for _, found in _objects(path, encoding):
        if isinstance(found, dict):
            headers.update(dict.fromkeys(found))
            n_objects += 1
            if len(headers) > MAX_COLUMNS:
                raise UserError(N_("The file has more than {n} different keys."), where=path.name, n=MAX_COLUMNS)
    if not n_objects:
        raise UserError(
            N_("The file holds no JSON object."), where=path.name, hint=N_("Write one object a line, not one array.")
        )
    keys = tuple(headers)
    return RowFile(path, "jsonl", header_names(keys), lambda: _read(path, encoding, keys), form=encoding)


def _read(path: Path, encoding: str, keys: tuple[str, ...]) -> Iterator[Rows]:
    numbers: list[int] = []
    objects: list[dict[str, str | None]] = []
    torn: list[Torn] = []
    n_blank = n_characters = 0
    for number, found in _objects(path, encoding):
        if found is None:
            n_blank += 1
        elif isinstance(found, Torn):
            torn.append(found)
        else:
            numbers.append(number)
            objects.append(found)
            n_characters += sum(len(text or "") + 16 for text in found.values())
        if len(numbers) + len(torn) >= CHUNK_ROWS or n_characters >= CHUNK_CHARACTERS:
            yield _rows(keys, numbers, objects, torn, n_blank)
            numbers, objects, torn, n_blank, n_characters = [], [], [], 0, 0
    yield _rows(keys, numbers, objects, torn, n_blank)


def _rows(
    keys: tuple[str, ...],
    numbers: list[int],
    objects: list[dict[str, str | None]],
    torn: list[Torn],
    n_blank: int,
) -> Rows:
    columns, typed = [], {}
    for key, name in zip(keys, header_names(keys), strict=True):
        values = [found.get(key) for found in objects]
        text = pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
        columns.append(text)
        is_number = [isinstance(value, _Number) for value in values]
        if any(is_number):
            typed[name] = pl.Series(name, is_number, dtype=pl.Boolean)
    trimmed = pl.all().str.strip_chars()
    cells = pl.DataFrame(columns).select(pl.when(trimmed != "").then(trimmed).name.keep())
    return Rows(cells, pl.Series(numbers, dtype=pl.Int64), typed, tuple(torn), n_blank)


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, str | None] | Torn | None]]:
    """Each line's number with its object, with None for a blank line, or with the reason it is none."""
    for block in blocks(path, encoding):
        for long in block.torn:
            yield long.row, long
        torn_rows = {long.row for long in block.torn}
        for number, line in enumerate(block.lines, start=block.first):
            text = line.strip("\ufeff \t\r")
            if number in torn_rows:
                continue
            if not text:
                yield number, None
                continue
            try:
                yield number, _object(text)
            except _Refused as refusal:
                yield number, torn(number, text, str(refusal))


def _object(text: str) -> dict[str, str | None]:
    if _LONE.search(text):
        raise _Refused("bad_bytes")
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise _Refused("json_too_deep")
    try:
        found = _DECODER.decode(text)
    except _Refused:
        raise
    except (ValueError, RecursionError):
        raise _Refused("json_invalid") from None
    if not isinstance(found, dict):
        raise _Refused("json_invalid")
    flat: dict[str, str | None] = {}
    _flatten("", found, flat)
    return flat


def _depth(text: str) -> int:
    """The deepest nesting, brackets inside of strings left out."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[{\]}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _flatten(prefix: str, found: dict[str, Any], flat: dict[str, str | None]) -> None:
    for key, value in found.items():
        name = f"{prefix}{key}".strip()
        if isinstance(value, dict) and value:
            _flatten(f"{name}.", value, flat)
        elif name in flat:
            raise _Refused("json_duplicate_key")
        else:
            flat[name] = _text(value)


def _text(value: Any) -> str | None:
    if value is None or value == {} or value == []:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            return _checked(json.dumps(value, ensure_ascii=False))
        return _checked(";".join(text for item in value if (text := _text(item)) is not None)) or None
    return _checked(value)


def _checked(text: str) -> str:
    if len(text) > MAX_CELL:
        raise _Refused("cell_too_long")
    if not text.isascii() and _LONE.search(text):
        raise _Refused("json_lone_surrogate")
    if _CONTROL.search(text):
        raise _Refused("control_character")
    return text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("json_duplicate_key")
    for key in found:
        _checked(key)
    return found


def _no_constant(_: str) -> Any:
    raise _Refused("json_not_a_number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_Number, parse_float=_Number
)
