"""Conditions of a profile as questions to a frame of text cells."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from smarketing.sources.headers import Headers
from smarketing.sources.profile import Condition


def holds(when: Mapping[str, Condition], headers: Headers) -> pl.Expr:
    """Whether a row is as all of the conditions say; a column that the file lacks is empty."""
    answer = pl.lit(value=True)
    for key, condition in when.items():
        answer = answer & _holds(key, condition, headers)
    return answer


def _holds(key: str, condition: Condition, headers: Headers) -> pl.Expr:
    names = headers.find_all([key]) or headers.find_all(key.split("|"))
    text = pl.coalesce(names) if names else pl.lit(None, pl.String)
    if condition.is_filled:
        return text.is_not_null() if condition.is_filled == "yes" else text.is_null()
    if condition.one_of:
        return _is_any(text, condition.one_of)
    return ~_is_any(text, condition.none_of)


def like(text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether lower-case text fits a pattern in which `*` stands for anything."""
    return text.str.contains("^" + re.escape(pattern.lower()).replace(r"\*", ".*") + "$").fill_null(value=False)


def _is_any(text: pl.Expr, values: tuple[str, ...]) -> pl.Expr:
    lower = text.str.to_lowercase()
    answer = lower.is_in([value.lower() for value in values if "*" not in value])
    for value in values:
        if "*" in value:
            answer = answer | like(lower, value)
    return answer.fill_null(value=False)
