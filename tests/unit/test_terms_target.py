"""Targets and allowances: what people write, what it means, and what they are told when it means nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.faults import Mistake
from smarketing.terms.target import Direction, Measure, Target

HOUR = 3600


def allowance(text: str) -> Allowance:
    return Allowance.model_validate(text)


def target(text: str) -> Target:
    return Target.model_validate(text)


def told(model: type[Target] | type[Allowance], text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(text)
    mistake = refused.value.errors()[0]["ctx"]["error"]
    assert isinstance(mistake, Mistake)
    return str(mistake)


@pytest.mark.parametrize(
    ("text", "amount", "unit", "again"),
    [
        ("4 business hours", 4 * HOUR, Unit.BUSINESS_TIME, "4 business hours"),
        ("1 business hour", HOUR, Unit.BUSINESS_TIME, "1 business hour"),
        ("90 business minutes", 5400, Unit.BUSINESS_TIME, "90 business minutes"),
        ("60 Business  Minutes", HOUR, Unit.BUSINESS_TIME, "1 business hour"),
        ("45 business seconds", 45, Unit.BUSINESS_TIME, "45 business seconds"),
        ("1 business day", 1, Unit.BUSINESS_DAYS, "1 business day"),
        ("48 clock hours", 48 * HOUR, Unit.CLOCK_TIME, "48 clock hours"),
        ("90 clock days", 90 * 24 * HOUR, Unit.CLOCK_TIME, "90 clock days"),
        ("2 calendar weeks", 14 * 24 * HOUR, Unit.CLOCK_TIME, "14 clock days"),
        ("3 rolled days", 3, Unit.ROLLED_DAYS, "3 rolled days"),
    ],
)
def test_lengths_of_time(text: str, amount: int, unit: Unit, again: str) -> None:
    read = allowance(text)
    assert (read.amount, read.unit, str(read)) == (amount, unit, again)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4h", '"4h" has no unit of business time. Write "4 business hours".'),
        ("4 hours", '"4 hours" has no unit of business time. Write "4 business hours".'),
        ("30 min", '"30 min" has no unit of business time. Write "30 business minutes".'),
        ("1 day", '"1 day" has no unit of business time. Write "1 business day".'),
        ("P2D", '"P2D" has no unit of business time. Write "2 business days".'),
        ("PT4H", '"PT4H" has no unit of business time. Write "4 business hours".'),
        ("2 working days", '"2 working days" has no unit of business time. Write "2 business days".'),
        ("2 weeks", '"2 weeks" has no unit of business time. Write "10 business days".'),
        ("1 business week", '"1 business week": how long a business week is depends on the calendar.'),
        ("3 rolled hours", '"3 rolled hours": only days roll.'),
        ("0 business hours", '"0 business hours" is no time to keep a promise in.'),
        ("100000 business hours", '"100000 business hours" is no time to keep a promise in.'),
        ("4000 business days", '"4000 business days" is no time to keep a promise in.'),
        ("999999999999 clock weeks", "is no time to keep a promise in."),
        ("-4 business hours", '"-4 business hours" is not a length of time that we can measure.'),
        ("1.5 business hours", "is not a length of time that we can measure."),
        ("9223372036854775808 business hours", "is not a length of time that we can measure."),
        ("NaN business hours", "is not a length of time that we can measure."),
        ("４ business hours", "is not a length of time that we can measure."),
        ("soon", "is not a length of time that we can measure."),
        ("", "is not a length of time that we can measure."),
        ("12:30", "is not a length of time that we can measure."),
    ],
)
def test_lengths_that_cannot_be_measured(text: str, expected: str) -> None:
    assert expected in told(Allowance, text)


@pytest.mark.parametrize(
    ("text", "measure", "value", "unit"),
    [
        ("95 % within 1 business hour", Measure.SHARE, Decimal("0.95"), "ratio"),
        ("95% within 1 business hour", Measure.SHARE, Decimal("0.95"), "ratio"),
        ("90 % with 6 touches within 5 business days", Measure.SHARE, Decimal("0.9"), "ratio"),
        ("90 % with 1 touch within 5 business days", Measure.SHARE, Decimal("0.9"), "ratio"),
        ("6 touches within 5 business days", Measure.DEPTH, Decimal(6), "touches"),
        ("4.5 touches within 1 business day", Measure.DEPTH, Decimal("4.5"), "touches"),
        ("mean within 2 business hours", Measure.MEAN, Decimal(7200), "seconds"),
        ("Median within 30 business minutes", Measure.MEDIAN, Decimal(1800), "seconds"),
        ("P90 within 1 business day", Measure.P90, Decimal(1), "days"),
        ("at most 5 business days", Measure.GAP, Decimal(5), "days"),
        ("5 %", Measure.RATE, Decimal("0.05"), "ratio"),
        ("0.125 %", Measure.RATE, Decimal("0.00125"), "ratio"),
        ("140 leads", Measure.COUNT, Decimal(140), "leads"),
        ("3 opportunità", Measure.COUNT, Decimal(3), "opportunità"),
        ("200000 EUR", Measure.SUM, Decimal(200000), "EUR"),
        ("199.99 EUR", Measure.SUM, Decimal("199.99"), "EUR"),
        ("700 points", Measure.SUM, Decimal(700), "points"),
    ],
)
def test_targets(text: str, measure: Measure, value: Decimal, unit: str) -> None:
    read = target(text)
    assert (read.measure, read.value, read.unit) == (measure, value, unit)
    at_most = measure in (Measure.MEAN, Measure.MEDIAN, Measure.P90, Measure.GAP)
    assert read.direction is (Direction.AT_MOST if at_most else Direction.AT_LEAST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4h", '"4h" has no unit of business time. Write "4 business hours" with what is judged'),
        ("4 business hours", 'does not say what is judged in that time. Write "95 % within 4 business hours"'),
        ("95 % within 4h", '"95 % within 4h" has no unit of business time. Write "95 % within 4 business hours".'),
        ("at most 3 days", 'Write "at most 3 business days".'),
        ("95 % within 0 business hours", "is no time to keep a promise in"),
        ("0 leads", '"0 leads" promises nothing. Write a number above zero.'),
        ("0 %", "promises nothing"),
        ("90 % with 0 touches within 5 business days", "promises nothing"),
        ("101 %", '"101 %" asks for more than everything. Write at most 100 %.'),
        ("200 % within 1 business hour", "asks for more than everything"),
        ("1.5 leads", '"1.5 leads" counts a part of a thing. Write a whole number.'),
        ("200.000 EUR", '"200.000 EUR" can be read as two numbers. Write "200000 EUR".'),
        ("1,500 leads", 'Write "1500 leads".'),
        ("2.000,50 EUR", 'Write "2000.50 EUR".'),
        ("5,5 %", '"5,5 %" has a decimal comma. Write "5.5 %".'),
        ("1e400 EUR", "cannot be measured. Write it like one of these"),
        ("NaN %", "cannot be measured"),
        ("9" * 40 + " leads", "cannot be measured"),
        ("９５ %", "cannot be measured"),
        ("95 % soon", "cannot be measured"),
        ("fast", "cannot be measured"),
        ("", "cannot be measured"),
        ("95 % within " + "x" * 10_000, "cannot be measured"),
        ("x" * 10_000, "cannot be measured"),
    ],
)
def test_targets_that_cannot_be_judged(text: str, expected: str) -> None:
    found = told(Target, text)
    assert expected in found
    assert len(found) < 500


ALLOWANCES = st.one_of(
    st.builds("{} business {}".format, st.integers(2, 400), st.sampled_from(["seconds", "minutes", "hours", "days"])),
    st.builds(
        "{} clock {}".format, st.integers(2, 400), st.sampled_from(["seconds", "minutes", "hours", "days", "weeks"])
    ),
    st.builds("{} rolled days".format, st.integers(2, 60)),
)
PERCENTS = st.decimals(Decimal("0.001"), 100, places=3).map(lambda value: format(value.normalize(), "f"))
TARGETS = st.one_of(
    st.builds("{} % within {}".format, PERCENTS, ALLOWANCES),
    st.builds("{} % with {} touches within {}".format, PERCENTS, st.integers(1, 20), ALLOWANCES),
    st.builds("{} touches within {}".format, st.integers(1, 20), ALLOWANCES),
    st.builds("{} within {}".format, st.sampled_from(["mean", "median", "p90"]), ALLOWANCES),
    st.builds("at most {}".format, ALLOWANCES),
    st.builds("{} %".format, PERCENTS),
    st.builds("{} {}".format, st.integers(1, 10**12), st.sampled_from(["leads", "EUR", "points", "reports"])),
)


@given(TARGETS)
def test_a_target_reads_back_from_its_own_words(text: str) -> None:
    assert target(str(target(text))) == target(text)


@given(ALLOWANCES)
def test_an_allowance_reads_back_from_its_own_words(text: str) -> None:
    assert allowance(str(allowance(text))) == allowance(text)


@given(st.text(max_size=40))
def test_any_text_is_understood_or_refused_in_a_sentence(text: str) -> None:
    for model in (Target, Allowance):
        try:
            model.model_validate(text)
        except ValidationError as error:
            assert isinstance(error.errors()[0]["ctx"]["error"], Mistake)
