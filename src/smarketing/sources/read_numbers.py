"""Numbers, amounts, flags and lengths of time as CRMs and spreadsheets write them, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from babel.numbers import list_currencies

from smarketing.sources.profile import Decimals

CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "R$": "BRL"}
DOLLARS = ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP")
YES = ("true", "yes", "y", "1", "sí", "si", "s", "ja", "vero", "verdadero", "wahr", "oui", "sim", "x")
NO = ("false", "no", "n", "0", "nein", "falso", "falsch", "non", "não")
MOST_DIGITS = 14  # of the whole part: decimal(18, 4)
_SIGN = r"(R\$|[$€£¥₹₽₺₩])"

WHOLE = "^-?(0|[1-9][0-9]{0,14})$"  # reads the same by every rule


@dataclass(frozen=True, slots=True)
class Reading:
    """A column that was read: values, and for each cell that could not be, a key of rejection.REASONS."""

    values: pl.Series
    reasons: pl.Series


def _read(frame: pl.DataFrame, values: pl.Expr, reasons: pl.Expr) -> Reading:
    found = frame.select(values=values, reasons=reasons)
    return Reading(found["values"], found["reasons"])


def plain_numbers(texts: pl.Series, typed: pl.Series | None, decimal: Decimals) -> pl.DataFrame:
    """Numbers in one spelling.

    Takes    texts    cells as written; null stays null
             typed    which cells the file itself stores as numbers: those have a decimal point
             decimal  the profile's decimal sign; `either` takes both where only one reading is possible
    Returns  `plain` (-1234.5, null where unreadable), `reason` (null where readable), `currency` (a sign or code found)
    """
    if texts.str.contains(WHOLE).all():
        nothing = pl.lit(None, pl.String)
        return pl.DataFrame({"plain": texts}).with_columns(reason=nothing, currency=nothing)
    is_typed = typed if typed is not None else pl.repeat(False, len(texts), eager=True)
    frame = _bare(pl.DataFrame({"text": texts, "typed": is_typed}))
    bare = pl.col("bare")
    as_point, as_comma = bare.str.contains(_grouped(r"[,' ’]", r"\.")), bare.str.contains(_grouped(r"[.' ’]", ","))
    point_value = bare.str.replace_all(r"[,' ’]", "")
    comma_value = bare.str.replace_all(r"[.' ’]", "").str.replace(",", ".", literal=True)
    science = bare.str.contains(r"^-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,4}$")
    are_one = point_value.cast(pl.Float64, strict=False) == comma_value.cast(pl.Float64, strict=False)
    doubtful = as_point & as_comma & ~are_one
    if decimal == ".":
        read = pl.when(as_point | science).then(point_value)
    elif decimal == ",":
        comma_science = bare.str.contains(r"^-?[0-9]+(,[0-9]+)?[eE][+-]?[0-9]{1,4}$")
        read = pl.when(as_comma | comma_science).then(comma_value)
    else:
        read = pl.when(~doubtful & (as_point | science)).then(point_value).when(~doubtful & as_comma).then(comma_value)
    is_word = pl.col("code").is_not_null() & ~pl.col("code").is_in(sorted(list_currencies()))  # 90 min is no amount
    plain = pl.when("typed").then("text").when(~is_word).then(read)
    problem = pl.lit("ambiguous_number") if decimal == "either" else pl.lit("not_a_number")
    reason = pl.when(doubtful & ~is_word).then(problem).otherwise(pl.lit("not_a_number"))
    return frame.select(
        plain=plain,
        reason=pl.when(pl.col("text").is_not_null() & plain.is_null()).then(reason),
        currency=pl.coalesce(pl.col("sign").replace_strict(CURRENCY_SIGNS, default=pl.col("sign")), "code"),
    )


def _bare(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells without currency, spaces and bookkeepers' ways to write a minus; `sign` and `code` say what went."""
    text = pl.col("text").str.normalize("NFKC").str.replace_all("[−‒–]", "-").str.strip_chars()
    frame = frame.with_columns(text=text).with_columns(
        sign=pl.col("text").str.extract(_SIGN, 1),
        code=pl.coalesce(
            pl.col("text").str.extract(r"(?i)^[-(]?\s*([a-z]{3})\s*[-0-9.,(]", 1),
            pl.col("text").str.extract(r"(?i)[0-9)]\s*([a-z]{3})\)?$", 1),
        ).str.to_uppercase(),
    )
    bare = (
        pl.col("text")
        .str.replace(_SIGN, "")
        .str.replace(r"(?i)^([-(]?)\s*[a-z]{3}\s*([-0-9.,(])", "$1$2")
        .str.replace(r"(?i)([0-9)])\s*[a-z]{3}(\)?)$", "$1$2")
        .str.replace_all(r"[\s\u{a0}\u{202f}]+", " ")
        .str.strip_chars()
        .str.replace(r"^\((.+)\)$", "-$1")
        .str.replace(r"^([0-9.,' ’]+)-$", "-$1")
        .str.replace(r"^-\s+", "-")
        .str.replace(r"^\+", "")
    )
    return frame.with_columns(bare=bare)


def _grouped(group: str, decimal: str) -> str:
    """Digits in groups of three with the decimal sign after them, or no groups at all."""
    return rf"^-?(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{decimal}[0-9]*)?$|^-?{decimal}[0-9]+$"


def numbers(texts: pl.Series, typed: pl.Series | None, decimal: Decimals) -> Reading:
    """Float64; a number too large for one is refused, never infinite."""
    plain = plain_numbers(texts, typed, decimal)
    value = pl.col("plain").cast(pl.Float64, strict=False)
    reason = pl.coalesce(
        "reason",
        pl.when(pl.col("currency").is_not_null()).then(pl.lit("not_a_number")),
        pl.when(pl.col("plain").is_not_null() & value.is_null()).then(pl.lit("not_a_number")),
        pl.when(~value.is_finite()).then(pl.lit("number_too_large")),
    )
    return _read(plain, pl.when(reason.is_null()).then(value), reason)


