"""Parquet as rows of text: instants in ISO form, numbers as written, lists joined by semicolons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from smarketing.sources.files.rows import CHUNK_ROWS, MAX_COLUMNS, RowFile, Rows
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_


def open_parquet(path: Path) -> RowFile:
    """A Parquet file. Raises UserError when it is damaged or holds columns that are no plain values."""
    try:
        schema = pl.read_parquet_schema(path)
        n_rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except Exception as error:
        raise _damaged(path, error) from None
    if len(schema) > MAX_COLUMNS:
        raise UserError(f"The file has more than {MAX_COLUMNS:,} columns.", where=path.name)
    headers = tuple(schema)
    file = RowFile(path, "parquet", headers, lambda: _read(path, schema, n_rows))
    hard = [name for name, dtype in schema.items() if _as_text(name, dtype) is None]
    if hard:
        file.note(N_("columns that are no plain values are left out: {names}"), names=", ".join(hard))
    return file


def _damaged(path: Path, error: BaseException) -> UserError:
    said = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return UserError(f"The Parquet file is damaged ({said}).", where=path.name, hint="Export it again.")


def _read(path: Path, schema: pl.Schema, n_rows: int) -> Iterator[Rows]:
    texts = {name: _as_text(name, dtype) for name, dtype in schema.items()}
    readable = [text.alias(name) if text is not None else pl.lit(None, pl.String).alias(name)
                for name, text in texts.items()]  # fmt: skip
    numeric = [name for name, dtype in schema.items() if dtype.is_numeric()]
    for offset in range(0, max(n_rows, 1), CHUNK_ROWS):
        try:
            cells = pl.scan_parquet(path).slice(offset, CHUNK_ROWS).select(readable).collect()
        except Exception as error:
            raise _damaged(path, error) from None
        trimmed = pl.all().str.strip_chars()
        cells = cells.select(pl.when(trimmed != "").then(trimmed).name.keep())
        typed = {name: pl.repeat(True, cells.height, dtype=pl.Boolean, eager=True) for name in numeric}
        # Rows have no line numbers in Parquet: the first row is 2, as it would be in a spreadsheet.
        numbers = pl.int_range(offset + 2, offset + 2 + cells.height, eager=True)
        blank = cells.select(pl.all_horizontal(pl.all().is_null())).to_series()
        yield Rows(
            cells.filter(~blank),
            numbers.filter(~blank),
            {name: flags.filter(~blank) for name, flags in typed.items()},
            n_blank=int(blank.sum()),
            share=min((offset + CHUNK_ROWS) / max(n_rows, 1), 1.0),
        )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr | None:
    column = pl.col(name)
    if isinstance(dtype, pl.String):
        return column
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Date | pl.Boolean) or dtype.is_decimal() or dtype.is_integer():
        return column.cast(pl.String)
    if dtype.is_float():
        return (
            pl.when(column.is_finite() & (column == column.round(0)) & (column.abs() < 1e15))
            .then(column.cast(pl.Int64, strict=False).cast(pl.String))
            .when(column.is_not_nan())
            .then(column.cast(pl.String))
        )
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
    if isinstance(dtype, pl.Null):
        return pl.lit(None, pl.String)
    return None
