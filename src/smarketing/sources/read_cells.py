"""One fact column filled from the cells of a chunk: chosen, mapped, read as its type, each failure with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from smarketing.facts.schema import POLARS, TABLES, Column, DType
from smarketing.sources.conditions import like
from smarketing.sources.profile import Cell, Decimals
from smarketing.sources.read_numbers import amounts, flags, lengths, numbers, whole_numbers
from smarketing.sources.read_times import Style, days, instants

TYPED = "\x00typed:"
ROW = "\x00row"
PIECE = "\x00piece"
MAX_ID = 255
IDS = frozenset(
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.name.endswith(("_id", "_key")) or column.name in ("duplicate_of", "merged_into", "changed_by")
)
NAMES = frozenset({"team", "calendar", "zone", "role", "deliverable"})  # look-ups go by these too, so they have an end
NOT_IDS = ("none", "null", "nan", "n/a", "na", "undefined", "true", "false", "-")
ERRORS = ("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#n/a", "#spill!", "#calc!", "#field!")
NOT_CALCULATED = "#not calculated!"
INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
NON_NEGATIVE = ("duration_s", "impressions", "clicks")


@dataclass(frozen=True, slots=True)
class Habits:
    """How this file writes what its cells do not say."""

    decimal: Decimals
    style: Style
    maps: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A fact column: values, the text each came from, its header, and a reason where it could not be read."""

    values: pl.Series
    texts: pl.Series
    reasons: pl.Series
    headers: pl.Series
    precisions: pl.Series | None = None
    currencies: pl.Series | None = None
    lost_digits: pl.Series | None = None
    n_twice: int = 0
    n_emptied: int = 0


def fill(column: Column, cell: Cell, headers: list[str], frame: pl.DataFrame, habits: Habits) -> Filled:
    """The values of `column` for every row of `frame`.

    Takes    headers  the file's own columns that the cell names and the file has; none gives nulls
             frame    text columns, ROW, and a TYPED column beside each that stores numbers
    Returns  values of the column's dtype; where `reasons` is filled the value is null
    """
    texts, typed, origin = _chosen(cell, headers, frame)
    reasons = _first_reasons(texts)
    sound = _only(texts, reasons.is_null())
    mapped, known = _mapped(column, cell, sound, habits)
    if cell.if_empty:
        mapped = mapped.fill_null(cell.if_empty)
    if known is not None:
        reasons = _or(reasons, _reason(~known, "not_in_map"))
        mapped = _only(mapped, known)
    typed = typed if not (cell.map or cell.use_map) else None
    filled = _converted(column, cell, mapped, typed, habits)
    reasons = _or(reasons, filled.reasons)
    if column.values:
        strange = filled.values.is_not_null() & ~filled.values.is_in(list(column.values))
        reasons = _or(reasons, _reason(strange, "not_allowed"))
    n_emptied = 0
    if cell.unreadable == "empty":
        n_emptied = int(reasons.is_not_null().sum())
        reasons = pl.Series(reasons.name, [None] * len(reasons), dtype=pl.String)
    if column.required:
        reasons = _or(reasons, _reason(filled.values.is_null() & reasons.is_null(), "required_empty"))
    values = _only(filled.values, reasons.is_null())
    return replace(filled, values=values, texts=texts, reasons=reasons, headers=origin, n_emptied=n_emptied)


