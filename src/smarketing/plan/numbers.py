"""Amounts and ratios as people type them, read strictly: what two readers could read differently is refused."""

from __future__ import annotations

import re
from fractions import Fraction

from smarketing.terms.errors import UserError
from smarketing.terms.language import Words

PLAIN = re.compile(r"\d+(\.\d+)?")
GROUPED = re.compile(r"(?P<whole>[1-9]\d{0,2}([.,'\u2019 \u00a0\u202f_]\d{3})+)([.,]\d+)?")
DECIMAL_COMMA = re.compile(r"\d+,\d+")


def amount(text: str, *, where: str, words: Words) -> Fraction:
    """The number `text` says, exactly: `5000`, `7000.50`, or a quotient such as `500000/25`.

    Raises UserError when it is not a plain number, or when `5,000` and `5.000` could be five or five thousand.
    """
    over, slash, under = text.partition("/")
    if slash:
        return _quotient(over, under, where=where, words=words)
    plain = text.strip()
    if grouped := GROUPED.fullmatch(plain):
        digits = re.sub(r"\D", "", grouped["whole"])
        raise UserError(
            words('"{text}" may be read in two ways.', text=text),
            where=where,
            hint=words("Write thousands without separators ({digits}), and decimals after a point.", digits=digits),
        )
    if DECIMAL_COMMA.fullmatch(plain):
        raise UserError(
            words('"{text}" has a decimal comma.', text=text),
            where=where,
            hint=words("Write decimals after a point: {number}.", number=plain.replace(",", ".")),
        )
    if not PLAIN.fullmatch(plain):
        raise UserError(
            words('"{text}" is not a number of zero or more.', text=text),
            where=where,
            hint=words("Write digits, and decimals after a point: 5000 or 7000.50."),
        )
    return Fraction(plain)


def ratio(text: str, *, where: str, words: Words) -> Fraction:
    """The share `text` says: `50%`, `50 %`, `0.5` or `10/200`.

    Raises UserError when it is not a number, or not between 0 and 100 %.
    """
    plain = text.strip()
    digits = plain.removesuffix("%").rstrip()
    value = Fraction(digits) if PLAIN.fullmatch(digits) else amount(digits, where=where, words=words)
    if plain.endswith("%"):
        value /= 100
    if value > 1:
        raise UserError(
            words('"{text}" is more than everything.', text=text),
            where=where,
            hint=words("Write a share as 50% or 0.5."),
        )
    return value


def _quotient(over: str, under: str, *, where: str, words: Words) -> Fraction:
    divisor = amount(under, where=where, words=words)
    if divisor == 0:
        raise UserError(words("Nothing can be divided by zero."), where=where)
    return amount(over, where=where, words=words) / divisor
