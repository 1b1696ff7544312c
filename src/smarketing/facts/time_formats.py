"""Takes cells apart by one declared form and puts the parts together as readings of a clock, whole columns at once.

A form is `iso` (year first, as RFC 3339 and ISO 8601 write it), a number's meaning (`epoch_s`, `epoch_ms`,
`excel_1900`, `excel_1904`) or a pattern in the words of strptime, like `%d/%m/%Y %H:%M`. Only ASCII digits are
digits, and a part that is out of its range is refused, never carried over into the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.facts.time_reasons import Reason
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, ERA_END, ERA_START, US

Micros = NDArray[np.int64]
Flags = NDArray[np.bool_]
Parts = dict[str, NDArray[np.int64]]

REASONS = tuple(Reason)
PRECISIONS = ("microsecond", "second", "minute", "day")
MICROSECOND, SECOND, MINUTE, DAY = range(4)
MISSING = -1
NO_OFFSET = 1 << 40

ISO = (
    r"(?<Y>[0-9]{4})-(?<m>[0-9]{2})-(?<d>[0-9]{2})(?:(?:[Tt]| +)(?<H>[0-9]{2}):(?<M>[0-9]{2})"
    r"(?::(?<S>[0-9]{2})(?:[.,](?<f>[0-9]{1,9}))?)? ?(?<z>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
COMPACT = (
    r"(?<Y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})[Tt](?<H>[0-9]{2})(?<M>[0-9]{2})"
    r"(?:(?<S>[0-9]{2})(?:[.,](?<f>[0-9]{1,9}))?)?(?<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
DIRECTIVES = {
    "Y": r"(?<Y>[0-9]{4})",
    "y": r"(?<y>[0-9]{2})",
    "m": r"(?<m>[0-9]{1,2})",
    "b": r"(?<b>\p{L}{3,12})\.?",
    "B": r"(?<b>\p{L}{3,12})\.?",
    "d": r"(?<d>[0-9]{1,2})",
    "e": r" ?(?<d>[0-9]{1,2})",
    "H": r"(?<H>[0-9]{1,2})",
    "I": r"(?<I>[0-9]{1,2})",
    "M": r"(?<M>[0-9]{2})",
    "S": r"(?<S>[0-9]{2})",
    "f": r"(?<f>[0-9]{1,9})",
    "p": r"(?<p>[AaPp]\.?\s?[Mm]\.?)",
    "z": r"(?<z>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "a": r"\p{L}{2,12}\.?",
    "A": r"\p{L}{2,12}\.?",
    "%": "%",
}
SHORTHANDS = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y"}
MONTHS = {
    name[:length]: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    )
    for number, name in enumerate(names.split(), 1)
    for length in (3, 4, len(name))
}


@dataclass(frozen=True, slots=True)
class Readings:
    """What one form makes of a column.

    `is_match` rows have the form's shape; those with `reason` 0 are good. `local_us` is the clock's reading in
    microseconds since 1970, `offset_us` how far that clock is ahead of UTC, NO_OFFSET where the cell does not say.
    `reason` is 1 + a position in REASONS, `precision` a position in PRECISIONS.
    """

    is_match: Flags
    local_us: Micros
    offset_us: Micros
    reason: NDArray[np.uint8]
    precision: NDArray[np.uint8]

    @property
    def is_good(self) -> Flags:
        good: Flags = self.is_match & (self.reason == 0)
        return good


def read_form(cells: pl.Series, form: str) -> Readings:
    """The readings of a text column by one form; cells of another shape do not match.

    Raises UserError for a form that does not say when.
    """
    check_form(form)
    return NUMBERS[form](cells) if form in NUMBERS else _read_pattern(cells, _pattern(form))


@cache
def check_form(form: str) -> None:
    """Raises UserError unless the form tells year, month and day, or an instant."""
    if form in NUMBERS or form in ("iso", "iso_compact"):
        return
    letters = re.findall(r"%(.)", _expanded(form))
    unknown = [letter for letter in letters if letter not in DIRECTIVES]
    twice = [letter for letter in letters if letters.count(letter) > 1 and letter not in "aA%"]
    has_day = bool({"Y", "y"} & {*letters}) and bool({"m", "b", "B"} & {*letters}) and bool({"d", "e"} & {*letters})
    has_noon = ("I" in letters) == ("p" in letters)
    if unknown or twice or not has_day or not has_noon:
        raise UserError(
            N_('The time format "{form}" does not say when.'),
            hint=N_(
                "Use iso, epoch_s, epoch_ms, excel_1900, excel_1904 or a pattern like %d/%m/%Y %H:%M of {directives}, "
                "each at most once; %I goes with %p."
            ),
            form=form,
            directives=" ".join(f"%{letter}" for letter in sorted(DIRECTIVES)),
        )


def _expanded(form: str) -> str:
    for short, long in SHORTHANDS.items():
        form = form.replace(short, long)
    return form


@cache
def _pattern(form: str) -> str:
    """The regular expression of a form, in the words of Polars; a space stands for one or more."""
    if form in ("iso", "iso_compact"):
        return f"^(?:{ISO if form == 'iso' else COMPACT})$"
    pieces = re.split(r"%(.)", _expanded(form))
    literals = [re.sub(r"(?:\\ )+", r"\\s+", re.escape(text)) for text in pieces[::2]]
    directives = [DIRECTIVES[letter] for letter in pieces[1::2]]
    return "^" + "".join(a + b for a, b in zip(literals, [*directives, ""], strict=True)) + "$"


def _read_pattern(cells: pl.Series, pattern: str) -> Readings:
    found = cells.str.extract_groups(pattern).struct.unnest()
    is_match = found.to_series(0).is_not_null().to_numpy()
    texts = {name: found[name] for name in found.columns}
    parts: Parts = {name: _whole(texts[name]) for name in texts if name in "YymdHIMS"}
    if "y" in parts:
        parts["Y"] = parts["y"] + np.where(parts["y"] < 69, 2000, 1900)
    if "b" in texts:
        parts["m"] = _whole(texts["b"].str.to_lowercase().replace_strict(MONTHS, default=0, return_dtype=pl.Int64))
    if "I" in parts:
        parts["H"] = _hour_of_day(parts["I"], texts["p"])
    nothing = np.full(len(cells), MISSING, np.int64)
    hour, minute, second = (parts.get(name, nothing) for name in "HMS")
    micro = _micros(texts["f"]) if "f" in texts else nothing
    offset, is_offset = _offset(texts["z"]) if "z" in texts else (nothing * 0 + NO_OFFSET, nothing < 0)
    day, is_date = _day_number(parts["Y"], parts["m"], parts["d"])
    is_time = (hour < 24) & (minute < 60) & (second < 60)
    clock = ((np.maximum(hour, 0) * 60 + np.maximum(minute, 0)) * 60 + np.maximum(second, 0)) * US + np.maximum(
        micro, 0
    )
    precision = np.select(
        [hour == MISSING, second == MISSING, micro == MISSING], [DAY, MINUTE, SECOND], MICROSECOND
    ).astype(np.uint8)
    reason = _first_reason(
        (~is_date, Reason.IMPOSSIBLE_DATE), (~is_time, Reason.IMPOSSIBLE_TIME), (~is_offset, Reason.IMPOSSIBLE_OFFSET)
    )
    return Readings(is_match, day * DAY_US + clock, offset, reason, precision)


def _read_epoch(cells: pl.Series, unit_us: int) -> Readings:
    parts = cells.str.extract_groups(r"^(?<s>-?)(?<n>[0-9]{1,14})(?:\.(?<f>[0-9]{1,9}))?$").struct.unnest()
    is_match = parts["n"].is_not_null().to_numpy()
    fraction = np.maximum(_micros(parts["f"]), 0) * unit_us // US
    sign = np.where((parts["s"] == "-").fill_null(False).to_numpy(), -1, 1)
    whole = np.maximum(_whole(parts["n"]), 0)
    is_near = whole < ERA_END // unit_us
    at = sign * (np.where(is_near, whole, 0) * unit_us + fraction)
    precision = np.where(at % US == 0, SECOND, MICROSECOND).astype(np.uint8)
    reason = _first_reason((~is_near | (at < ERA_START), Reason.OUT_OF_RANGE))
    return Readings(is_match, at, np.zeros(len(cells), np.int64), reason, precision)


def _read_excel(cells: pl.Series, epoch_day: int, earliest: int) -> Readings:
    """Days since a spreadsheet's epoch, the time of day as their fraction, exact to the millisecond."""
    is_match = cells.str.contains(r"^[0-9]{1,7}(?:[.,][0-9]{1,20})?$").fill_null(False).to_numpy()
    serial = cells.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).fill_null(0.0).to_numpy()
    serial = np.where(is_match, serial, 0.0)
    local = np.rint((serial - epoch_day) * 86_400_000).astype(np.int64) * 1000
    precision = np.where(serial % 1 == 0, DAY, np.where(local % US == 0, SECOND, MICROSECOND)).astype(np.uint8)
    reason = _first_reason((serial < earliest, Reason.OUT_OF_RANGE))
    return Readings(is_match, local, np.full(len(cells), NO_OFFSET, np.int64), reason, precision)