def _chosen(cell: Cell, headers: list[str], frame: pl.DataFrame) -> tuple[pl.Series, pl.Series | None, pl.Series]:
    """The text of each row, whether it is stored as a number, and the header it stands under."""
    n = frame.height
    if cell.value is not None:
        return _constant(cell.value, n), None, _constant("", n)
    if not headers:
        return _constant(None, n), None, _constant(cell.column[0], n)
    if cell.join is not None:
        joined = pl.concat_str(headers, separator=cell.join, ignore_nulls=True)
        texts = frame.select(pl.when(joined != "").then(joined).alias("text")).to_series()
        return texts, None, _constant(" + ".join(headers), n)
    picked = frame.select(
        text=pl.coalesce(headers),
        origin=pl.coalesce(
            *[pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in headers], pl.lit(headers[0])
        ),
        typed=pl.coalesce(
            *[pl.when(pl.col(name).is_not_null()).then(_typed(name, frame)) for name in headers], pl.lit(value=False)
        ),
    )
    texts = picked["text"]
    if cell.trim:
        bare = pl.col("text").str.strip_chars(cell.trim).str.strip_chars()
        texts = picked.select(pl.when(bare != "").then(bare).alias("text")).to_series()
    if cell.split:
        piece = pl.col("text").str.split(cell.split).list.get(cell.part - 1, null_on_oob=True).str.strip_chars()
        texts = picked.select(pl.when(piece != "").then(piece).alias("text")).to_series()
    return texts, picked["typed"], picked["origin"]


def _typed(name: str, frame: pl.DataFrame) -> pl.Expr:
    return pl.col(TYPED + name) if TYPED + name in frame.columns else pl.lit(value=False)


def _first_reasons(texts: pl.Series) -> pl.Series:
    lower = pl.col("text").str.to_lowercase()
    reason = (
        pl.when(lower == NOT_CALCULATED)
        .then(pl.lit("not_calculated"))
        .when(lower.is_in(ERRORS))
        .then(pl.lit("error_cell"))
        .otherwise(None)
    )
    frame = pl.DataFrame({"text": texts})
    if not frame.select((pl.col("text").str.starts_with("#")).any()).item():
        return _constant(None, len(texts))
    return frame.select(reason.cast(pl.String)).to_series()


def _mapped(column: Column, cell: Cell, texts: pl.Series, habits: Habits) -> tuple[pl.Series, pl.Series | None]:
    """Texts by the cell's map, and, where unknown values are refused, which are known."""
    entries = dict(cell.map)
    if cell.use_map:
        entries = {**habits.maps[cell.use_map], **entries}
    otherwise = cell.otherwise or _usual_otherwise(column, bool(entries))
    frame = pl.DataFrame({"text": texts})
    text, lower = pl.col("text"), pl.col("text").str.to_lowercase()
    if otherwise == "slug":
        rest = lower.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.replace_all(r"[^\p{L}\p{N}]+", "_")
        rest = rest.str.strip_chars("_")
    elif otherwise in ("keep", "reject"):
        rest = text
    elif otherwise == "empty":
        rest = pl.lit(None, pl.String)
    else:
        rest = pl.when(text.is_not_null()).then(pl.lit(otherwise))
    if not entries:
        return frame.select(rest.alias("text")).to_series(), None
    exact = {key.lower(): value for key, value in entries.items() if "*" not in key}
    hit = lower.is_in(list(exact)) if exact else pl.lit(value=False)
    value = (
        lower.replace_strict(list(exact), list(exact.values()), default=None, return_dtype=pl.String) if exact else rest
    )
    known, result = hit, pl.when(hit).then(value)
    for key, meant in entries.items():
        if "*" in key:
            fits = like(lower, key)
            result = result.when(fits & ~known).then(pl.lit(meant, pl.String))
            known = known | fits
    found = frame.select(text=result.otherwise(rest), known=known | text.is_null())
    return found["text"], found["known"].fill_null(value=True) if otherwise == "reject" else None


def _usual_otherwise(column: Column, has_map: bool) -> str:
    if column.name == "channel":
        return "slug"
    if column.values:
        return "reject" if has_map else "slug"
    return "keep"


