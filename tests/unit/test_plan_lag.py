"""The lag estimate against a plain product-limit calculation, and what unfinished leads do to it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smarketing.plan.lag import US_PER_DAY, kaplan_meier, lag_counts

NOW = 1000 * US_PER_DAY
NEVER = np.iinfo(np.int64).max


def product_limit(rows: list[tuple[int, bool]]) -> dict[int, float]:
    """Kaplan and Meier's estimate, one day and one lead at a time."""
    alive, shares = 1.0, {}
    for day in range(max(days for days, _ in rows) + 1):
        at_risk = sum(days >= day for days, _ in rows)
        converted = sum(days == day and is_won for days, is_won in rows)
        alive *= 1 - converted / at_risk
        shares[day] = 1 - alive
    return shares


def counts_of(rows: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    created = np.array([NOW - 400 * US_PER_DAY if is_won else NOW - days * US_PER_DAY for days, is_won in rows])
    won = np.array(
        [start + days * US_PER_DAY if is_won else NEVER for start, (days, is_won) in zip(created, rows, strict=True)]
    )
    return created, won


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=60))
def test_the_estimate_is_the_product_limit(rows: list[tuple[int, bool]]) -> None:
    lag = kaplan_meier(lag_counts(*counts_of(rows), NOW))
    for day, share in product_limit(rows).items():
        assert abs(lag.converted_ratio[day] - share) < 1e-12


def test_greenwoods_error_is_the_binomial_one_while_nobody_is_censored() -> None:
    created, won = counts_of([(5, True)] * 20 + [(300, False)] * 80)
    lag = kaplan_meier(lag_counts(created, won, NOW))
    assert abs(lag.standard_error[10] - (0.2 * 0.8 / 100) ** 0.5) < 1e-12


def test_unfinished_leads_keep_the_estimate_from_looking_fast() -> None:
    early = [(10, True)] * 5 + [(60, True)] * 5 + [(300, False)] * 90
    young = [(10, True)] * 5 + [(20, False)] * 95
    lag = kaplan_meier(lag_counts(*counts_of(early + young), NOW))
    assert lag.days_until(0.5) == 10
    assert lag.days_until(0.9) == 60
    assert abs(lag.eventual_ratio - (0.05 + 0.95 * 5 / 95)) < 1e-12  # not 15 of 200
    assert abs((lag.matured_ratio(30) or 0) - 0.5) < 1e-12


def test_buckets_add_up() -> None:
    created, won = counts_of([(5, True), (9, False), (30, True), (70, False)])
    whole = lag_counts(created, won, NOW)
    parts = lag_counts(created[:2], won[:2], NOW) + lag_counts(created[2:], won[2:], NOW)
    assert np.array_equal(whole.converted, parts.converted)
    assert np.array_equal(whole.waiting, parts.waiting)


def test_nobody_converting_has_no_lag() -> None:
    lag = kaplan_meier(lag_counts(*counts_of([(9, False)]), NOW))
    assert lag.days_until(0.5) is None
    assert lag.matured_ratio(5) is None


def test_no_leads_at_all_is_no_error() -> None:
    empty = np.empty(0, np.int64)
    assert kaplan_meier(lag_counts(empty, empty, NOW)).eventual_ratio == 0


def test_what_happens_after_now_has_not_happened() -> None:
    created = np.array([0, NOW + 1])
    counts = lag_counts(created, np.array([NOW + 5, NOW + 9]), NOW)
    assert counts.converted.sum() == 0
    assert counts.waiting.sum() == 1
