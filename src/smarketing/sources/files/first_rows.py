"""The beginning of a table, read once where it was kept."""

from __future__ import annotations

from smarketing.sources.files.rows import RowFile, Rows


def first_rows(file: RowFile) -> Rows | None:
    """The first stretch of a table; None when it holds no rows.

    Raises UserError when it cannot be read
    """
    return file.first() if file.first else next(iter(file.read()), None)
