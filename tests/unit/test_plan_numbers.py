"""Amounts and ratios from the command line: exact, or refused with a hint."""

from __future__ import annotations

from fractions import Fraction

import pytest

from smarketing.plan.numbers import amount, ratio
from smarketing.terms.errors import UserError
from smarketing.terms.language import words

EN = words("en")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5000", Fraction(5000)),
        (" 7000.50 ", Fraction(14001, 2)),
        ("0.125", Fraction(1, 8)),
        ("0", Fraction(0)),
        ("500000/25", Fraction(20000)),
    ],
)
def test_plain_numbers_are_exact(text: str, value: Fraction) -> None:
    assert amount(text, where="--quota", words=EN) == value


@pytest.mark.parametrize("text", ["5,000", "5.000", "1 000", "12.345.678", "5'000", "1_000", "1,234.50"])
def test_a_number_that_reads_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="two ways") as refused:
        amount(text, where="--quota", words=EN)
    assert refused.value.where == "--quota"
    assert "without separators" in refused.value.hint


def test_the_hint_spells_the_number_without_separators() -> None:
    with pytest.raises(UserError) as refused:
        amount("1,234.50", where="--quota", words=EN)
    assert "(1234)" in refused.value.hint


@pytest.mark.parametrize(("text", "complaint"), [("2,5", "decimal comma"), ("-3", "not a number"), ("lots", "not a")])
def test_other_numbers_say_how_to_write_them(text: str, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        amount(text, where="--quota", words=EN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50%", Fraction(1, 2)),
        ("50 %", Fraction(1, 2)),
        ("0.5", Fraction(1, 2)),
        ("1", Fraction(1)),
        ("0.125%", Fraction(1, 800)),
        ("10/200", Fraction(1, 20)),
    ],
)
def test_ratios_may_be_percentages(text: str, value: Fraction) -> None:
    assert ratio(text, where="--close-rate", words=EN) == value


@pytest.mark.parametrize("text", ["50", "101%", "1.5"])
def test_more_than_everything_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="more than everything"):
        ratio(text, where="--close-rate", words=EN)


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(UserError, match="divided by zero"):
        amount("5/0", where="--average-deal", words=EN)
