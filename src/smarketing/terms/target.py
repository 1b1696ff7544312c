"""What a commitment is measured against: a number, its unit and which way is good."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from pydantic import model_validator

from smarketing.terms.allowance import Allowance
from smarketing.terms.term import Term


class Measure(StrEnum):
    """What is judged.

    SHARE   share of the clocks that are met                `95 % within 1 business hour`
    MEAN, MEDIAN, P90   of the elapsed business time        `median within 30 business minutes`
    DEPTH   mean touches on leads not yet connected          `6 touches within 5 business days`
    COUNT   rows that first reached something                `140 leads`
    SUM     money, or points of worth                        `200000 EUR`, `700 points`
    RATE    share of a cohort that went on                   `5 %`
    GAP     longest silence                                  `at most 5 business days`
    """

    SHARE = "share"
    MEAN = "mean"
    MEDIAN = "median"
    P90 = "p90"
    DEPTH = "depth"
    COUNT = "count"
    SUM = "sum"
    RATE = "rate"
    GAP = "gap"


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


NUMBER = r"(?P<value>\d+(?:\.\d+)?)"
FORMS: tuple[tuple[Measure, Direction, re.Pattern[str]], ...] = (
    (
        Measure.SHARE,
        Direction.AT_LEAST,
        re.compile(NUMBER + r"\s*%(?:\s+with\s+(?P<touches>\d+)\s+touch(?:es)?)?\s+within\s+(?P<within>.+)"),
    ),
    (Measure.DEPTH, Direction.AT_LEAST, re.compile(NUMBER + r"\s+touch(?:es)?\s+within\s+(?P<within>.+)")),
    (Measure.MEAN, Direction.AT_MOST, re.compile(r"mean\s+within\s+(?P<within>.+)")),
    (Measure.MEDIAN, Direction.AT_MOST, re.compile(r"median\s+within\s+(?P<within>.+)")),
    (Measure.P90, Direction.AT_MOST, re.compile(r"p90\s+within\s+(?P<within>.+)")),
    (Measure.GAP, Direction.AT_MOST, re.compile(r"at\s+most\s+(?P<within>\d+\s+\S+\s+\S+)")),
    (Measure.RATE, Direction.AT_LEAST, re.compile(NUMBER + r"\s*%")),
    (Measure.SUM, Direction.AT_LEAST, re.compile(NUMBER + r"\s+(?P<unit>[A-Z]{3}|points)")),
    (Measure.COUNT, Direction.AT_LEAST, re.compile(NUMBER + r"\s+(?P<unit>[a-z_]+)")),
)
HINT = (
    'Write it like one of these: "95 % within 1 business hour", "median within 30 business minutes", '
    '"6 touches within 5 business days", "90 % with 6 touches within 5 business days", "140 leads", '
    '"200000 EUR", "5 %", "at most 5 business days".'
)


class Target(Term):
    """`value` is a ratio for SHARE and RATE, seconds or days of `within` for the times, else the number."""

    measure: Measure
    value: Decimal
    unit: str
    direction: Direction
    within: Allowance | None = None
    touches: int | None = None

    @model_validator(mode="before")
    @classmethod
    def from_words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        words = " ".join(value.split())
        for measure, direction, pattern in FORMS:
            found = pattern.fullmatch(words)
            if found:
                return _fields(measure, direction, found.groupdict(), value)
        raise ValueError(f'the target "{value}" cannot be measured. {HINT}')

    def __str__(self) -> str:
        """The words that read back as this target."""
        percent = _plain(self.value * 100)
        if self.measure is Measure.SHARE:
            touches = f" with {self.touches} touches" if self.touches else ""
            return f"{percent} %{touches} within {self.within}"
        if self.measure is Measure.RATE:
            return f"{percent} %"
        if self.measure is Measure.GAP:
            return f"at most {self.within}"
        if self.measure in (Measure.MEAN, Measure.MEDIAN, Measure.P90):
            return f"{self.measure} within {self.within}"
        within = f" within {self.within}" if self.within else ""
        return f"{_plain(self.value)} {self.unit}{within}"


def _fields(measure: Measure, direction: Direction, parts: dict[str, Any], words: str) -> dict[str, Any]:
    within = Allowance.model_validate(parts["within"]) if parts.get("within") else None
    number = _number(parts["value"], words) if parts.get("value") else None
    if number is not None and number <= 0:
        raise ValueError(f'the target "{words}" promises nothing. Write a number above zero.')
    touches = int(parts["touches"]) if parts.get("touches") else None
    unit = parts.get("unit") or {"depth": "touches", "share": "ratio", "rate": "ratio"}.get(measure, "")
    if measure in (Measure.SHARE, Measure.RATE):
        assert number is not None
        if number > 100:
            raise ValueError(f'the target "{words}" asks for more than everything. Write at most 100 %.')
        number = number / 100
    if number is None:
        assert within is not None
        number, unit = Decimal(within.amount), "days" if within.is_days else "seconds"
    return {
        "measure": measure,
        "value": number,
        "unit": unit,
        "direction": direction,
        "within": within,
        "touches": touches,
    }


def _number(text: str, words: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f'the number in the target "{words}" cannot be read. {HINT}') from None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
