"""Two versions of an agreement compared in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.agreement_files import AGREEMENT, agreement, changed
from tests.agreement_strategies import agreements

from smarketing.terms.agreement import Agreement
from smarketing.terms.difference import DIFFERENT, MIXED, STRONGER, WEAKER, differences, effect
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import LANGUAGES, words
from smarketing.terms.target import Target

ENGLISH = words("en")
SPEED = "95 % within 1 business hour"


def sentences(old: str, new: str, before: str = AGREEMENT) -> list[str]:
    found = differences(agreement(before), agreement(changed(old, new, before)), ENGLISH)
    return [difference.sentence.replace("\u00a0", " ") for difference in found]


def test_a_promise_that_got_weaker() -> None:
    assert sentences(SPEED, "90 % within 2 business hours") == [
        "Commitment speed: the target goes from 95 % within 1 business hour to 90 % within 2 business hours (weaker)."
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (SPEED, "90 % within 1 business hour", WEAKER),
        (SPEED, "95 % within 30 business minutes", STRONGER),
        (SPEED, "90 % within 30 business minutes", MIXED),
        (SPEED, "95 % within 1 clock hour", DIFFERENT),
        (SPEED, "median within 1 business hour", DIFFERENT),
        ("median within 1 business hour", "median within 2 business hours", WEAKER),
        ("p90 within 2 business hours", "p90 within 1 business hour", STRONGER),
        ("140 leads", "150 leads", STRONGER),
        ("200000 EUR", "180000 EUR", WEAKER),
        ("200000 EUR", "200000 USD", DIFFERENT),
        ("6 touches within 5 business days", "5 touches within 5 business days", WEAKER),
        ("6 touches within 5 business days", "6 touches within 4 business days", STRONGER),
        ("90 % with 6 touches within 5 business days", "90 % with 5 touches within 5 business days", WEAKER),
        ("at most 5 business days", "at most 4 business days", STRONGER),
    ],
)
def test_what_becomes_of_a_promise(before: str, after: str, expected: str) -> None:
    assert effect(Target.model_validate(before), Target.model_validate(after)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "title: Marketing and sales at Acme",
            "title: Acme",
            "Agreement: the title goes from “Marketing and sales at Acme” to Acme.",
        ),
        (
            "from_on: 2026-01-01",
            "from_on: 2026-02-01",
            "Agreement: the first day goes from Thu 1 Jan 2026 to Sun 1 Feb 2026.",
        ),
        ("id: acme\n", "id: acme\nsummary: All of it.\n", "Agreement: the summary is now “All of it.”."),
        ("reps: 4", "reps: 5", "Party sales: the number of reps goes from 4 to 5."),
        ("name: Sales", "name: Sales team", "Party sales: the name goes from Sales to “Sales team”."),
        (
            "entry: Has a budget.",
            "entry: Has money.",
            "Definition of sql: the entry rule goes from “Has a budget.” to “Has money.”.",
        ),
        ("worth: 100", "worth: 99.5", "Tier a: the worth of a lead goes from 100 to 99.5."),
        ("at: stage", "at: creation", "Agreement: the moment of the handover goes from stage to creation."),
        ("fri: 09:00-15:00", "fri: closed", "Calendar office: Friday goes from 09:00-15:00 to closed."),
        ("dates: [2026-12-24]", "dates: []", "Calendar office: the closed dates: removed Thu 24 Dec 2026."),
        (
            "2026-08-14: closed",
            "2026-08-14: 09:00-10:00",
            "Calendar office: Fri 14 Aug 2026 goes from closed to 09:00-10:00.",
        ),
        (", 2026-08-14: closed", "", "Calendar office: Fri 14 Aug 2026 goes from closed to the usual hours."),
        ("grades: [A]", "grades: [A, B]", "Tier a: the grades: added B."),
        ("    contact: Maya\n", "    contact: Maya\n    weight: 3\n", "Commitment leads: the weight goes from 1 to 3."),
        (
            "    contact: Maya\n",
            "    contact: Maya\n    title: Good leads\n",
            "Commitment “Good leads”: the title is now “Good leads”.",
        ),
    ],
)
def test_one_change_is_one_sentence(old: str, new: str, expected: str) -> None:
    assert sentences(old, new) == [expected]


def test_a_new_promise_and_a_dropped_one() -> None:
    renamed = sentences("  - id: speed", "  - id: pace")
    assert renamed == [
        "Commitment speed is dropped (sales, speed_to_lead: 95 % within 1 business hour).",
        "Commitment pace is new (sales, speed_to_lead: 95 % within 1 business hour).",
    ]


def test_overrides_are_told_with_their_leads() -> None:
    assert sentences("within: 30 business minutes", "within: 45 business minutes") == [
        "Commitment speed: the rules for some of the leads: added 45 business minutes for a.",
        "Commitment speed: the rules for some of the leads: removed 30 business minutes for a.",
    ]


def test_another_order_of_tiers_is_a_difference() -> None:
    old = "  - {id: a, worth: 100, grades: [A]}\n  - {id: b, worth: 40}"
    new = "  - {id: b, worth: 40}\n  - {id: a, worth: 100, grades: [A]}"
    assert sentences(old, new) == ["tiers: another order, b, a."]


def test_a_lost_capacity_is_told_field_by_field() -> None:
    found = sentences("    capacity: {reps: 4, hours_per_rep: 140, minutes_per_attempt: 6}\n", "")
    assert "Party sales: the number of reps is dropped; it was 4." in found


def test_a_long_text_is_not_quoted_twice() -> None:
    long = "x " * 60
    assert sentences("id: acme\n", f"id: acme\nsummary: {long}\n", AGREEMENT)[0].startswith(
        "Agreement: the summary is now"
    )
    text = changed("id: acme\n", f"id: acme\nsummary: {long}\n")
    assert sentences(f"summary: {long}", "summary: short", text) == ["Agreement: the summary now reads short."]


def test_signatures_are_no_difference() -> None:
    signed = 'signatures: [{party: sales, name: Sam, signed_at: 2026-01-01T00:00:00Z, fingerprint: "sha256:0"}]\n'
    assert differences(agreement(), agreement(AGREEMENT + signed), ENGLISH) == ()


def test_another_order_of_a_list_is_a_difference() -> None:
    many = changed("grades: [A]", "grades: [A, B]")
    assert sentences("grades: [A, B]", "grades: [B, A]", many) == ["Tier a: the grades: another order, B; A."]


@settings(deadline=None, max_examples=40)
@given(before=agreements(), after=agreements())
def test_there_is_a_difference_exactly_when_the_content_differs(before: Agreement, after: Agreement) -> None:
    for language in LANGUAGES:
        found = differences(before, after, words(language))
        assert bool(found) == (fingerprint(before) != fingerprint(after))
    assert differences(before, before, ENGLISH) == ()


def test_codes_of_ours_are_told_by_their_names() -> None:
    assert sentences("grades: [A]", "grades: [A], sources: [paid_search, trade_fair]") == [
        "Tier a: the sources: added paid search; trade_fair."
    ]
