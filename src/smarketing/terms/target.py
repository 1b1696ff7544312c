"""What a commitment is measured against: a number, its unit and which way is good."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationError, model_validator

from smarketing.terms.allowance import PATTERN, Allowance, in_business_time
from smarketing.terms.faults import Mistake, shown
from smarketing.terms.language import N_
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


LONGEST = 200  # characters; the longest target that can be meant has 60
NUMBER = r"(?P<value>[0-9]{1,15}(?:\.[0-9]{1,6})?)"
TOUCHES = r"(?P<touches>[0-9]{1,4})\s+touch(?:es)?"
WITHIN = r"within\s+(?P<within>.+)"
WORDS = re.IGNORECASE
FORMS: tuple[tuple[Measure, Direction, re.Pattern[str]], ...] = (
    (Measure.SHARE, Direction.AT_LEAST, re.compile(rf"{NUMBER}\s*%(?:\s+with\s+{TOUCHES})?\s+{WITHIN}", WORDS)),
    (Measure.DEPTH, Direction.AT_LEAST, re.compile(rf"{NUMBER}\s+touch(?:es)?\s+{WITHIN}", WORDS)),
    (Measure.MEAN, Direction.AT_MOST, re.compile(rf"mean\s+{WITHIN}", WORDS)),
    (Measure.MEDIAN, Direction.AT_MOST, re.compile(rf"median\s+{WITHIN}", WORDS)),
    (Measure.P90, Direction.AT_MOST, re.compile(rf"p90\s+{WITHIN}", WORDS)),
    (Measure.GAP, Direction.AT_MOST, re.compile(r"at\s+most\s+(?P<within>.+)", WORDS)),
    (Measure.RATE, Direction.AT_LEAST, re.compile(rf"{NUMBER}\s*%")),
    (Measure.SUM, Direction.AT_LEAST, re.compile(rf"{NUMBER}\s+(?P<unit>[A-Z]{{3}}|points)")),
    (Measure.COUNT, Direction.AT_LEAST, re.compile(rf"{NUMBER}\s+(?P<unit>[^\W\dA-Z][^\W\d]{{0,39}})")),
)
GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+(?P<cents>[.,][0-9]{1,2})?(?=\s+[^\W\d]+$)")
DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)(?=\s*(?:%|[A-Z]{3}$))")
UNITS = {Measure.SHARE: "ratio", Measure.RATE: "ratio", Measure.DEPTH: "touches"}
HINT = N_(
    'Write it like one of these: "95 % within 1 business hour", "median within 30 business minutes", '
    '"6 touches within 5 business days", "90 % with 6 touches within 5 business days", "140 leads", '
    '"200000 EUR", "5 %", "at most 5 business days".'
)


class Target(Term):
    """`value` is a ratio for SHARE and RATE, seconds or days of `within` for the times, else the number."""

    measure: Measure = Field(description="what is judged")
    value: Decimal = Field(description="the number")
    unit: str = Field(description="what the number counts: ratio, seconds, days, touches, a currency, points, leads")
    direction: Direction = Field(description="which way is good")
    within: Allowance | None = Field(None, description="the time a clock may run")
    touches: int | None = Field(None, description="how many touches make a lead followed up")

    @model_validator(mode="before")
    @classmethod
    def from_words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        words = " ".join(value.split())
        check_readable(words)
        for measure, direction, pattern in FORMS:
            found = pattern.fullmatch(words)
            if found:
                return _fields(measure, direction, found.groupdict(), words)
        raise Mistake(N_('"{value}" cannot be measured.'), HINT, value=shown(words))

    def __str__(self) -> str:
        """The words that read back as this target."""
        percent = plain(self.value * 100)
        if self.measure is Measure.SHARE:
            touches = f" with {self.touches} touch{'' if self.touches == 1 else 'es'}" if self.touches else ""
            return f"{percent} %{touches} within {self.within}"
        if self.measure is Measure.RATE:
            return f"{percent} %"
        if self.measure is Measure.GAP:
            return f"at most {self.within}"
        if self.measure in (Measure.MEAN, Measure.MEDIAN, Measure.P90):
            return f"{self.measure} within {self.within}"
        within = f" within {self.within}" if self.within else ""
        return f"{plain(self.value)} {self.unit}{within}"


def check_readable(words: str) -> None:
    """Raises Mistake for what is nearly a target: a bare length of time, or a number that reads two ways."""
    length = in_business_time(words)
    if length:
        raise Mistake(
            N_('"{value}" has no unit of business time.'),
            N_('Write "{length}" with what is judged: "95 % within {length}" or "median within {length}".'),
            value=shown(words),
            length=length,
        )
    if PATTERN.fullmatch(words.lower()):
        raise Mistake(
            N_('"{value}" does not say what is judged in that time.'),
            N_('Write "95 % within {value}" or "median within {value}".'),
            value=shown(words),
        )
    grouped = GROUPED.match(words)
    if grouped:
        digits = re.sub(r"[.,' ]", "", grouped[0].removesuffix(grouped["cents"] or ""))
        whole = digits + (grouped["cents"] or "").replace(",", ".") + words[grouped.end() :]
        raise Mistake(
            N_('"{value}" can be read as two numbers.'), N_('Write "{whole}".'), value=shown(words), whole=whole
        )
    if DECIMAL_COMMA.match(words):
        whole = DECIMAL_COMMA.sub(r"\1.\2", words, count=1)
        raise Mistake(
            N_('"{value}" has a decimal comma.'), N_('Write "{whole}".'), value=shown(words), whole=shown(whole)
        )
    if len(words) > LONGEST:
        raise Mistake(N_('"{value}" cannot be measured.'), HINT, value=shown(words))


def _fields(measure: Measure, direction: Direction, parts: dict[str, Any], words: str) -> dict[str, Any]:
    within = _within(parts["within"], words) if parts.get("within") else None
    number = Decimal(parts["value"]) if parts.get("value") else None
    touches = int(parts["touches"]) if parts.get("touches") else None
    if number == 0 or touches == 0:
        raise Mistake(N_('"{value}" promises nothing.'), N_("Write a number above zero."), value=shown(words))
    unit = parts.get("unit") or UNITS.get(measure, "")
    if measure in UNITS and unit == "ratio" and number is not None:
        if number > 100:
            raise Mistake(
                N_('"{value}" asks for more than everything.'), N_("Write at most 100 %."), value=shown(words)
            )
        number = number / 100
    if measure is Measure.COUNT and number is not None and number != int(number):
        raise Mistake(N_('"{value}" counts a part of a thing.'), N_("Write a whole number."), value=shown(words))
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


def _within(length: str, words: str) -> Allowance:
    """The allowance in a target; a mistake in it quotes the target and mends the whole of it."""
    try:
        return Allowance.model_validate(length)
    except ValidationError as error:
        mistake = error.errors()[0].get("ctx", {}).get("error")
    suggestion = in_business_time(length)
    if suggestion:
        mended = words.removesuffix(length) + suggestion
        raise Mistake(
            N_('"{value}" has no unit of business time.'), N_('Write "{whole}".'), value=shown(words), whole=mended
        )
    raise mistake if isinstance(mistake, Mistake) else Mistake(N_('"{value}" cannot be measured.'), HINT, value=words)


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing: 0.50 → 0.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
