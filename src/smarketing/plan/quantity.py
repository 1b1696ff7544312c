"""Exact numbers that may be missing: nothing is guessed, and nothing divides to zero or infinity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Lack:
    """Why there is no number: the quantity `of` is absent, or it is zero where something must be divided by it."""

    of: str
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A fraction, or the reason why there is none; the first reason survives all further arithmetic."""

    name: str
    value: Fraction | None
    lack: Lack | None = None

    @classmethod
    def of(cls, name: str, value: Fraction | Decimal | int | None) -> Quantity:
        if value is None:
            return cls(name, None, Lack(name))
        return cls(name, Fraction(value))

    def __mul__(self, other: Quantity) -> Quantity:
        if self.value is None or other.value is None:
            return self._lacking(other)
        return Quantity("", self.value * other.value)

    def __truediv__(self, other: Quantity) -> Quantity:
        if self.value is None or other.value is None:
            return self._lacking(other)
        if other.value == 0:
            return Quantity("", None, Lack(other.name, is_zero=True))
        return Quantity("", self.value / other.value)

    def _lacking(self, other: Quantity) -> Quantity:
        return Quantity("", None, self.lack or other.lack)

    def named(self, name: str) -> Quantity:
        return replace(self, name=name)

    def above_zero(self) -> Quantity:
        """The same quantity, or its lack when it is zero: a goal of nothing asks for no leads in particular."""
        return Quantity(self.name, None, Lack(self.name, is_zero=True)) if self.value == 0 else self

    @property
    def rounded_up(self) -> int | None:
        return None if self.value is None else ceil(self.value)

    @property
    def number(self) -> int | float | None:
        """For JSON: whole where it is whole, else the nearest float; `exact` has the rest."""
        return None if self.value is None else plain_number(self.value)

    @property
    def exact(self) -> str | None:
        """`60/7`, or `50` where it is whole."""
        return None if self.value is None else str(self.value)


def plain_number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
