"""How much time a clock may run: business hours, business days, plain hours or rolled days."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Self

from pydantic import model_validator

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
    r"(?P<amount>\d+)\s+(?P<mode>business|clock|calendar|rolled)\s+(?P<unit>second|minute|hour|day|week)s?"
)
LONGEST_S = 10 * 366 * 86400
HINT = 'Write a whole number with its unit: "4 business hours", "1 business day", "48 clock hours" or "3 rolled days".'


class Allowance(Term):
    """`amount` is seconds for the two kinds of time and days for the two kinds of day."""

    amount: int
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def from_words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = PATTERN.fullmatch(value.strip().lower())
        if not found:
            raise ValueError(f'"{value}" has no unit of time we can measure. {HINT}')
        amount, mode, unit = int(found["amount"]), found["mode"], found["unit"]
        if mode == "rolled":
            if unit != "day":
                raise ValueError(f'"{value}": only days roll. {HINT}')
            return {"amount": amount, "unit": Unit.ROLLED_DAYS}
        if unit in ("day", "week"):
            days = amount * (1 if unit == "day" else 7)
            if mode == "business":
                if unit == "week":
                    raise ValueError(f'"{value}": a business week depends on the calendar. Write business days.')
                return {"amount": days, "unit": Unit.BUSINESS_DAYS}
            return {"amount": days * 86400, "unit": Unit.CLOCK_TIME}
        seconds = amount * SECONDS[unit]
        return {"amount": seconds, "unit": Unit.BUSINESS_TIME if mode == "business" else Unit.CLOCK_TIME}

    @model_validator(mode="after")
    def is_possible(self) -> Self:
        longest = 3660 if self.is_days else LONGEST_S
        if not 0 < self.amount <= longest:
            raise ValueError(f"an allowance is between one second and ten years, not {self.amount}. {HINT}")
        return self

    @property
    def is_days(self) -> bool:
        return self.unit in (Unit.BUSINESS_DAYS, Unit.ROLLED_DAYS)

    def __str__(self) -> str:
        """The words that read back as this allowance."""
        if self.unit is Unit.ROLLED_DAYS:
            return f"{self.amount} rolled {'day' if self.amount == 1 else 'days'}"
        if self.unit is Unit.BUSINESS_DAYS:
            return f"{self.amount} business {'day' if self.amount == 1 else 'days'}"
        mode = "business" if self.unit is Unit.BUSINESS_TIME else "clock"
        for unit, length in (("hour", 3600), ("minute", 60), ("second", 1)):
            if self.amount % length == 0:
                n = self.amount // length
                return f"{n} {mode} {unit}{'' if n == 1 else 's'}"
        raise AssertionError("every whole number of seconds divides by one second")
