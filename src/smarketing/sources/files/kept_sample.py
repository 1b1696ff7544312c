"""The tables of a file with their first rows kept beside it, so that looking again opens no workbook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from smarketing.sources.files.open_file import Layout, open_file
from smarketing.sources.files.rows import Note, RowFile, Rows, Torn
from smarketing.terms.errors import UserError

FORM = 1  # of what is kept: raised when that changes
REMEMBERED = 12  # files; a stretch of a table is bounded by rows.CHUNK_CHARACTERS
CELL, TYPED, NUMBER = "c", "t", "n"


def sampled_file(path: Path, layout: Layout | None = None) -> list[RowFile]:
    """What open_file says. The first stretch of each table stands in a hidden file beside it from the first time on.

    Raises UserError when the file cannot be opened
    """
    layout = layout or Layout()
    told = path.stat()
    return [replace(table, notes=list(table.notes)) for table in _tables(path, layout, told.st_mtime_ns, told.st_size)]


@lru_cache(maxsize=REMEMBERED)
def _tables(path: Path, layout: Layout, changed_ns: int, n_bytes: int) -> tuple[RowFile, ...]:
    """What tells one state of a file from another is part of the key."""
    state = repr((FORM, path.name, layout, changed_ns, n_bytes))
    place = path.with_name(f".{hashlib.sha256(state.encode()).hexdigest()[:24]}.sample")
    if not place.is_file():
        opened = open_file(path, layout)
        try:
            kept = [_sampled(file, place, position) for position, file in enumerate(opened)]
        except UserError:
            return tuple(opened)  # whoever reads it is told what is wrong with it
        temporary = _new(place)
        temporary.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        temporary.replace(place)
    kept = json.loads(place.read_text(encoding="utf-8"))
    return tuple(_table(path, layout, place, position, each) for position, each in enumerate(kept))


def _sampled(file: RowFile, place: Path, position: int) -> dict[str, Any]:
    """What is kept of a table beside its cells, which go into a file of their own."""
    reading = file.read()
    rows = next(reading, None)
    is_whole = rows is None or (rows.share >= 1 and next(reading, None) is None)
    told: dict[str, Any] = {
        "kind": file.kind, "headers": file.headers, "sheet": file.sheet, "is_hidden": file.is_hidden,
        "form": file.form, "notes": [asdict(note) for note in file.notes], "is_whole": is_whole,
    }  # fmt: skip
    if rows is None:
        return told
    columns = [cells.alias(f"{CELL}{at}") for at, cells in enumerate(rows.cells)]
    flags = [rows.typed[name].alias(f"{TYPED}{at}") for at, name in enumerate(rows.cells.columns) if name in rows.typed]
    frame = pl.DataFrame([rows.numbers.alias(NUMBER), *columns, *flags])
    temporary = _new(place)
    frame.write_parquet(temporary, compression="lz4")
    temporary.replace(_cells(place, position))
    counts = {"n_blank": rows.n_blank, "n_repeated_headers": rows.n_repeated_headers, "share": rows.share}
    return told | {"rows": {"names": rows.cells.columns, "torn": rows.torn, **counts}}


def _table(path: Path, layout: Layout, place: Path, position: int, told: dict[str, Any]) -> RowFile:
    rows = _rows(_cells(place, position), told["rows"]) if "rows" in told else None

    def read() -> Iterator[Rows]:
        if told["is_whole"]:
            return iter([rows] if rows else [])
        return next(each for each in open_file(path, layout) if each.sheet == told["sheet"]).read()

    return RowFile(
        path=path,
        kind=told["kind"],
        headers=tuple(told["headers"]),
        read=read,
        sheet=told["sheet"],
        is_hidden=told["is_hidden"],
        form=told["form"],
        notes=[Note(**note) for note in told["notes"]],
        first=lambda: rows,
    )


def _rows(path: Path, told: dict[str, Any]) -> Rows:
    frame = pl.read_parquet(path, memory_map=False)
    names = told["names"]
    return Rows(
        cells=pl.DataFrame([frame[f"{CELL}{at}"].alias(name) for at, name in enumerate(names)]),
        numbers=frame[NUMBER],
        typed={name: frame[at].alias(name) for n, name in enumerate(names) if (at := f"{TYPED}{n}") in frame.columns},
        torn=tuple(Torn(row, text, reason, tuple(cells)) for row, text, reason, cells in told["torn"]),
        n_blank=told["n_blank"],
        n_repeated_headers=told["n_repeated_headers"],
        share=told["share"],
    )


def _new(place: Path) -> Path:
    """Nobody else's: two requests may sample one file at a time."""
    return place.with_suffix(f".{uuid4().hex}.new")


def _cells(place: Path, position: int) -> Path:
    return place.with_suffix(f".{position}.parquet")
