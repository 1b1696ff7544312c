"""Cells of an import file become UTC instants; what would have to be guessed is refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.facts.local_clock import local_clock
from smarketing.facts.time_formats import (
    DAY,
    MICROSECOND,
    NO_OFFSET,
    PRECISIONS,
    REASONS,
    SECOND,
    Flags,
    Micros,
    Readings,
    read_form,
)
from smarketing.facts.time_reasons import Reason
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, ERA_END, ERA_START, US, offsets

Gap = Literal["reject", "gap_end"]
Fold = Literal["earlier", "later", "reject"]

ALWAYS_READ = ("iso", "iso_compact")  # year first and spelled out: nobody reads these otherwise
GUESSES = (
    (r"^-?[0-9]+([.,][0-9]+)?$", Reason.BARE_NUMBER),
    (r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b", Reason.UNDECLARED_ORDER),
    (r"[0-9]\s*\(?[A-Z]{3,5}\)?$", Reason.ZONE_ABBREVIATION),
)


@dataclass(frozen=True, slots=True)
class ParsedInstants:
    """One row per cell. An empty cell has neither an instant nor a reason.

    Columns  at         Datetime(us, UTC), null where the cell is empty or refused
             reason     a `time_reasons.Reason`, null where the cell is empty or accepted
             is_folded  the clock showed this time twice and the cell did not say which; `fold` decided
             precision  microsecond, second, minute or day: how exact the cell is; null without `at`
    """

    at: pl.Series
    reason: pl.Series
    is_folded: pl.Series
    precision: pl.Series


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What a clock reading means: `status` is ok, gap or ambiguous.

    `candidates` are all instants at which the clock reads so, in microseconds; for a gap the instant it ends.
    """

    status: Literal["ok", "gap", "ambiguous"]
    candidates: tuple[int, ...]


def instants(
    column: pl.Series,
    *,
    zone: str,
    formats: Sequence[str] = (),
    gap: Gap = "reject",
    fold: Fold = "earlier",
) -> ParsedInstants:
    """The instants of a column, one bad cell never touching another.

    Takes    column   text, numbers, dates or date-times
             zone     whose clock reads the times that do not name their offset
             formats  declared forms (see `time_formats`); year-first ISO and RFC 3339 are always understood
             gap      a time the clock skipped: refused, or the instant at which the gap ends
             fold     a time the clock showed twice: the earlier instant, the later one, or refused
    Returns  ParsedInstants. A date alone is the beginning of its local day
    Raises   UserError for a format that does not say when, TermsError for an unknown zone
    """
    clock = local_clock(zone)
    readings, is_missing = _readings(column, tuple(formats))
    local = np.where(readings.is_good, readings.local_us, 0)
    is_local = readings.is_good & (readings.offset_us == NO_OFFSET)
    is_day = is_local & (readings.precision == DAY)
    at = np.where(is_local, local, local - np.where(is_local, 0, readings.offset_us))
    reason = readings.reason.copy()
    is_far = readings.is_good & ((local < ERA_START) | (local >= ERA_END) | (at < ERA_START) | (at >= ERA_END))
    _refuse(reason, is_far, Reason.OUT_OF_RANGE)
    rows = np.flatnonzero(is_local & ~is_far)
    earliest, latest = clock.reached(local[rows]), clock.latest(local[rows])
    is_skipped, is_doubled = clock.is_skipped(local[rows]), (latest > earliest) & ~is_day[rows]
    at[rows] = np.where(is_doubled & (fold == "later"), latest, earliest)
    if gap == "reject":
        whole_day = clock.reached(local[rows] + DAY_US) == earliest  # midnight may be skipped, a day may not
        _refuse(reason, _spread(rows[is_skipped & (~is_day[rows] | whole_day)], len(at)), Reason.SKIPPED)
    if fold == "reject":
        _refuse(reason, _spread(rows[is_doubled], len(at)), Reason.DOUBLED)
    is_accepted = readings.is_good & (reason == 0)
    is_folded = _spread(rows[is_doubled], len(at)) & is_accepted
    return _parsed(column, at, reason, is_accepted, is_missing, is_folded, readings.precision)


def local_to_utc(zone: str, local_us: int) -> LocalTime:
    """What one reading of a zone's clock means.

    Raises TermsError for an unknown zone.
    """
    clock = offsets(zone)
    found = clock.candidates(local_us)
    if not found:
        return LocalTime("gap", (clock.reached(local_us),))
    return LocalTime("ok" if len(found) == 1 else "ambiguous", found)


def _readings(column: pl.Series, formats: tuple[str, ...]) -> tuple[Readings, Flags]:
    """The readings of a column of any type, and which cells are empty."""
    dtype = column.dtype
    if dtype == pl.String or dtype == pl.Null or dtype.is_numeric():
        cells = _texts(column)
        is_missing = (cells.is_null() | (cells == "").fill_null(True)).to_numpy()
        return _read_texts(cells, formats, is_missing), is_missing
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return _read_typed(column), column.is_null().to_numpy()
    raise UserError(
        N_('The column "{column}" holds {dtype}, not times.'),
        hint=N_("Choose a column of dates or text."),
        column=column.name,
        dtype=dtype,
    )


