"""What many events say of one fact column: plain values are read together, each of the others as a cell of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from smarketing.facts.schema import POLARS, Column, DType
from smarketing.sources.read_cells import IDS, MAX_ID, NAMES, NOT_IDS
from smarketing.sources.webhook.cells import FROM_YEAR, MOST_TEXT, UNTIL_YEAR, instant, value_of
from smarketing.sources.webhook.refusal import Refused

PLAIN = "^[!-~]([ -~]*[!-~])?$"  # nothing to trim and one way to write it
EXACT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-][0-2][0-9]:[0-5][0-9])$"
FORM = "%Y-%m-%dT%H:%M:%S%.f%#z"


@dataclass(frozen=True, slots=True)
class Cells:
    """`values` in the column's type and, of instants, how exact they are; `refused` are the positions of the others."""

    values: pl.Series
    precisions: pl.Series | None
    refused: tuple[int, ...]


def read_together(column: Column, given: Sequence[Any], zone: str, path: str) -> Cells:
    """What `cells.value_of` makes of each."""
    if column.dtype is DType.INSTANT:
        return read_instants(given, zone, path)
    values, is_sure = _QUICK.get(column.dtype, _unsure)(column, given)
    others = (~is_sure.fill_null(value=False)).arg_true().to_list()
    if not others:
        return Cells(values, None, ())
    found, refused = values.to_list(), []
    for position in others:
        try:
            found[position] = value_of(column, given[position], zone, path)
        except Refused:
            refused.append(position)
            found[position] = None
    return Cells(pl.Series(found, dtype=POLARS[column.dtype]), None, tuple(refused))


def read_instants(given: Sequence[Any], zone: str, path: str) -> Cells:
    """What `cells.instant` makes of each; nothing of what is empty."""
    texts = pl.Series([value if type(value) is str else None for value in given], dtype=pl.String)
    sure = texts.zip_with(texts.str.contains(EXACT), pl.Series([None], dtype=pl.String).new_from_index(0, len(texts)))
    at = sure.str.replace(" ", "T", literal=True).str.to_datetime(FORM, time_unit="us", strict=False)
    at = at.zip_with(at.dt.year().is_between(FROM_YEAR, UNTIL_YEAR - 1), at.clear(len(at)))
    precisions = pl.select(
        pl.when(at.is_not_null()).then(
            pl.when(texts.str.contains(".", literal=True)).then(pl.lit("microsecond")).otherwise(pl.lit("second"))
        )
    ).to_series()
    others = [position for position in at.is_null().arg_true() if not _is_nothing(given[position])]
    if not others:
        return Cells(at, precisions, ())
    instants, exact, refused = at.to_list(), precisions.to_list(), []
    for position in others:
        try:
            instants[position], exact[position] = instant(given[position], zone, path)
        except Refused:
            refused.append(position)
    return Cells(pl.Series(instants, dtype=at.dtype), pl.Series(exact, dtype=pl.String), tuple(refused))


def _is_nothing(value: Any) -> bool:
    return value is None or (type(value) is str and not value.strip())


def _text(column: Column, given: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    types, said = set(map(type, given)), given
    if not types <= {str, type(None)}:
        said = [str(each) if type(each) is int else each if type(each) is str else None for each in given]
    texts = pl.Series(said, dtype=pl.String)
    is_sure = texts.str.contains(PLAIN) & (texts.str.len_bytes() <= MOST_TEXT)
    if column.name in IDS:
        is_sure &= (texts.str.len_bytes() <= MAX_ID) & ~texts.str.to_lowercase().is_in(list(NOT_IDS))
    if column.name in NAMES:
        is_sure &= texts.str.len_bytes() <= MAX_ID
    if column.name == "currency":
        is_sure &= texts.str.contains("^[A-Z]{3}$")
    if column.values:
        is_sure &= texts.is_in(list(column.values))
    return texts, _or_nothing(is_sure, given, types)


def _number(_: Column, given: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    types = set(map(type, given))
    if not types <= {int, float, type(None)}:
        return _unsure(_, given)
    values = pl.Series([None if each is None else float(each) for each in given], dtype=pl.Float64)
    return values, pl.Series([True]).new_from_index(0, len(given))


def _flag(_: Column, given: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    if not set(map(type, given)) <= {bool, type(None)}:
        return _unsure(_, given)
    return pl.Series(given, dtype=pl.Boolean), pl.Series([True]).new_from_index(0, len(given))


def _unsure(column: Column, given: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    values = pl.Series([], dtype=POLARS[column.dtype]).clear(len(given))
    return values, pl.Series([False]).new_from_index(0, len(given))


def _or_nothing(is_sure: pl.Series, given: Sequence[Any], types: set[type]) -> pl.Series:
    return is_sure | pl.Series([each is None for each in given]) if type(None) in types else is_sure


_QUICK: dict[DType, Callable[[Column, Sequence[Any]], tuple[pl.Series, pl.Series]]] = {
    DType.TEXT: _text,
    DType.NUMBER: _number,
    DType.FLAG: _flag,
}
