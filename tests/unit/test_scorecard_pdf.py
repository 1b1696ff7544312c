"""The scorecard on paper: one page for who has five minutes, two more for who has ten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cards import depth_line, month_card, october_groups, speed_line, total_line
from tests.paper import check_standards, n_pages, text_of

from smarketing.reports.page import page_of
from smarketing.reports.scorecard_pdf import scorecard_pdf
from smarketing.scorecard.card import Scorecard, Step
from smarketing.scorecard.word import Word
from smarketing.terms.language import words

EN = words("en")
HOSTILE = '#evil() *bold* <script> #import "/etc/passwd"'


@pytest.fixture(scope="module")
def paper() -> bytes:
    return scorecard_pdf(month_card(), words=EN)


def test_the_first_page_has_every_promise_of_both_teams() -> None:
    card = month_card()
    said, page = text_of(scorecard_pdf(card, words=EN, pages=1)), page_of(card, EN)
    assert len(page.teams) == 2 and page.title in said and page.summary in said
    for team in page.teams:
        assert team.name in said and team.kept.replace("\u00a0", " ") in said
        for promise in team.promises:
            for part in (promise.title, promise.actual, promise.target, promise.word):
                assert part.replace("\u00a0", " ") in said, part


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_it_is_as_long_as_asked(pages: int) -> None:
    assert n_pages(scorecard_pdf(month_card(), words=EN, pages=pages)) == pages


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_it_keeps_the_standards_in_each_language(language: str) -> None:
    file = scorecard_pdf(month_card(), words=words(language))
    check_standards(file, language)
    assert page_of(month_card(), words(language)).title in text_of(file)


def test_the_same_card_gives_the_same_bytes(paper: bytes) -> None:
    assert scorecard_pdf(month_card(), words=EN) == paper


def test_charts_of_promises_in_trouble_come_first() -> None:
    lines = [total_line(key, title=f"Promise {key}", word=Word.ON_TRACK) for key in ("a", "b", "c", "d")]
    lines.append(total_line("late", title="Promise late", word=Word.BEHIND))
    said = text_of(scorecard_pdf(month_card(lines=tuple(lines)), words=EN, pages=2))
    charts = said[said.index("Both teams, the same page") :]
    assert charts.index("Promise late") < charts.index("Promise a") and "Promise d" not in charts


def test_text_of_people_is_printed_and_never_run() -> None:
    steps = (Step("consequence", "speed", 2, HOSTILE, HOSTILE),)
    agreement = replace(month_card().agreement, title=HOSTILE)
    said = text_of(scorecard_pdf(month_card(agreement=agreement, steps=steps), words=EN))
    assert said.count(HOSTILE) >= 3


def test_who_fell_short_is_on_the_third_page() -> None:
    groups = october_groups()
    card = month_card(lines=(speed_line(groups=groups), depth_line()))
    shortfalls = page_of(card, EN).shortfalls
    assert shortfalls
    said = text_of(scorecard_pdf(card, words=EN))
    assert all(person.name in said for person in shortfalls)


@pytest.mark.parametrize("card", [month_card(lines=(), parties=()), month_card(today=31), month_card(today=1)])
def test_empty_closed_and_new_periods_are_drawn_too(card: Scorecard) -> None:
    assert n_pages(scorecard_pdf(card, words=EN)) >= 1
