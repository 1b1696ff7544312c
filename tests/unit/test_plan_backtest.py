"""Suggested targets: the hardest that enough of the past months would have met."""

from __future__ import annotations

from datetime import date

import pytest

from smarketing.plan.backtest import BacktestLine, PastMonth, line_of, reachable
from smarketing.plan.sentences import backtest_sentence, in_unit
from smarketing.terms.language import words as words_of

EN = words_of("en")


def line(actuals: list[float | None], target: float, *, is_at_most: bool = False, step: float = 1) -> BacktestLine:
    months = []
    for position, actual in enumerate(actuals):
        is_met = None if actual is None else (actual <= target if is_at_most else actual >= target)
        months.append(PastMonth(f"m{position}", date(2026, position + 1, 1), actual, target, is_met))
    words = {"id": "volume", "party": "marketing", "kind": "lead_volume", "title": "", "target": "", "unit": "leads"}
    return line_of(months, **words, is_at_most=is_at_most, step=step, part=0.75)


TWELVE: list[float | None] = [80, 95, 100, 110, 120, 90, 130, 99, 101, 140, 70, 150]


def test_nine_of_twelve_months_would_have_met_the_suggestion() -> None:
    found = line(TWELVE, target=100)
    assert (found.n_met, found.n_judged) == (7, 12)
    assert found.suggested == 95
    assert found.n_met_by_suggestion == 9  # all but 70, 80 and 90


def test_a_target_that_is_met_often_enough_needs_no_suggestion() -> None:
    assert line(TWELVE, target=90).suggested is None


def test_where_less_is_better_the_suggestion_is_longer() -> None:
    found = line([1800, 3601, 7200, 900], target=1800, is_at_most=True, step=60)
    assert found.suggested == 3660
    assert found.n_met_by_suggestion == 3


def test_months_without_anything_to_judge_do_not_count() -> None:
    found = line([None, 10, 20], target=15)
    assert (found.n_met, found.n_judged) == (1, 2)
    assert found.suggested == 10


def test_nothing_is_suggested_where_nothing_was_reached() -> None:
    assert line([0, 0, 0, 0], target=10).suggested is None
    assert line([], target=10).suggested is None


@pytest.mark.parametrize(("hardest", "rounded"), [(0.29, 0.29), (0.2999, 0.29), (0.9, 0.9)])
def test_rounding_goes_to_the_easier_side_only(hardest: float, rounded: float) -> None:
    assert reachable([hardest], 1, False, 0.01) == rounded


def test_the_sentence_says_how_often_and_what_would_have_held() -> None:
    assert backtest_sentence(line(TWELVE, target=90), EN) == '"volume" would have been met in 10 of 12 months.'
    assert backtest_sentence(line(TWELVE, target=100), EN) == (
        '"volume" would have been met in 7 of 12 months. A target of 95 leads would have been met in 9 of them.'
    )
    assert backtest_sentence(line([None], target=1), EN) == 'The past months have nothing that "volume" could judge.'


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0.9, "ratio", "90.0 %"), (3660, "seconds", "1 h 1 min"), (2.5, "touches", "2.5 touches"), (7, "EUR", "€7.00")],
)
def test_numbers_are_written_in_their_unit(value: float, unit: str, words: str) -> None:
    assert in_unit(value, unit, EN).replace("\u00a0", " ") == words


def test_a_suggestion_is_not_met_where_nothing_happened() -> None:
    found = line([None, 5, 5, 5, 5], target=9)
    assert (found.n_judged, found.suggested, found.n_met_by_suggestion) == (4, 5, 4)


def test_too_few_actuals_leave_nothing_to_suggest() -> None:
    assert reachable([1.0], 2, False, 1) is None
    assert reachable([], 0, False, 1) is None