def amounts(texts: pl.Series, typed: pl.Series | None, decimal: Decimals) -> tuple[Reading, pl.Series]:
    """Decimal(18, 4), rounded to the fourth place, and the currency that each cell names, null where none."""
    plain = plain_numbers(texts, typed, decimal)
    # 1.5E+3 passes through a float; every other spelling stays exact.
    science = pl.col("plain").str.contains("[eE]")
    exact = pl.when(~science).then("plain").cast(pl.Decimal(38, 12), strict=False)
    rough = pl.when(science).then("plain").cast(pl.Float64, strict=False)
    limit = 10.0**MOST_DIGITS
    is_large = pl.col("plain").cast(pl.Float64, strict=False).abs() >= limit
    rounded = pl.when(rough.is_not_null()).then(pl.when(rough.abs() < limit).then(rough)).cast(pl.Decimal(38, 12))
    value = exact.fill_null(rounded).round(4).cast(pl.Decimal(18, 4), strict=False)
    reason = pl.coalesce(
        "reason",
        pl.when(is_large).then(pl.lit("number_too_large")),
        pl.when(pl.col("plain").is_not_null() & value.is_null()).then(pl.lit("not_a_number")),
    )
    return _read(plain, pl.when(reason.is_null()).then(value), reason), plain["currency"]


def other_currency(found: pl.Series, currency: pl.Series) -> pl.Series:
    """True where a cell names another currency than the row is in; `$` is any dollar."""
    frame = pl.DataFrame({"found": found, "currency": currency})
    is_dollar = (pl.col("found") == "$") & pl.col("currency").is_in(DOLLARS)
    differs = (pl.col("found") != pl.col("currency")) & ~is_dollar
    return frame.select(differs.fill_null(value=False)).to_series()


_SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3_600.0, "clock": 1.0}


def whole_numbers(texts: pl.Series, typed: pl.Series | None, decimal: Decimals) -> Reading:
    """Int64; 3.0 is whole, 3.5 is not."""
    read = numbers(texts, typed, decimal)
    frame = pl.DataFrame({"value": read.values, "reason": read.reasons})
    value = pl.col("value")
    reason = pl.coalesce(
        "reason",
        pl.when(value.abs() >= 2.0**53).then(pl.lit("number_too_large")),
        pl.when(value != value.round(0)).then(pl.lit("not_whole")),
    )
    return _read(frame, pl.when(reason.is_null()).then(value).cast(pl.Int64, strict=False), reason)


def lengths(texts: pl.Series, typed: pl.Series | None, decimal: Decimals, unit: str) -> Reading:
    """Whole seconds, rounded half up; `1:02:03` and `02:03` are hours:minutes:seconds and minutes:seconds.

    With the unit `clock` two parts are hours:minutes, as Pipedrive writes a duration.
    """
    parts = _clock_parts(texts)
    hours, middle, final = pl.col("hours"), pl.col("middle"), pl.col("final")
    two = middle * 3_600 + final * 60 if unit == "clock" else middle * 60 + final
    clock = pl.when(hours.is_not_null()).then(hours * 3_600 + middle * 60 + final).otherwise(two)
    is_wrong = (final >= 60) | (hours.is_not_null() & (middle >= 60))
    plain = numbers(pl.select(pl.when(~parts["is_clock"]).then(texts)).to_series(), typed, decimal)
    frame = parts.with_columns(value=plain.values, reason=plain.reasons)
    seconds = pl.when("is_clock").then(clock).otherwise(pl.col("value") * _SECONDS[unit])
    reason = (
        pl.when(pl.col("is_clock") & is_wrong)
        .then(pl.lit("not_a_duration"))
        .when(pl.col("reason").is_not_null())
        .then(pl.lit("not_a_duration"))
        .when(seconds < 0)
        .then(pl.lit("negative"))
        .when(seconds > 2.0**31)
        .then(pl.lit("number_too_large"))
    )
    return _read(frame, pl.when(reason.is_null()).then((seconds + 0.5).floor()).cast(pl.Int64, strict=False), reason)


def _clock_parts(texts: pl.Series) -> pl.DataFrame:
    """What stands between colons: hours, middle, final, is_clock."""
    if not texts.str.contains(":", literal=True).any():
        nothing = pl.lit(None, pl.Float64)
        none = {"hours": nothing, "middle": nothing, "final": nothing, "is_clock": pl.lit(value=False)}
        return pl.DataFrame({"text": texts}).with_columns(**none).drop("text")
    pattern = r"^(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:[.,]\d+)?)$"
    return pl.DataFrame({"text": texts}).select(
        hours=pl.col("text").str.extract(pattern, 1).cast(pl.Float64),
        middle=pl.col("text").str.extract(pattern, 2).cast(pl.Float64),
        final=pl.col("text").str.extract(pattern, 3).str.replace(",", ".").cast(pl.Float64),
        is_clock=pl.col("text").str.contains(pattern),
    )


def flags(texts: pl.Series) -> Reading:
    """Yes and no in the languages of our users and their spreadsheets."""
    frame = pl.DataFrame({"text": texts.str.to_lowercase()})
    yes, no = pl.col("text").is_in(YES), pl.col("text").is_in(NO)
    reason = pl.when(pl.col("text").is_not_null() & ~yes & ~no).then(pl.lit("not_a_flag"))
    return _read(frame, pl.when(yes).then(pl.lit(value=True)).when(no).then(pl.lit(value=False)), reason)
