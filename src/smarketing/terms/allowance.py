"""How much time a clock may run: business hours, business days, plain hours or rolled days."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator

from smarketing.terms.faults import Mistake, shown
from smarketing.terms.language import N_
from smarketing.terms.term import Term


class Unit(StrEnum):
    """What an allowance counts.

    BUSINESS_TIME  a length of open time on the calendar
    BUSINESS_DAYS  the closing of the N-th working day after the local day of the start
    CLOCK_TIME     plain elapsed time, nights and weekends included
    ROLLED_DAYS    N calendar days, then rolled on to the next open instant
    """

    BUSINESS_TIME = "business_time"
    BUSINESS_DAYS = "business_days"
    CLOCK_TIME = "clock_time"
    ROLLED_DAYS = "rolled_days"


SECONDS = {"second": 1, "minute": 60, "hour": 3600}
PATTERN = re.compile(
    r"(?P<amount>[0-9]{1,12})\s+(?P<mode>business|clock|calendar|rolled)\s+(?P<unit>second|minute|hour|day|week)s?"
)
LOOSE = re.compile(
    r"(?:pt?)?(?P<amount>[0-9]{1,6})\s*(?:working\s+|office\s+)?"
    r"(?:(?P<second>s|secs?|seconds?)|(?P<minute>m|min|mins|minutes?)|(?P<hour>h|hrs?|hours?)"
    r"|(?P<day>d|days?)|(?P<week>w|weeks?))"
)
LONGEST_S = 10 * 366 * 86400
LONGEST_DAYS = 3660
HINT = N_(
    'Write a whole number with its unit: "4 business hours", "1 business day", "48 clock hours" or "3 rolled days".'
)


class Allowance(Term):
    """`amount` is seconds for the two kinds of time and days for the two kinds of day."""

    amount: int = Field(description="seconds, or days for business days and rolled days")
    unit: Unit = Field(description="what it counts")

    @model_validator(mode="before")
    @classmethod
    def from_words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = PATTERN.fullmatch(" ".join(value.lower().split()))
        if not found:
            raise no_unit(value) or Mistake(
                N_('"{value}" is not a length of time that we can measure.'), HINT, value=shown(value)
            )
        return _fields(int(found["amount"]), found["mode"], found["unit"], shown(value))

    @model_validator(mode="after")
    def is_possible(self) -> Self:
        if not 0 < self.amount <= (LONGEST_DAYS if self.is_days else LONGEST_S):
            raise Mistake(
                N_('"{value}" is no time to keep a promise in.'),
                N_("Write something between one second and ten years."),
                value=shown(str(self)),
            )
        return self

    @property
    def is_days(self) -> bool:
        return self.unit in (Unit.BUSINESS_DAYS, Unit.ROLLED_DAYS)

    @property
    def largest(self) -> tuple[str, int]:
        """The longest unit that divides a length of time, and how often; days only by the clock and beyond two."""
        if self.unit is Unit.CLOCK_TIME and self.amount % 86400 == 0 and self.amount > 2 * 86400:
            return "day", self.amount // 86400
        for unit, length in (("hour", 3600), ("minute", 60)):
            if self.amount % length == 0:
                return unit, self.amount // length
        return "second", self.amount

    def __str__(self) -> str:
        """The words that read back as this allowance."""
        if self.is_days:
            mode = "rolled" if self.unit is Unit.ROLLED_DAYS else "business"
            return f"{self.amount} {mode} day{'' if self.amount == 1 else 's'}"
        mode = "business" if self.unit is Unit.BUSINESS_TIME else "clock"
        unit, n = self.largest
        return f"{n} {mode} {unit}{'' if n == 1 else 's'}"


def no_unit(value: str) -> Mistake | None:
    """The mistake of a length of time that does not say whether nights count: 4h, 30 min, P2D."""
    suggestion = in_business_time(value)
    if not suggestion:
        return None
    return Mistake(
        N_('"{value}" has no unit of business time.'),
        N_('Write "{suggestion}".'),
        value=shown(value),
        suggestion=suggestion,
    )


def in_business_time(value: str) -> str:
    """What a length of time without `business` or `clock` probably meant, or nothing."""
    found = LOOSE.fullmatch(" ".join(value.lower().split()))
    if not found or not int(found["amount"]):
        return ""
    unit = next(name for name in ("second", "minute", "hour", "day", "week") if found[name])
    amount = int(found["amount"]) * (5 if unit == "week" else 1)
    return f"{amount} business {'day' if unit == 'week' else unit}{'' if amount == 1 else 's'}"


def _fields(amount: int, mode: str, unit: str, value: str) -> dict[str, Any]:
    if mode == "rolled":
        if unit != "day":
            raise Mistake(N_('"{value}": only days roll.'), HINT, value=value)
        return {"amount": amount, "unit": Unit.ROLLED_DAYS}
    if mode == "business" and unit == "week":
        raise Mistake(
            N_('"{value}": how long a business week is depends on the calendar.'),
            N_('Write business days: "{n} business days".'),
            value=value,
            n=amount * 5,
        )
    if unit in ("day", "week"):
        days = amount * (1 if unit == "day" else 7)
        if mode == "business":
            return {"amount": days, "unit": Unit.BUSINESS_DAYS}
        return {"amount": days * 86400, "unit": Unit.CLOCK_TIME}
    return {"amount": amount * SECONDS[unit], "unit": Unit.BUSINESS_TIME if mode == "business" else Unit.CLOCK_TIME}