def _texts(column: pl.Series) -> pl.Series:
    """Trimmed cells; a number is written plainly, without exponent or a useless fraction."""
    if column.dtype.is_float():
        return column.cast(pl.Decimal(38, 10), strict=False).cast(pl.String).str.replace(r"\.?0+$", "")
    return column.cast(pl.String).str.strip_chars(" \t\r\n\u00a0\ufeff")


def _read_typed(column: pl.Series) -> Readings:
    is_date = column.dtype == pl.Date
    zoned = isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None
    local = column.cast(pl.Datetime("us")).cast(pl.Int64).fill_null(0).to_numpy()
    precision = np.where(local % US == 0, SECOND, MICROSECOND)
    return Readings(
        column.is_not_null().to_numpy(),
        local,
        np.full(len(local), 0 if zoned else NO_OFFSET, np.int64),
        np.zeros(len(local), np.uint8),
        np.full(len(local), DAY, np.uint8) if is_date else precision.astype(np.uint8),
    )


def _read_texts(cells: pl.Series, formats: tuple[str, ...], is_missing: Flags) -> Readings:
    """Each cell by the declared forms, then by the ones that are always understood; two opinions refuse a cell."""
    best = _nothing(len(cells))
    for form in dict.fromkeys(formats):
        found = read_form(cells, form)
        is_both = best.is_good & found.is_good
        differs = is_both & ((best.local_us != found.local_us) | (best.offset_us != found.offset_us))
        best = _preferred(best, found)
        _refuse(best.reason, differs, Reason.AMBIGUOUS)
    for form in ALWAYS_READ:
        left = ~best.is_match & ~is_missing
        if left.any():
            best = _preferred(best, _only(read_form(_kept(cells, left), form), left))
    unread = ~best.is_match & ~is_missing
    if unread.any():
        best.reason[unread] = _guessed_reasons(cells.filter(pl.Series(unread)))
    return best


def _nothing(n: int) -> Readings:
    zeros = np.zeros(n, np.int64)
    return Readings(np.zeros(n, np.bool_), zeros, zeros, np.zeros(n, np.uint8), np.zeros(n, np.uint8))


def _kept(cells: pl.Series, rows: Flags) -> pl.Series:
    return cells if rows.all() else cells.set(pl.Series(~rows), None)


def _only(found: Readings, rows: Flags) -> Readings:
    return Readings(found.is_match & rows, found.local_us, found.offset_us, found.reason, found.precision)


def _preferred(first: Readings, second: Readings) -> Readings:
    """Row by row the first reading that is good, else the first that has the shape."""
    take = (second.is_good & ~first.is_good & (first.reason != AMBIGUOUS_CODE)) | (second.is_match & ~first.is_match)
    return Readings(
        first.is_match | second.is_match,
        np.where(take, second.local_us, first.local_us),
        np.where(take, second.offset_us, first.offset_us),
        np.where(take, second.reason, first.reason),
        np.where(take, second.precision, first.precision),
    )


AMBIGUOUS_CODE = REASONS.index(Reason.AMBIGUOUS) + 1


def _refuse(reason: NDArray[np.uint8], rows: Flags, why: Reason) -> None:
    reason[rows & (reason == 0)] = REASONS.index(why) + 1


def _spread(rows: NDArray[np.intp], n: int) -> Flags:
    flags = np.zeros(n, np.bool_)
    flags[rows] = True
    return flags


def _guessed_reasons(cells: pl.Series) -> NDArray[np.uint8]:
    shapes = [cells.str.contains(pattern).to_numpy() for pattern, _ in GUESSES]
    codes = [REASONS.index(reason) + 1 for _, reason in GUESSES]
    return np.select(shapes, codes, REASONS.index(Reason.UNREADABLE) + 1).astype(np.uint8)


def _parsed(
    column: pl.Series,
    at: Micros,
    reason: NDArray[np.uint8],
    is_accepted: Flags,
    is_missing: Flags,
    is_folded: Flags,
    precision: NDArray[np.uint8],
) -> ParsedInstants:
    accepted = pl.Series(is_accepted)
    frame = pl.DataFrame(
        {
            "at": at,
            "reason": pl.Series(np.where(is_missing | is_accepted, 0, reason)),
            "precision": pl.Series(precision),
        }
    ).select(
        pl.when(accepted).then(pl.col("at")).cast(pl.Datetime("us", "UTC")).alias(column.name or "at"),
        pl.col("reason").replace_strict([0, *range(1, len(REASONS) + 1)], [None, *REASONS], return_dtype=pl.String),
        pl.when(accepted)
        .then(pl.col("precision").replace_strict([0, 1, 2, 3], PRECISIONS, return_dtype=pl.String))
        .alias("precision"),
    )
    columns = frame.get_columns()
    return ParsedInstants(columns[0], columns[1], pl.Series("is_folded", is_folded), columns[2])
