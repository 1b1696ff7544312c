"""Arithmetic on neighbouring rows agrees with looking at each lead by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smarketing.engine.by_lead import counts, first_at, first_row, following, heads, next_at
from smarketing.engine.history import NEVER

N = 4
rows = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, 9)), max_size=15).map(sorted)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([lead for lead, _ in pairs], np.intp), np.array([at for _, at in pairs], np.int64)


@given(rows)
def test_firsts_and_counts(pairs: list[tuple[int, int]]) -> None:
    lead, at = columns(pairs)
    mine = [[when for who, when in pairs if who == one] for one in range(N)]
    assert first_at(lead, at, N).tolist() == [min(ats, default=NEVER) for ats in mine]
    assert counts(lead, N).tolist() == [len(ats) for ats in mine]
    assert len(heads(lead)) == sum(bool(ats) for ats in mine)
    assert [first_row(lead, N)[one] for one in range(N) if mine[one]] == heads(lead).tolist()


@given(rows)
def test_the_following_row_of_the_same_lead(pairs: list[tuple[int, int]]) -> None:
    lead, at = columns(pairs)
    after = [*pairs[1:], (-1, 0)]
    expected = [then if who == other else NEVER for (who, _), (other, then) in zip(pairs, after, strict=False)]
    assert following(lead, at).tolist() == expected[: len(pairs)]


@given(rows, rows)
def test_the_next_row_at_or_after_an_instant(pairs: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    lead, at = columns(pairs)
    asks, starts = columns(asked)
    expected = [
        min((when for who, when in pairs if who == one and when >= start), default=NEVER) for one, start in asked
    ]
    assert next_at(asks, starts, lead, at, N).tolist() == expected
