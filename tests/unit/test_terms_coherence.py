"""The parts of an agreement fit together, or the reader is told which one does not."""

from __future__ import annotations

import pytest
from tests.agreement_files import AGREEMENT, agreement, changed, fault, faults

SPEED = "target: 95 % within 1 business hour"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    party: sales\n", "    party: seles\n", '39: There is no party "seles". Did you mean "sales"?'),
        (
            "    party: sales\n",
            "    party: legal\n",
            '39: There is no party "legal". The agreement has marketing, sales.',
        ),
        ("calendar: office", "calendar: offise", '13: There is no calendar "offise". Did you mean "office"?'),
        ("    contact: Sam", "    contact: Samuel", '44: There is no contact "Samuel". Did you mean "Sam"?'),
        ("    contact: Sam", "    calendar: night\n    contact: Sam", '44: There is no calendar "night".'),
        ("only: {tiers: [a]}", "only: {tiers: [a, z]}", '43: There is no tier "z". The agreement has a, b.'),
        ("within: 30 business minutes", "calendar: night", '43: There is no calendar "night".'),
        ("    stage: mql\n", "    stage: mlq\n", '36: There is no stage "mlq". Did you mean "mql"?'),
        ("at: stage, stage: mql", "at: stage, stage: ready", '22: There is no stage "ready".'),
        ("marked_by: marketing", "marked_by: market", '17: There is no marked_by "market". Did you mean "marketing"?'),
    ],
)
def test_a_name_that_leads_nowhere(old: str, new: str, expected: str) -> None:
    assert fault(old, new).startswith(expected)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("reports: [{name: Weekly, owed_by: sale, owed_to: marketing, cadence: weekly}]\n", 'owed_by "sale"'),
        ("reports: [{name: Weekly, owed_by: sales, owed_to: board, cadence: weekly}]\n", 'owed_to "board"'),
        ("consequences: [{strikes: 1, step: Talk., commitment: speedy}]\n", 'commitment "speedy"'),
        ("cancellation: [{condition: Slow., commitment: slow}]\n", 'commitment "slow"'),
        ("counting: {touches: [call, fax]}\n", 'touches "fax"'),
        ('signatures: [{party: board, name: X, signed_at: 2026-01-01T00:00:00Z, fingerprint: "0"}]\n', 'party "board"'),
    ],
)
def test_other_names_that_lead_nowhere(part: str, expected: str) -> None:
    found = faults(AGREEMENT + part)
    assert len(found) == 1
    assert found[0].startswith(f"45: There is no {expected}.")


def test_a_raw_status_of_the_crm_needs_no_definition() -> None:
    assert faults(changed("    stage: mql\n", '    stage: "status:Contacted"\n')) == []


def test_a_contact_may_be_named_by_address() -> None:
    assert faults(changed("    contact: Sam", "    contact: sam@acme.example")) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("  - id: speed", "  - id: leads", 38),
        ("  - {id: b, worth: 40}", "  - {id: a, worth: 40}", 21),
        ("  - id: sales", "  - id: marketing", 10),
    ],
)
def test_an_id_given_twice(old: str, new: str, line: int) -> None:
    found = [each for each in faults(changed(old, new)) if "is given twice" in each]
    assert [each.split(":")[0] for each in found] == [str(line)]


@pytest.mark.parametrize("id", ["two words", "-x", "a/b", "_", "x" * 65, "a\u200db", "../x", "'<b>'"])
def test_an_id_that_no_command_line_could_carry(id: str) -> None:
    assert "cannot be an id. Write letters, digits" in faults(changed("  - id: speed", f"  - id: {id}"))[0]


@pytest.mark.parametrize("id", ["velocità", "atención-1", "speed_to_lead", "2026"])
def test_ids_of_any_language(id: str) -> None:
    assert faults(changed("  - id: speed", f"  - id: {id}")) == []


def test_an_agreement_that_ends_before_it_begins() -> None:
    assert fault("from_on: 2026-01-01", "from_on: 2026-01-01, until_on: 2025-12-31") == (
        "4: The agreement ends on 2025-12-31 before it begins on 2026-01-01. "
        "Exchange the two dates; an agreement without an end has no until_on."
    )


def test_an_agreement_of_one_day() -> None:
    assert faults(changed("from_on: 2026-01-01", "from_on: 2026-01-01, until_on: 2026-01-01")) == []


def test_a_currency_that_nobody_prints() -> None:
    assert fault("zone: Europe/Madrid\nin", "zone: Europe/Madrid\ncurrency: EUX\nin").startswith(
        '4: There is no currency "EUX". Did you mean'
    )


def test_a_zone_that_is_not() -> None:
    assert fault("zone: Europe/Madrid\nin", "zone: Europe/Madird\nin").startswith(
        '3: "Europe/Madird" is not a time zone.'
    )


