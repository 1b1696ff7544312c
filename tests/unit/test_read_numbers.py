"""A number reads the same among plain ones, which are read in one step, and among others."""

from __future__ import annotations

import polars as pl
import pytest

from smarketing.sources.profile import Decimals
from smarketing.sources.read_numbers import amounts, lengths, numbers

PLAIN = ["0", "7", "-12", "-0", "123456789012345", None]
ODD = ["1.5", "(3)", "2 h", "01", "1:02:03", "0:90"]


@pytest.mark.parametrize("decimal", [".", ",", "either"])
@pytest.mark.parametrize("is_typed", [False, True])
def test_plain_numbers_are_what_they_are_in_any_company(decimal: Decimals, is_typed: bool) -> None:
    alone, among = pl.Series(PLAIN, dtype=pl.String), pl.Series([*PLAIN, *ODD], dtype=pl.String)
    few, many = (pl.repeat(is_typed, len(texts), eager=True) for texts in (alone, among))
    n = len(PLAIN)
    both = [
        (numbers(alone, few, decimal), numbers(among, many, decimal)),
        (amounts(alone, few, decimal)[0], amounts(among, many, decimal)[0]),
        (lengths(alone, few, decimal, "s"), lengths(among, many, decimal, "s")),
    ]
    for found, beside in both:
        assert found.values.to_list() == beside.values[:n].to_list()
        assert found.reasons.to_list() == beside.reasons[:n].to_list()


def test_lengths_between_colons() -> None:
    found = lengths(pl.Series(["1:02:03", "02:03", "90", None, "1:75:00"]), None, ".", "s")
    assert found.values.to_list() == [3_723, 123, 90, None, None]
    assert found.reasons.to_list() == [None, None, None, None, "not_a_duration"]
