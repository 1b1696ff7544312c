"""Rules of warning: how they are written, and that an agreement without any is what it was before there were any."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.agreement_files import AGREEMENT, agreement

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import OCCASIONS, USUAL, AlertRule, Occasion
from smarketing.terms.allowance import Allowance
from smarketing.terms.difference import differences
from smarketing.terms.document import document
from smarketing.terms.faults import ENGLISH, UnreadableTerms
from smarketing.terms.fingerprint import canonical_bytes
from smarketing.terms.language import LANGUAGES, words
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.starters import starter_text, starters
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


@pytest.mark.parametrize("text", ["yes", "no", "on", "1", "True"])
def test_only_true_and_false_are_answers(text: str) -> None:
    with pytest.raises(UnreadableTerms) as refused:
        ruled("  - {id: half, on: breach, to: [owner], urgent: " + text + "}\n")
    assert refused.value.what == f'urgent is true or false, not "{text}".'
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


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("on: reminder, to: [owner]", "reminder does not say when it fires."),
        ("on: reminder, at: 0.5, before: 10 business minutes", "reminder says twice when it fires: at, before."),
        ("on: escalation, to: [manager]", "escalation does not say when it fires."),
        ("on: breach, at: 0.5", 'breach does not use the key "at".'),
        ("on: pace", "pace does not say when it fires."),
        ("on: reminder, at: 1.5", "at must be at most 1, not 1.5."),
        ("on: reminder, at: 0.5, commitments: [sped]", 'There is no commitment "sped".'),
        (
            "on: reminder, at: 0.5, commitments: [leads]",
            'reminder cannot come for "leads", which is lead_volume held to "140 leads".',
        ),
        (
            "on: reminder, before: 30 business minutes",
            '"30 business minutes" before the deadline is no later than the start of "speed".',
        ),
        ("on: reminder, before: 1 business day", '"1 business day" is no time that before can be measured in.'),
        ("on: escalation, after: 2 clock hours", '"2 clock hours" is no time that after can be measured in.'),
        ("on: breach, to: [seat]", "Nobody is named who answers for leads that nobody has."),
        ("on: breach, to: [Samm]", 'There is no contact "Samm".'),
        ("on: capacity, to: [owner]", "capacity is about nothing that has an owner."),
        ("on: breach, channels: [the room]", '"the room" cannot be an id.'),
        ("on: breach, urgent: true, digest: true", "What is urgent cannot wait for a digest."),
        ("on: breech", 'There is no on "breech".'),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(rule: str, what: str) -> None:
    with pytest.raises(UnreadableTerms) as refused:
        ruled("  - {id: one, " + rule + "}\n")
    assert [fault.what for fault in refused.value.faults] == [what]
    assert refused.value.faults[0].line == AGREEMENT.count("\n") + 2


def test_a_reminder_may_come_before_the_deadline_of_the_promises_it_names() -> None:
    assert ruled("  - {id: one, on: reminder, before: 29 business minutes, to: [sam@acme.example]}\n").alerts


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(UnreadableTerms, match='The id "half" is given twice'):
        ruled(HALF, HALF)


def test_the_seat_is_somebody() -> None:
    with pytest.raises(UnreadableTerms, match='There is no contact "Zed"'):
        agreement(AGREEMENT + "seat: Zed\n")


def test_no_way_out_is_the_program() -> None:
    assert ruled("  - {id: one, on: breach, to: [owner], channels: []}\n").alerts[0].channels == ("in_app",)


def test_a_rule_fits_the_promises_that_its_occasion_can_come_for() -> None:
    whole = ruled(
        HALF, "  - {id: line, on: pace, behind: 0.1, to: [marketing]}\n", "  - {id: am, on: pulse, to: [sales]}\n"
    )
    fitting = [[each.id for each in whole.commitments if rule.fits(each)] for rule in whole.alerts]
    assert fitting == [["speed"], ["leads"], ["leads", "speed"]]


def test_changes_of_rules_are_told_in_words() -> None:
    before = ruled(HALF, "  - {id: late, on: breach, to: [owner]}\n")
    after = ruled(HALF.replace("0.5", "0.75").replace("[owner]", "[owner, sales], urgent: true"), more="seat: Sam\n")
    assert [each.sentence for each in differences(before, after, ENGLISH)] == [
        "Agreement: who answers for leads that nobody has is now Sam.",
        "Warning half: the share of the time after which it fires goes from 0.5 to 0.75.",
        "Warning half: who is told: added sales.",
        "Warning half: whether it is urgent goes from no to yes.",
        "Warning late is dropped (when the time has run out).",
    ]


def test_the_document_says_who_is_told_of_what() -> None:
    rules = (
        "  - {id: half, on: reminder, before: 10 business minutes, commitments: [speed], to: [owner, seat]}\n",
        "  - {id: line, on: pace, behind: 0.1, for_days: 3, to: [marketing], channels: [email, room],"
        " cooldown: 5 business days, most: 2, digest: true}\n",
        "  - {id: quiet, on: silent_source, gap_factor: 2.5, to: [Maya], urgent: true}\n",
    )
    part = next(part for part in document(ruled(*rules, more="seat: Sam\n"), ENGLISH) if part.id == "alerts")
    assert part.text == ("Sam answers for leads that nobody has.",)
    assert part.clauses == ("alerts.half", "alerts.line", "alerts.quiet")
    assert part.rows == (
        ("10 business minutes before the deadline", "speed", "the owner, Sam", "in the program"),
        (
            "When a total is 10\xa0% behind its goal line for 3 days",
            "every promise that fits",
            "Marketing",
            "by e-mail, room; with the daily digest; again after 5 business days at the earliest; at most 2 a day",
        ),
        (
            "When a source is quiet for 2.5 times its usual gap",
            "",
            "Maya",
            "in the program; at once, in quiet hours too",
        ),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_starter_says_its_warnings(language: str) -> None:
    for starter in starters():
        read = agreement(starter_text(starter.name, language))
        part = next(part for part in document(read, words(language)) if part.id == "alerts")
        assert len(part.rows) == len(read.alerts) > 5
        assert all(when and who for when, _, who, _ in part.rows)
        assert read.seat in part.text[0]
