"""Targets and lengths of time as people of each language say them."""

from __future__ import annotations

from decimal import Decimal

from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain
from smarketing.terms.target import Measure, Target

CURRENCY = 3  # letters of its code
UNITS = {
    "leads": (N_("{n} lead"), N_("{n} leads")),
    "points": (N_("{n} point"), N_("{n} points")),
    "touches": (N_("{n} touch"), N_("{n} touches")),
    "opportunities": (N_("{n} opportunity"), N_("{n} opportunities")),
    "deals": (N_("{n} deal"), N_("{n} deals")),
    "customers": (N_("{n} customer"), N_("{n} customers")),
    "deliveries": (N_("{n} delivery"), N_("{n} deliveries")),
    "reports": (N_("{n} report"), N_("{n} reports")),
    "days": (N_("{n} day"), N_("{n} days")),
}
GRAINS = {
    Grain.DAY: N_("day"),
    Grain.WEEK: N_("week"),
    Grain.MONTH: N_("month"),
    Grain.QUARTER: N_("quarter"),
    Grain.YEAR: N_("year"),
}
EVERY = {
    Grain.DAY: N_("{target} a day"),
    Grain.WEEK: N_("{target} a week"),
    Grain.MONTH: N_("{target} a month"),
    Grain.QUARTER: N_("{target} a quarter"),
    Grain.YEAR: N_("{target} a year"),
}


def allowance_words(allowance: Allowance, words: Words) -> str:
    """`4 business hours`, `4 horas laborables`, `4 ore lavorative`."""
    n = allowance.amount
    if allowance.unit is Unit.BUSINESS_DAYS:
        return words.plural("{n} business day", "{n} business days", n)
    if allowance.unit is Unit.ROLLED_DAYS:
        return words.plural("{n} rolled day", "{n} rolled days", n)
    unit, n = allowance.largest
    if allowance.unit is Unit.BUSINESS_TIME:
        return {
            "hour": words.plural("{n} business hour", "{n} business hours", n),
            "minute": words.plural("{n} business minute", "{n} business minutes", n),
            "second": words.plural("{n} business second", "{n} business seconds", n),
        }[unit]
    return {
        "day": words.plural("{n} calendar day", "{n} calendar days", n),
        "hour": words.plural("{n} hour, nights included", "{n} hours, nights included", n),
        "minute": words.plural("{n} minute, nights included", "{n} minutes, nights included", n),
        "second": words.plural("{n} second, nights included", "{n} seconds, nights included", n),
    }[unit]


def target_words(target: Target, words: Words) -> str:
    """A target as a reader says it: `95 % within 1 business hour`, `95 % en 1 hora laborable`."""
    within = allowance_words(target.within, words) if target.within else ""
    number = _number(target, words)
    if target.measure is Measure.SHARE and target.touches:
        touches = words.plural("{n} touch", "{n} touches", target.touches)
        return words("{share} with {touches} within {within}", share=number, touches=touches, within=within)
    if target.measure in (Measure.SHARE, Measure.DEPTH):
        return words("{share} within {within}", share=number, within=within)
    if target.measure is Measure.MEAN:
        return words("within {within} on average", within=within)
    if target.measure is Measure.MEDIAN:
        return words("half of them within {within}", within=within)
    if target.measure is Measure.P90:
        return words("nine in ten within {within}", within=within)
    if target.measure is Measure.GAP:
        return words("never more than {within} of silence", within=within)
    return number


def _number(target: Target, words: Words) -> str:
    """The number with its unit, as the reader's language writes it."""
    if target.measure in (Measure.SHARE, Measure.RATE):
        return words.percent(target.value, digits=_digits(target.value * 100))
    if target.measure is Measure.DEPTH:
        whole = target.value == int(target.value)
        amount = words.number(target.value, _digits(target.value))
        return words.plural("{n} touch", "{n} touches", int(target.value)) if whole else words("{n} touches", n=amount)
    if target.measure is Measure.SUM and len(target.unit) == CURRENCY and target.unit.isupper():
        return words.money(target.value, target.unit)
    return counted(words.number(target.value, _digits(target.value)), target.unit, words, is_one=target.value == 1)


def counted(number: str, unit: str, words: Words, *, is_one: bool) -> str:
    """A number with what it counts: `1 lead`, `140 leads`, `4 weekly reports`."""
    if unit not in UNITS:
        return f"{number} {words(unit) if unit else ''}".replace("_", " ").rstrip()
    one, many = UNITS[unit]
    return words(one if is_one else many, n=number)


def _digits(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