NUMBERS: dict[str, Callable[[pl.Series], Readings]] = {
    "epoch_s": lambda cells: _read_epoch(cells, US),
    "epoch_ms": lambda cells: _read_epoch(cells, 1000),
    # Day 60 of the 1900 system is a 29 February that never was: the days before it are off by one.
    "excel_1900": lambda cells: _read_excel(cells, 25_569, 61),
    "excel_1904": lambda cells: _read_excel(cells, 24_107, 0),
}


def _whole(texts: pl.Series) -> NDArray[np.int64]:
    return texts.cast(pl.Int64, strict=False).fill_null(MISSING).to_numpy()


def _micros(digits: pl.Series) -> NDArray[np.int64]:
    """The digits after a decimal point as millionths; what is finer is cut off."""
    return _whole(digits.str.pad_end(6, "0").str.slice(0, 6))


def _hour_of_day(hour: NDArray[np.int64], half: pl.Series) -> NDArray[np.int64]:
    is_late = half.str.to_lowercase().str.starts_with("p").fill_null(False).to_numpy()
    return np.where((hour < 1) | (hour > 12), 99, hour % 12 + np.where(is_late, 12, 0))


def _offset(texts: pl.Series) -> tuple[Micros, Flags]:
    """How far ahead of UTC, and whether such an offset is possible."""
    parts = texts.str.extract_groups(r"^(?<s>[+-])(?<h>[0-9]{2}):?(?<m>[0-9]{2})?$").struct.unnest()
    hour, minute = np.maximum(_whole(parts["h"]), 0), np.maximum(_whole(parts["m"]), 0)
    sign = np.where((parts["s"] == "-").fill_null(False).to_numpy(), -1, 1)
    offset = sign * (hour * 60 + minute) * 60 * US
    return np.where(texts.is_null().to_numpy(), NO_OFFSET, offset), (hour < 24) & (minute < 60)


def _day_number(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Flags]:
    """Days since 1970-01-01, and whether there is such a date."""
    is_month = (month >= 1) & (month <= 12)
    months = (year - 1970) * 12 + np.where(is_month, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    beyond = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day - 1, is_month & (day >= 1) & (first + day <= beyond) & (year >= 1)


def _first_reason(*checks: tuple[Flags, Reason]) -> NDArray[np.uint8]:
    codes = [REASONS.index(reason) + 1 for _, reason in checks]
    return np.select([is_wrong for is_wrong, _ in checks], codes, 0).astype(np.uint8)
