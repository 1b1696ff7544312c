"""What the field calls a bad agreement, one warning at a time."""

from __future__ import annotations

import re

import pytest
from tests.agreement_files import AGREEMENT, agreement, changed

from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import LANGUAGES, words
from smarketing.terms.lint import lint, lint_versions
from smarketing.terms.starters import starter_text, starters

ENGLISH = words("en")
CLEAN = starter_text("small_b2b", "en")


def codes(text: str) -> list[str]:
    return [concern.code for concern in lint(agreement(text), ENGLISH)]


def without(part: str, text: str = CLEAN) -> str:
    """The text without a section of the top level."""
    start = text.index(f"\n{part}:") + 1
    rest = text[start:].split("\n")
    n = next(n for n, line in enumerate(rest[1:], 1) if line and line[0] not in " #-")
    return text[:start] + "\n".join(rest[n:])


def test_a_good_agreement_raises_no_concern() -> None:
    assert codes(CLEAN) == []


@pytest.mark.parametrize(
    ("section", "code"),
    [("consequences", "no_consequence"), ("reviews", "no_review"), ("cancellation", "no_cancellation")],
)
def test_a_section_that_is_missing(section: str, code: str) -> None:
    assert codes(without(section)) == [code]


def test_too_many_exceptions() -> None:
    many = "exceptions:\n" + "".join(f"  - case {n}\n" for n in range(6))
    found = lint(agreement(without("exceptions") + many), ENGLISH)
    assert [concern.code for concern in found] == ["too_many_exceptions"]
    assert found[0].what == "There are 6 exceptions: nobody will remember them."


def test_too_many_overrides_of_one_promise() -> None:
    one = "      - only: {tiers: [a]}\n        within: 1 business hour\n"
    assert codes(changed(one, one * 5, CLEAN)) == ["too_many_exceptions"]


def test_only_one_party_promises() -> None:
    start, end = CLEAN.index("  - id: speed\n"), CLEAN.index("\nreports:")
    text = (CLEAN[:start] + CLEAN[end:]).replace("    commitment: speed\n    missed_periods: 3\n", "")
    text = text[: text.index("\nalerts:")]
    assert codes(text) == ["one_sided"]


def test_marketing_promises_no_number() -> None:
    start, end = CLEAN.index("  - id: leads\n"), CLEAN.index("  - id: campaign_calendar\n")
    text = (CLEAN[:start] + CLEAN[end:]).replace("    commitment: leads\n    missed_periods: 3\n", "")
    text = text.replace("    commitments: [leads]\n", "    commitments: [opportunities]\n")
    assert codes(text) == ["no_lead_promise"]


def test_a_promise_of_speed_that_nobody_is_reminded_of() -> None:
    found = lint(agreement(CLEAN[: CLEAN.index("\nalerts:")]), ENGLISH)
    assert [(concern.code, concern.what) for concern in found] == [
        ("no_reminder", "Nobody is reminded before the deadline of speed.")
    ]


def test_a_rule_that_tells_nobody() -> None:
    assert codes(changed("    to: [owner, manager]\n", "", CLEAN)) == ["alert_to_nobody"]


def test_a_rule_that_fits_no_promise() -> None:
    start, end = CLEAN.index("  - id: leads\n"), CLEAN.index("  - id: campaign_calendar\n")
    text = (CLEAN[:start] + CLEAN[end:]).replace("    commitment: leads\n    missed_periods: 3\n", "")
    start, end = text.index("  - id: opportunities\n"), text.index("  - id: pipeline_report\n")
    text = (text[:start] + text[end:]).replace("    commitments: [leads]\n", "")
    assert codes(text) == ["no_lead_promise", "weights_do_not_add_up", "alert_never_fires"]


def test_a_promise_nobody_answers_for() -> None:
    found = lint(agreement(changed("    contact: Priya Nair\n", "", CLEAN)), ENGLISH)
    assert [(concern.code, concern.where) for concern in found] == [("no_contact", "commitments.speed")]


@pytest.mark.parametrize("word", ["mql", "sql"])
def test_a_word_that_each_team_reads_differently(word: str) -> None:
    start = CLEAN.index(f"  {word}:\n")
    end = CLEAN.index("    marked_by:", start)
    end = CLEAN.index("\n", end) + 1
    assert "no_definition" in codes(CLEAN[:start] + CLEAN[end:])


def test_a_definition_without_an_entry_rule() -> None:
    assert codes(changed("    entry: The order is signed.\n", "", CLEAN)) == ["no_entry_rule"]


def test_a_stage_that_nobody_marks() -> None:
    start, end = CLEAN.index("  disqualified:"), CLEAN.index("  recycled:")
    section = CLEAN[start:end].replace("    marked_by: sales\n", "")
    found = lint(agreement(CLEAN[:start] + section + CLEAN[end:]), ENGLISH)
    assert [(concern.code, concern.where) for concern in found] == [("not_measurable", "commitments.disposition")]


def test_a_tier_that_fits_nobody_in_particular() -> None:
    assert "not_measurable" in codes(changed("    grades: [A]\n", "", CLEAN))


def test_marketing_revenue_from_every_source() -> None:
    text = changed("  marketing_sources: [organic, paid_search, paid_social, email, event, referral]\n", "", CLEAN)
    assert codes(text) == ["not_measurable"]


def test_value_of_leads_that_weigh_the_same() -> None:
    value = starter_text("value_tiers", "en")
    for worth in ("worth: 100", "worth: 50", "worth: 40"):
        value = changed(worth, "worth: 5", value)
    assert codes(value) == ["not_measurable"]


def capacity_of(text: str) -> str:
    start = text.index("    capacity:\n")
    return text[start : text.index("    needs:\n", start)]


