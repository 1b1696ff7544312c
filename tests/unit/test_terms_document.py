"""An agreement as people read it, in their language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.agreement_files import AGREEMENT, agreement, changed
from tests.agreement_strategies import agreements

from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance
from smarketing.terms.document import Section, document
from smarketing.terms.language import LANGUAGES, words
from smarketing.terms.promise_words import allowance_words, target_words
from smarketing.terms.starters import starter_text, starters
from smarketing.terms.target import Target

ENGLISH = words("en")


def section(title: str, text: str = AGREEMENT) -> Section:
    return next(each for each in document(agreement(text), ENGLISH) if each.title == title)


def test_promises_stand_under_their_party() -> None:
    sales = section("What Sales promises")
    assert [row[0] for row in sales.rows] == ["speed"]
    assert sales.rows[0][1].replace("\u00a0", " ") == "95 % within 1 business hour; a: 30 business minutes"


def test_hours_are_said_in_days() -> None:
    assert section("Working hours").rows[0][2] == "Monday – Thursday: 09:00-14:00, 15:00-18:30\nFriday: 09:00-15:00"


def test_a_tier_says_which_leads_are_in_it() -> None:
    scored = changed("grades: [A]", "grades: [A], score_from: 60")
    assert [row[3] for row in section("Tiers", scored).rows] == ["A, score from 60", "all others"]


def test_empty_sections_are_left_out() -> None:
    assert "Rewards" not in {each.title for each in document(agreement(), ENGLISH)}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("95 % within 1 business hour", "95 % within 1 business hour"),
        ("99.5 % within 1 business day", "99.5 % within 1 business day"),
        ("90 % with 6 touches within 5 business days", "90 % with 6 touches within 5 business days"),
        ("6 touches within 5 business days", "6 touches within 5 business days"),
        ("4.5 touches within 5 business days", "4.5 touches within 5 business days"),
        ("median within 30 business minutes", "half of them within 30 business minutes"),
        ("mean within 2 clock hours", "within 2 hours, nights included on average"),
        ("p90 within 1 business day", "nine in ten within 1 business day"),
        ("at most 5 business days", "never more than 5 business days of silence"),
        ("5 %", "5 %"),
        ("1 lead", "1 lead"),
        ("1400 leads", "1,400 leads"),
        ("700 points", "700 points"),
        ("4 weekly_reports", "4 weekly reports"),
        ("200000 EUR", "€200,000.00"),
    ],
)
def test_targets_as_people_say_them(target: str, expected: str) -> None:
    assert target_words(Target.model_validate(target), ENGLISH).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("allowance", "expected"),
    [
        ("1 business second", "1 business second"),
        ("90 clock days", "90 calendar days"),
        ("48 clock hours", "48 hours, nights included"),
        ("3 rolled days", "3 rolled days"),
        ("61 clock seconds", "61 seconds, nights included"),
        ("1 clock minute", "1 minute, nights included"),
        ("45 clock minutes", "45 minutes, nights included"),
    ],
)
def test_lengths_of_time_as_people_say_them(allowance: str, expected: str) -> None:
    assert allowance_words(Allowance.model_validate(allowance), ENGLISH) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_starters_are_shown_whole_in_every_language(language: str) -> None:
    for starter in starters():
        shown = document(agreement(starter_text(starter.name, language)), words(language))
        assert len(shown) > 15
        assert all(len(row) == len(each.header) for each in shown for row in each.rows)


@settings(deadline=None, max_examples=30)
@given(made=agreements())
def test_any_agreement_can_be_shown(made: Agreement) -> None:
    assert document(made, ENGLISH)


def test_every_clause_has_one_address() -> None:
    for starter in starters():
        parts = document(agreement(starter_text(starter.name, "en")), ENGLISH)
        addresses = [part.id for part in parts] + [clause for part in parts for clause in part.clauses]
        assert all(addresses) and len(addresses) == len(set(addresses)), starter.name
        assert all(len(part.clauses) == len(part.rows) for part in parts)


def test_addresses_are_the_same_in_every_language() -> None:
    parts = [[(part.id, part.clauses) for part in document(agreement(), words(code))] for code in LANGUAGES]
    assert parts[0] == parts[1] == parts[2]
