"""The beginning of a file, read once however often a page asks for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from smarketing.sources.files.open_file import Layout, open_file
from smarketing.sources.files.rows import RowFile, Rows

REMEMBERED = 12  # files; a stretch of one is bounded by rows.CHUNK_CHARACTERS


def first_rows(file: RowFile, layout: Layout | None = None) -> Rows | None:
    """The first stretch of a file; None when it holds no rows.

    Raises UserError when it cannot be read
    """
    told = file.path.stat()
    return _first(file.path, file.sheet, layout or Layout(), told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=REMEMBERED)
def _first(path: Path, sheet: str, layout: Layout, changed_ns: int, n_bytes: int) -> Rows | None:  # noqa: ARG001
    """What tells one state of a file from another is part of the key."""
    file = next(each for each in open_file(path, layout) if each.sheet == sheet)
    return next(iter(file.read()), None)