def test_a_promise_of_speed_without_capacity() -> None:
    assert codes(changed(capacity_of(CLEAN), "", CLEAN)) == ["no_capacity"]


def test_a_capacity_that_is_too_small() -> None:
    found = lint(
        agreement(changed("reps: 3\n      hours_per_rep: 140", "reps: 1\n      hours_per_rep: 40", CLEAN)), ENGLISH
    )
    assert [concern.what for concern in found] == ["60 leads a month with 5 touches each need 32 hours; sales has 20."]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "target: 5 touches within 10 business days\n",
            "target: 5 touches within 10 business days\n    period: week\n",
        ),
        ("    target: 60 leads\n", "    target: 3 leads\n    period: day\n"),
    ],
)
def test_a_period_that_makes_no_sense(old: str, new: str) -> None:
    assert codes(changed(old, new, CLEAN)) == ["period_too_short"]


def test_lengths_of_time_are_told_in_the_readers_language() -> None:
    old = "target: 5 touches within 10 business days\n"
    found = lint(agreement(changed(old, f"{old}    period: week\n", CLEAN)), words("es"))
    assert [concern.what for concern in found] == [
        "«depth» permite 10 días laborables, más que su periodo: al cerrarse, ningún periodo (semana) se puede evaluar."
    ]


def test_weights_that_add_up_to_nothing() -> None:
    assert codes(changed("weight: 35", "weight: 36", CLEAN)) == ["weights_do_not_add_up"]


@pytest.mark.parametrize(
    ("factor", "expected"), [(1, []), (0.1, []), (0.01, []), (0.02, ["weights_do_not_add_up"] * 2)]
)
def test_weights_may_be_percentages_shares_or_small_numbers(factor: float, expected: list[str]) -> None:
    scaled = re.sub(r"weight: (\d+)", lambda found: f"weight: {int(found[1]) * factor:g}", CLEAN)
    assert codes(scaled) == expected


def test_a_tier_that_takes_everything() -> None:
    found = codes(changed("    grades: [A]\n", "", CLEAN))
    assert "tier_takes_all" in found


def test_a_team_that_no_party_has() -> None:
    text = changed("    target: 60 leads\n", "    target: 60 leads\n    only: {teams: [Nort]}\n", CLEAN)
    assert codes(text) == ["unknown_team"]


def test_a_night_that_was_probably_a_day() -> None:
    assert codes(changed("fri: 09:00-17:00", "fri: 17:00-09:00", CLEAN)) == ["very_long_night"]


def test_steps_in_the_wrong_order() -> None:
    text = changed("  - strikes: 1\n", "  - strikes: 4\n", CLEAN)
    assert codes(text) == ["consequences_out_of_order"]


def signed(text: str, fingerprint: str, at: str = "2025-12-15T09:00:00Z") -> str:
    return text + f'signatures: [{{party: sales, name: Sam, signed_at: {at}, fingerprint: "{fingerprint}"}}]\n'


def test_a_signed_text_that_was_changed_afterwards() -> None:
    good = fingerprint(agreement(CLEAN))
    assert codes(signed(CLEAN, good)) == []
    assert codes(signed(changed("target: 60 leads", "target: 50 leads", CLEAN), good)) == ["signature_broken"]


def test_an_agreement_in_force_before_it_was_signed() -> None:
    assert codes(signed(CLEAN, fingerprint(agreement(CLEAN)), "2026-03-01T09:00:00Z")) == ["signed_late"]


@pytest.mark.parametrize(
    ("until", "begins", "code"),
    [
        ("2026-06-30", "2026-07-01", []),
        ("2026-08-31", "2026-07-01", ["overlapping_versions"]),
        ("2026-05-31", "2026-07-01", ["gap_between_versions"]),
    ],
)
def test_versions_that_do_not_follow_each_other(until: str, begins: str, code: list[str]) -> None:
    first = agreement(changed("from_on: 2026-01-01", f"from_on: 2026-01-01, until_on: {until}"))
    second = agreement(
        changed("from_on: 2026-01-01", f"from_on: {begins}", changed("id: acme\n", "id: acme\nversion: 2\n"))
    )
    assert [concern.code for concern in lint_versions((first, second), ENGLISH)] == code


def test_a_bare_agreement_is_told_everything_at_once() -> None:
    assert codes(AGREEMENT) == ["no_consequence", "no_review", "no_cancellation", "no_reminder"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concern_can_be_said_in_every_language(language: str) -> None:
    bare = AGREEMENT[: AGREEMENT.index("definitions:")] + AGREEMENT[AGREEMENT.index("handover:") :]
    bare = bare.replace("    capacity: {reps: 4, hours_per_rep: 140, minutes_per_attempt: 6}\n", "").replace(
        "tiers: [a]", "sources: [a]"
    )
    for concern in lint(agreement(bare), words(language)):
        assert concern.what
        assert concern.advice
        assert "{" not in concern.what + concern.advice


def test_customer_agreements_need_no_marketing_words() -> None:
    customer = next(starter for starter in starters() if starter.name == "customer_sla")
    assert codes(starter_text(customer.name, "it")) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{decide_within: 4 business hours}", ["no_arbiter"]),
        ("{arbiter: Silent}", ["unreachable_arbiter"]),
        ("{arbiter: Hannah Reid}", []),
        ("{arbiter: the.boss@example.com}", []),
    ],
)
def test_somebody_must_be_there_to_settle_disputes(rule: str, code: list[str]) -> None:
    silent = changed("    contacts:\n", "    contacts:\n      - name: Silent\n", without("disputes"))
    assert codes(silent) == []
    assert codes(f"{silent}disputes: {rule}\n") == code
