"""What a wrong value in an agreement file is told: the line, what is wrong and what to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.agreement_files import AGREEMENT, agreement, changed, fault, faults

from smarketing.terms.agreement import HandoverMoment, Role
from smarketing.terms.calendar import Window
from smarketing.terms.commitment import Kind
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.language import words
from smarketing.terms.read_yaml import read_agreement_text


def test_everything_is_where_it_was_written() -> None:
    read = agreement()
    assert (read.id, read.version, read.zone) == ("acme", 1, "Europe/Madrid")
    assert read.in_force.from_on == date(2026, 1, 1)
    assert read.parties[0].role is Role.MARKETING
    assert read.parties[1].capacity is not None
    assert read.parties[1].capacity.minutes_per_attempt == Decimal(6)
    assert read.definitions["mql"].marked_by == "marketing"
    assert read.handover.at is HandoverMoment.STAGE
    assert read.calendars[0].week[4] == (Window(opens=540, closes=900),)
    assert [commitment.kind for commitment in read.commitments] == [Kind.LEAD_VOLUME, Kind.SPEED_TO_LEAD]
    assert str(read.commitments[1].target) == "95 % within 1 business hour"
    assert str(read.commitments[1].overrides[0].within) == "30 business minutes"


def test_an_unknown_key_with_its_nearest_neighbour() -> None:
    assert fault("    target: 140 leads\n", "    target: 140 leads\n    wieght: 3\n") == (
        '36: There is no key "wieght" here. Did you mean "weight"?'
    )


def test_an_unknown_key_far_from_all_lists_the_keys() -> None:
    assert fault("in_force: {from_on: 2026-01-01}", "in_force: {from_on: 2026-01-01, xyz: 1}") == (
        '4: There is no key "xyz" here. The keys here are from_on, until_on.'
    )


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    assert (
        fault("zone: Europe/Madrid\nin", "zoen: Europe/Madrid\nin")
        == '3: There is no key "zoen" here. Did you mean "zone"?'
    )


def test_a_missing_key_is_told_where_its_part_begins() -> None:
    assert fault("    target: 140 leads\n", "") == (
        '32: The key "target" is missing. Add it: "target: "95 % within 1 business hour"".'
    )


@pytest.mark.parametrize("answer", ["yes", "no", "on", "off", "true", "False", "Y"])
def test_yes_and_no_are_no_numbers(answer: str) -> None:
    assert (
        fault("reps: 4", f"reps: {answer}") == f'15: reps is a number, and "{answer}" means yes or no. Write a number.'
    )


@pytest.mark.parametrize("time", ["12:30", "1:30:00", "190:20"])
def test_a_time_of_day_is_no_number(time: str) -> None:
    assert fault("hours_per_rep: 140", f"hours_per_rep: {time}").startswith(
        f'15: hours_per_rep is a number, and "{time}" reads as a time.'
    )


@pytest.mark.parametrize("octal", ["012", "0o14", "0x1F", "0b11"])
def test_a_number_that_others_would_read_differently(octal: str) -> None:
    assert fault("reps: 4", f"reps: {octal}").startswith(f'15: reps "{octal}" begins with a zero.')


@pytest.mark.parametrize("wrong", ["4.5", "four", "1_000", "1e3", "+4", "٤", ".inf", "99999999999999999999"])
def test_a_whole_number_is_only_digits(wrong: str) -> None:
    assert fault("reps: 4", f"reps: {wrong}") == f'15: reps "{wrong}" is not a number. Write a whole number: 3.'


@pytest.mark.parametrize("wrong", ["1,5", "1e400", ".nan", "NaN", "6.", "١"])
def test_a_number_is_only_digits_and_a_point(wrong: str) -> None:
    assert "is not a number. Write a plain number: 3 or 0.75." in fault(
        "minutes_per_attempt: 6", f'minutes_per_attempt: "{wrong}"'
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("reps: 0", "reps must be more than 0, not 0."),
        ("reps: -2", "reps must be more than 0, not -2."),
    ],
)
def test_a_number_out_of_range(wrong: str, expected: str) -> None:
    assert fault("reps: 4", wrong) == f"15: {expected}"


def test_a_share_above_one() -> None:
    assert fault("reps: 4,", "reps: 4, marketing_share: 40,") == "15: marketing_share must be at most 1, not 40."
    assert fault("reps: 4,", "reps: 4, automated_share: 1,") == "15: automated_share must be less than 1, not 1."
    assert fault("worth: 100", "worth: -1") == "20: worth must be at least 0, not -1."


@pytest.mark.parametrize("word", ["yes", "no", "Off", "true"])
def test_a_bare_word_that_means_yes_or_no_elsewhere(word: str) -> None:
    assert fault("name: Marketing\n", f"name: {word}\n") == (
        f'7: name "{word}" means yes or no to other readers of YAML. Put it in quotes: "{word}".'
    )


def test_norway_is_no_answer() -> None:
    assert '"NO" means yes or no to other readers' in fault("country: ES, region: MD", "country: NO")
    assert faults(changed("country: ES, region: MD", 'country: "NO"')) == []


@pytest.mark.parametrize("number", ["010", "1_0", "12:30", "0x1F", "1.e+3"])
def test_a_bare_number_that_others_would_change(number: str) -> None:
    found = fault("name: Marketing\n", f"name: {number}\n")
    assert found == f'7: name "{number}" means another number to other readers of YAML. Put it in quotes: "{number}".'


def test_a_number_that_everybody_reads_alike_may_name_something() -> None:
    assert agreement(changed("grades: [A]", "grades: [1, 2.5, 2026-01-01]")).tiers[0].grades == (
        "1",
        "2.5",
        "2026-01-01",
    )


@pytest.mark.parametrize("nothing", ["", " ~", " null"])
def test_a_key_without_a_value(nothing: str) -> None:
    assert fault("title: Marketing and sales at Acme", f"title:{nothing}") == (
        "2: title is left empty. Write its value, or leave the key out."
    )


def test_an_end_may_be_left_empty() -> None:
    assert agreement(changed("from_on: 2026-01-01", "from_on: 2026-01-01, until_on: null")).in_force.until_on is None


def test_one_value_where_a_list_belongs() -> None:
    assert (
        fault("grades: [A]", "grades: A")
        == '20: grades holds a list, not one value. Write it in brackets: "grades: [A]".'
    )


def test_a_list_where_one_value_belongs() -> None:
    assert fault("worth: 40", "worth: [40]") == "21: worth holds one value, not a list."


def test_keys_where_a_list_belongs() -> None:
    assert (
        fault("contacts: [{name: Maya}]", "contacts: {name: Maya}") == "9: contacts holds a list, not keys with values."
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("2026-02-30", 'from_on "2026-02-30" is not in the calendar. Count its days again.'),
        ("2025-02-29", 'from_on "2025-02-29" is not in the calendar. Count its days again.'),
        ("01/02/2026", 'from_on "01/02/2026" is not a date. Write year-month-day: 2026-01-31.'),
        ("20260101", 'from_on "20260101" is not a date. Write year-month-day: 2026-01-31.'),
        ("1767225600", 'from_on "1767225600" is not a date. Write year-month-day: 2026-01-31.'),
        ("2026-1-1", 'from_on "2026-1-1" is not a date. Write year-month-day: 2026-01-31.'),
        ("2026-01-01T00:00:00Z", 'from_on "2026-01-01T00:00:00Z" is not a date. Write year-month-day: 2026-01-31.'),
    ],
)
def test_a_date_is_year_month_day(wrong: str, expected: str) -> None:
    assert fault("from_on: 2026-01-01", f'from_on: "{wrong}"') == f"4: {expected}"


SIGNED = 'signatures: [{party: sales, name: Sam, fingerprint: "sha256:0", signed_at: "%s"}]\n'


@pytest.mark.parametrize("wrong", ["2026-01-01", "2026-01-01T09:00:00", "yesterday", "2026-01-01T09:00:00 Madrid"])
def test_an_instant_has_an_offset(wrong: str) -> None:
    found = faults(AGREEMENT + SIGNED % wrong)
    assert found == [f'45: signed_at "{wrong}" is not an instant. Write RFC 3339 with an offset: 2026-01-31T09:00:00Z.']


def test_an_instant_at_noon_in_madrid() -> None:
    signed_at = agreement(AGREEMENT + SIGNED % "2026-01-01T12:00:00+01:00").signatures[0].signed_at
    assert signed_at.isoformat() == "2026-01-01T12:00:00+01:00"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "role: sales",
            "role: seller",
            '12: There is no role "seller". Choose one of marketing, sales, service, customer.',
        ),
        ("kind: lead_volume", "kind: lead_volumes", '34: There is no kind "lead_volumes". Did you mean "lead_volume"?'),
        ("at: stage", "at: stages", '22: There is no at "stages". Did you mean "stage"?'),
    ],
)
def test_a_word_that_is_not_among_the_choices(old: str, new: str, expected: str) -> None:
    assert fault(old, new) == expected


def test_a_currency_is_three_capitals() -> None:
    assert fault("zone: Europe/Madrid\nin", "zone: Europe/Madrid\ncurrency: eur\nin") == (
        '4: currency "eur" is not written as it should be. Write three capital letters: EUR.'
    )


def test_a_target_without_a_unit_of_business_time() -> None:
    assert fault("target: 95 % within 1 business hour", "target: 4h").startswith(
        '41: target "4h" has no unit of business time. Write "4 business hours"'
    )


def test_an_allowance_without_a_unit_of_business_time() -> None:
    assert fault("within: 30 business minutes", "within: 30 min") == (
        '43: within "30 min" has no unit of business time. Write "30 business minutes".'
    )


def test_a_target_may_be_a_bare_number_only_by_mistake() -> None:
    assert fault("target: 140 leads", "target: 140").startswith(
        '35: target "140" cannot be measured. Write it like one of these'
    )


def test_long_text_may_stand_in_a_block() -> None:
    read = agreement(AGREEMENT + "summary: >\n  One line\n  and another.\n\n  A paragraph.\n")
    assert read.summary == "One line and another.\nA paragraph."


def test_a_long_value_is_repeated_shortly() -> None:
    assert len(fault("target: 140 leads", f"target: {'x' * 5000}")) < 500


def test_faults_are_told_in_the_readers_language() -> None:
    with pytest.raises(UnreadableTerms) as refused:
        read_agreement_text(changed("140 leads", "4h"), where="acme.yaml", folder=None, words=words("es"))
    assert refused.value.faults[0].where == "acme.yaml:35"
