"""Wilson's interval, against published values."""

from __future__ import annotations

from smarketing.plan.proportion import wilson


def test_published_values() -> None:
    low, high = wilson(10, 100) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)


def test_nothing_seen_still_leaves_something_possible() -> None:
    low, high = wilson(0, 10) or (1, 0)
    assert low == 0
    assert round(high, 4) == 0.2775


def test_no_share_no_interval() -> None:
    assert wilson(0, 0) is None
    assert wilson(3, 2) is None
