"""Numbers as people read them: each unit of a scorecard in the reader's language, long and short."""

from __future__ import annotations

from datetime import UTC, date, datetime

from smarketing.terms.language import Words
from smarketing.terms.promise_words import counted


def shown(value: float | None, unit: str, words: Words) -> str:
    """A value with its unit: `82,4 %`, `1 h 12 min`, `248 leads`, `12.400 €`."""
    if value is None:
        return "–"
    number = bare(value, unit, words)
    if unit in ("ratio", "seconds") or is_currency(unit):
        return number
    return counted(number, unit, words, is_one=value == 1)


def bare(value: float | None, unit: str, words: Words) -> str:
    """The same without the name of the thing counted: for axes, cells and large letters."""
    if value is None:
        return "–"
    if unit == "ratio":
        return words.percent(value)
    if unit == "seconds":
        return rough(value, words)
    if is_currency(unit):
        return money(value, unit, words)
    return words.number(value, 2 if unit == "touches" else _digits(value))


def rough(seconds: float | None, words: Words) -> str:
    """A length of time as people say it: seconds only where there are few minutes."""
    if seconds is not None and abs(seconds) >= 600:
        seconds = round(seconds / 60) * 60
    return words.duration(seconds)


def money(value: float, currency: str, words: Words) -> str:
    """Whole units: cents say nothing about a month."""
    from babel.numbers import format_currency

    pattern = "¤#,##0" if words.language == "en" else "#,##0\u00a0¤"
    return str(format_currency(value, currency, format=pattern, currency_digits=False, locale=words.language))


def is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def short_day(on: date, words: Words) -> str:
    """`Thu 9 Oct`"""
    from babel.dates import format_date

    return str(format_date(on, "EEE d MMM", locale=words.language))


def epoch_ms(on: date) -> int:
    """Midnight of a local date on Vega's UTC axis: charts never read the zone of the machine that draws them."""
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp() * 1000)


def _digits(value: float) -> int:
    return 0 if abs(value - round(value)) < 0.005 or abs(value) >= 20 else 1
