"""Parquet as rows of text: instants in ISO form, numbers as written, lists joined by semicolons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from smarketing.sources.files.gathering import torn
from smarketing.sources.files.rows import CHUNK_ROWS, MAX_CELL, MAX_COLUMNS, RowFile, Rows, header_names
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_

UNWANTED = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
DAMAGE = (Exception, pl.exceptions.PanicException)  # a damaged file makes its reader panic


def open_parquet(path: Path) -> RowFile:
    """A Parquet file. Raises UserError when it is damaged."""
    try:
        schema = pl.read_parquet_schema(path)
        n_rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except DAMAGE as error:
        raise _damaged(path, error) from None
    if len(schema) > MAX_COLUMNS:
        raise UserError(N_("The file has more than {n} columns."), where=path.name, n=MAX_COLUMNS)
    headers = header_names(list(schema))
    file = RowFile(path, "parquet", headers, lambda: _read(path, schema, headers, n_rows))
    columns = zip(headers, schema.dtypes(), strict=True)
    hard = [name for name, dtype in columns if as_text(pl.lit(None, dtype), dtype) is None]
    if hard:
        file.note(N_("columns that are no plain values are left out: {names}"), names=", ".join(hard))
    return file


def _damaged(path: Path, error: BaseException) -> UserError:
    said = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    what = N_("The Parquet file is damaged: {problem}.")
    return UserError(what, where=path.name, hint=N_("Export it again."), problem=said)


def _read(path: Path, schema: pl.Schema, headers: tuple[str, ...], n_rows: int) -> Iterator[Rows]:
    readable = []
    for position, (name, dtype) in enumerate(zip(headers, schema.dtypes(), strict=True)):
        text = as_text(pl.nth(position), dtype)
        trimmed = (pl.lit(None, pl.String) if text is None else text).str.strip_chars()
        readable.append(pl.when(trimmed != "").then(trimmed).alias(name))
    numeric = [name for name, dtype in zip(headers, schema.dtypes(), strict=True) if dtype.is_numeric()]
    for offset in range(0, max(n_rows, 1), CHUNK_ROWS):
        try:
            cells = pl.scan_parquet(path).slice(offset, CHUNK_ROWS).select(readable).collect()
        except DAMAGE as error:
            raise _damaged(path, error) from None
        yield _rows(cells, numeric, offset, min((offset + CHUNK_ROWS) / max(n_rows, 1), 1.0))


def _rows(cells: pl.DataFrame, numeric: list[str], offset: int, share: float) -> Rows:
    # Rows have no line numbers in Parquet: the first row is 2, as it would be in a spreadsheet.
    numbers = pl.int_range(offset + 2, offset + 2 + cells.height, eager=True)
    blank = cells.select(pl.all_horizontal(pl.all().is_null())).to_series()
    unwanted = cells.select(pl.any_horizontal(pl.all().str.contains(UNWANTED)).fill_null(value=False)).to_series()
    long = cells.select(pl.any_horizontal(pl.all().str.len_chars() > MAX_CELL).fill_null(value=False)).to_series()
    bad = unwanted | long
    torn_rows = [
        torn(number, " | ".join(cell or "" for cell in row), "control_character", row)
        if is_unwanted
        else torn(number, " | ".join(cell or "" for cell in row), "cell_too_long")
        for number, is_unwanted, row in zip(
            numbers.filter(bad), unwanted.filter(bad), cells.filter(bad).iter_rows(), strict=True
        )
    ]
    good = ~blank & ~bad
    kept = cells.filter(good)
    typed = {name: pl.repeat(True, kept.height, dtype=pl.Boolean, eager=True) for name in numeric}
    return Rows(kept, numbers.filter(good), typed, tuple(torn_rows), int(blank.sum()), share=share)


def as_text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    """The column written out; None when its values are no plain ones."""
    if isinstance(dtype, pl.String):
        return column
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Date | pl.Boolean) or dtype.is_decimal() or dtype.is_integer():
        return column.cast(pl.String)
    if dtype.is_float():
        is_whole = column.is_finite() & (column == column.round(0)) & (column.abs() < 1e15)
        whole = column.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(is_whole).then(whole).when(column.is_not_nan()).then(column.cast(pl.String))
    if isinstance(dtype, pl.Datetime):
        zoned = column.dt.convert_time_zone("UTC") if dtype.time_zone else column
        written = zoned.dt.cast_time_unit("us").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f").str.strip_suffix(".000000")
        return pl.concat_str(written, pl.lit("Z")) if dtype.time_zone else written
    if isinstance(dtype, pl.Duration):
        return column.dt.total_seconds().cast(pl.String)
    if isinstance(dtype, pl.Time):
        return column.dt.strftime("%H:%M:%S")
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.String):
        return column.list.join(";")
    return pl.lit(None, pl.String) if isinstance(dtype, pl.Null) else None