def _converted(column: Column, cell: Cell, texts: pl.Series, typed: pl.Series | None, habits: Habits) -> Filled:
    decimal = cell.decimal or habits.decimal
    nothing = _constant(None, len(texts))
    if column.dtype is DType.TEXT:
        if column.name in IDS:
            return _ids(cell, texts, typed)
        if column.name == "currency":
            codes = texts.str.to_uppercase()
            wrong = ~codes.str.contains("^[A-Z]{3}$").fill_null(value=True)
            return Filled(codes, texts, _reason(wrong, "not_a_currency"), nothing)
        if column.name in NAMES:
            is_long = (texts.str.len_chars() > MAX_ID).fill_null(value=False)
            return Filled(texts, texts, _reason(is_long, "name_too_long"), nothing)
        return Filled(texts, texts, nothing, nothing)
    if column.dtype is DType.INSTANT:
        times = instants(texts, _style(cell, habits))
        precisions = times.precisions
        if cell.precision:
            precisions = pl.select(pl.when(times.values.is_not_null()).then(pl.lit(cell.precision))).to_series()
        return Filled(times.values, texts, times.reasons, nothing, precisions=precisions, n_twice=times.n_twice)
    if column.dtype is DType.DAY:
        dates, reasons = days(texts, _style(cell, habits))
        return Filled(dates, texts, reasons, nothing)
    if column.dtype is DType.MONEY:
        read, currencies = amounts(texts, typed, decimal)
        return Filled(read.values, texts, read.reasons, nothing, currencies=currencies)
    if column.dtype is DType.FLAG:
        read = flags(texts)
    elif column.dtype is DType.NUMBER:
        read = numbers(texts, typed, decimal)
    elif column.name == "duration_s":
        read = lengths(texts, typed, decimal, cell.unit)
    else:
        read = whole_numbers(texts, typed, decimal)
    reasons = read.reasons
    if column.name in NON_NEGATIVE:
        reasons = _or(reasons, _reason((read.values < 0).fill_null(value=False), "negative"))
    return Filled(read.values.cast(POLARS[column.dtype]), texts, reasons, nothing)


def _style(cell: Cell, habits: Habits) -> Style:
    usual = habits.style
    formats = cell.format or usual.format
    return replace(usual, zone=cell.zone or usual.zone, format=formats, day=cell.day, is_day=cell.precision == "day")


def _ids(cell: Cell, texts: pl.Series, typed: pl.Series | None) -> Filled:
    """Ids in one spelling: composed letters, nothing invisible, no digits that a float made up unnoticed."""
    is_number = typed if typed is not None else pl.repeat(False, len(texts), eager=True)
    frame = pl.DataFrame({"text": texts, "typed": is_number})
    text = pl.col("text")
    if frame.select(text.str.contains(r"[^\x21-\x7e ]|  ").any()).item():
        text = text.str.normalize("NFC").str.replace_all(INVISIBLE, "").str.replace_all(r"\s+", " ").str.strip_chars()
        text = pl.when(text != "").then(text)
    science = text.str.contains(r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}$")
    reason = (
        pl.when(text.str.len_chars() > MAX_ID)
        .then(pl.lit("id_too_long"))
        .when(science)
        .then(pl.lit("id_lost_digits"))
        .when(text.str.to_lowercase().is_in(NOT_IDS))
        .then(pl.lit("not_an_id"))
    )
    whole = pl.when(pl.col("typed")).then(text.str.strip_suffix(".0")).otherwise(text)
    found = frame.select(
        values=pl.concat_str(pl.lit(cell.prefix), whole) if cell.prefix else whole,
        reasons=reason,
        lost=pl.col("typed") & (text.str.len_chars() >= 16),
    )
    nothing = _constant(None, len(texts))
    lost = found["lost"].fill_null(value=False)
    return Filled(found["values"], texts, found["reasons"], nothing, lost_digits=lost if lost.any() else None)


def _constant(value: str | None, n: int) -> pl.Series:
    return pl.repeat(value, n, dtype=pl.String, eager=True)


def _reason(wrong: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(wrong).then(pl.lit(reason))).to_series()


def _or(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(first, second)).to_series()


def _only(values: pl.Series, rows: pl.Series) -> pl.Series:
    return values if rows.all() else pl.select(pl.when(rows).then(values)).to_series()