def test_an_agreement_that_promises_nothing() -> None:
    text = AGREEMENT[: AGREEMENT.index("commitments:")] + "commitments: []\n"
    assert faults(text) == ["31: The agreement has no commitments. Write at least one."]


def test_contacts_who_report_in_a_circle() -> None:
    circle = "[{name: A, reports_to: B}, {name: B, reports_to: C}, {name: C, reports_to: A}, {name: Maya}]"
    assert fault("[{name: Maya}]", circle) == (
        "9: A reports, in the end, to A. Say who stands at the top: leave reports_to out there."
    )


def test_contacts_who_report_to_somebody_outside() -> None:
    assert faults(changed("[{name: Maya}]", "[{name: Maya, reports_to: Eva}]")) == []


def test_two_contacts_of_one_name() -> None:
    assert fault("[{name: Maya}]", "[{name: Maya}, {name: Maya}]").startswith("9: A point of contact is named twice.")


@pytest.mark.parametrize("override", ["{only: {}, within: 1 business hour}", "{only: {tiers: [a]}}"])
def test_an_override_that_overrides_nothing(override: str) -> None:
    assert fault("{only: {tiers: [a]}, within: 30 business minutes}", override).startswith(
        "43: This override changes nothing, or everything."
    )


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("lead_volume", "95 % within 1 business hour"),
        ("lead_volume", "5 %"),
        ("lead_value", "140 leads"),
        ("pipeline_contribution", "140 leads"),
        ("sourced_revenue", "5 %"),
        ("conversion_rate", "140 leads"),
        ("speed_to_lead", "140 leads"),
        ("speed_to_lead", "5 %"),
        ("follow_up_depth", "median within 1 business hour"),
        ("disposition_time", "6 touches within 5 business days"),
        ("opportunities_created", "200000 EUR"),
        ("follow_up_cadence", "30 touches within 1 business day"),
        ("deliverable", "95 % within 1 business day"),
    ],
)
def test_a_target_that_does_not_suit_its_kind(kind: str, target: str) -> None:
    text = changed(
        "kind: lead_volume\n    target: 140 leads\n    stage: mql\n", f"kind: {kind}\n    target: {target}\n"
    )
    assert faults(text)[0].startswith(f'35: {kind} cannot be held to "{target}". Write something like "')


def test_depth_says_how_many_touches() -> None:
    assert fault("kind: speed_to_lead", "kind: follow_up_depth").startswith(
        '41: "95 % within 1 business hour" does not say how many touches.'
    )


def test_only_depth_counts_touches() -> None:
    assert fault(SPEED, "target: 95 % with 3 touches within 1 business hour").startswith(
        "41: Only follow_up_depth counts touches."
    )


@pytest.mark.parametrize("target", ["200000 USD", "700 points"])
def test_money_is_in_the_currency_of_the_agreement(target: str) -> None:
    text = changed(
        "kind: lead_volume\n    target: 140 leads\n    stage: mql\n", f"kind: sourced_revenue\n    target: {target}\n"
    )
    assert faults(text) == [f'35: "{target}" is not in the currency of the agreement. Write the amount in EUR.']


@pytest.mark.parametrize("target", ["700 points", "200000 EUR"])
def test_value_may_be_points_or_money(target: str) -> None:
    assert faults(changed("kind: lead_volume\n    target: 140 leads", f"kind: lead_value\n    target: {target}")) == []


def test_a_conversion_has_a_time() -> None:
    text = changed("kind: lead_volume\n    target: 140 leads", "kind: conversion_rate\n    target: 20 %")
    assert faults(text) == [
        "35: The conversion has no time in which it must happen. "
        'Add "lag: 90 clock days", or write "20 % within 90 clock days".'
    ]
    assert faults(changed("    target: 20 %\n", "    target: 20 %\n    lag: 90 clock days\n", text)) == []
    assert faults(changed("20 %", "20 % within 90 clock days", text)) == []


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("clock: rep", 37),
        ("lag: 90 clock days", 37),
        ("to_stage: sql", 37),
        ("pauses: [Waiting]", 37),
        ("deliverable: report", 37),
        ("remind_at: 0.5", 37),
    ],
)
def test_a_key_that_means_nothing_for_the_kind(key: str, line: int) -> None:
    name = key.partition(":")[0]
    found = fault("    stage: mql\n    contact", f"    stage: mql\n    {key}\n    contact")
    assert found == (
        f'{line}: lead_volume does not use the key "{name}". '
        "Leave it out; beside the usual keys, lead_volume knows only, calendar, pacing, stage."
    )


def test_an_error_of_coherence_is_told_only_when_the_shape_is_right() -> None:
    text = changed("    party: sales\n", "    party: seles\n", changed("140 leads", "4h"))
    assert len(faults(text)) == 1
    assert agreement().id == "acme"
