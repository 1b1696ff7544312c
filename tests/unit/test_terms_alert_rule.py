"""Rules of warning: how they are written, and that an agreement without any is what it was before there were any."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.agreement_files import AGREEMENT, agreement

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import OCCASIONS, USUAL, AlertRule, Occasion
from smarketing.terms.allowance import Allowance
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.fingerprint import canonical_bytes
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.write_yaml import agreement_tree, agreement_yaml

HALF = "  - {id: half, on: reminder, at: 0.5, to: [owner]}\n"


def ruled(*rules: str, more: str = "") -> Agreement:
    return agreement(AGREEMENT + more + "alerts:\n" + "".join(rules))


def test_a_rule_is_read_as_it_is_written() -> None:
    rule = "  - {id: late, on: escalation, after: 2 business hours, to: [manager, Sam], channels: [in_app, sales-room],"
    read = ruled(rule + " urgent: true, cooldown: 4 business hours, most: 3}\n").alerts[0]
    assert read == AlertRule(
        id="late",
        on=Occasion.ESCALATION,
        after=Allowance.model_validate("2 business hours"),
        to=("manager", "Sam"),
        channels=("in_app", "sales-room"),
        urgent=True,
        cooldown=Allowance.model_validate("4 business hours"),
        most=3,
    )


def test_what_is_left_out_has_a_default() -> None:
    read = ruled(HALF).alerts[0]
    assert (read.at, read.channels, read.urgent, read.digest, read.most) == (
        Decimal("0.5"),
        ("in_app",),
        False,
        False,
        None,
    )


@pytest.mark.parametrize(("text", "line"), [("yes", "yes"), ("no", "no"), ("on", "on"), ("1", "1"), ("True", "True")])
def test_only_true_and_false_are_answers(text: str, line: str) -> None:
    with pytest.raises(UnreadableTerms) as refused:
        ruled("  - {id: half, on: breach, to: [owner], urgent: " + text + "}\n")
    assert refused.value.what == f'urgent is true or false, not "{line}".'
    assert refused.value.hint == "Write true or false."


def test_rules_survive_being_written() -> None:
    whole = ruled(HALF, "  - {id: late, on: breach, to: [seat], urgent: true, digest: false}\n", more="seat: Sam\n")
    assert read_agreement_text(agreement_yaml(whole), where="", folder=None) == whole
    assert agreement_tree(whole)["alerts"][1]["urgent"] == "true"


def test_an_agreement_without_rules_says_what_it_said_before_there_were_any() -> None:
    assert b"alerts" not in canonical_bytes(agreement()) and b"seat" not in canonical_bytes(agreement())
    assert canonical_bytes(agreement(AGREEMENT + 'alerts: []\nseat: ""\n')) == canonical_bytes(agreement())


def test_every_occasion_has_its_terms() -> None:
    assert set(OCCASIONS) == set(Occasion)
    assert {key for terms in OCCASIONS.values() for key in terms.keys} | USUAL == set(AlertRule.model_fields)
    assert all(set(terms.needs) <= set(terms.keys) for terms in OCCASIONS.values())
