"""A file opened by what it is, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from smarketing.sources.files.csv_rows import open_csv
from smarketing.sources.files.encoding import text_encoding
from smarketing.sources.files.json_rows import open_json
from smarketing.sources.files.parquet_rows import open_parquet
from smarketing.sources.files.rows import RowFile
from smarketing.sources.files.sheet_rows import open_workbook
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

_NOT_FOR_US = (
    (b"\xd0\xcf\x11\xe0", N_("This is an old or encrypted workbook."), N_("Save it as .xlsx without a password.")),
    (b"\x1f\x8b", N_("This file is compressed."), N_("Unpack it first.")),
    (b"BZh", N_("This file is compressed."), N_("Unpack it first.")),
    (b"\xfd7zXZ", N_("This file is compressed."), N_("Unpack it first.")),
    (b"%PDF", N_("This is a PDF."), N_("Export the rows as CSV or XLSX.")),
    (b"SQLite format 3", N_("This is a database."), N_("Export its tables as CSV or Parquet.")),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a profile knows of a file before it is opened; empty means: find out."""

    delimiter: str = ""
    encoding: str = ""
    header_row: int = 1


Open = Callable[[Path, Layout], list[RowFile]]


def open_file(path: Path, layout: Layout | None = None) -> list[RowFile]:
    """The tables of a file: one for CSV, JSON Lines and Parquet, one a sheet for a workbook.

    Raises UserError when there is no file, it is empty, or it is of a kind that we do not read.
    """
    layout = layout or Layout()
    try:
        with path.open("rb") as file:
            head = file.read(4_096)
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        what = N_("There is no such file.") if is_missing else N_("The file cannot be read: {problem}.")
        raise UserError(what, where=str(path), hint=N_("Check the path."), problem=error) from None
    if not head:
        raise UserError(N_("The file is empty."), where=path.name, hint=N_("Export it again."))
    if head.startswith(b"PK"):
        return open_workbook(path, header_row=layout.header_row)
    if head.startswith(b"PAR1"):
        return [open_parquet(path)]
    for magic, what, hint in _NOT_FOR_US:
        if head.startswith(magic):
            raise UserError(what, where=path.name, hint=hint)
    try:
        return [_open_text(path, head, layout)]
    except LookupError:
        what, hint = N_('"{encoding}" is not an encoding.'), N_("Write utf-8, cp1252, shift_jis…")
        raise UserError(what, where=path.name, hint=hint, encoding=layout.encoding) from None


def _open_text(path: Path, head: bytes, layout: Layout) -> RowFile:
    encoding = layout.encoding or text_encoding(path)
    beginning = head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if beginning.startswith(("{", "[")) or path.suffix.lower() in (".jsonl", ".ndjson"):
        return open_json(path, encoding=encoding)
    return open_csv(path, delimiter=layout.delimiter, encoding=encoding, header_row=layout.header_row)
