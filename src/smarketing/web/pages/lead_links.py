"""Addresses of the leads behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from smarketing.scorecard.card import Axis
from smarketing.scorecard.only import NOBODY
from smarketing.terms.errors import TermsError
from smarketing.terms.period import ONE_DAY, read_period

VEIL = "~"  # a rep whose name is hidden


@dataclass(frozen=True, slots=True)
class LeadLinks:
    """Of one agreement and period; `only` are the filters of the page by axis, `at` its instant if an earlier one.

    On a page about a rep whose name is hidden nothing leads on: the leads would tell who it is.
    """

    path: str
    agreement: str
    period: str
    only: Mapping[Axis, str] = field(default_factory=dict)
    at: str = ""

    @property
    def is_closed(self) -> bool:
        return any(value.startswith(VEIL) for value in self.only.values())

    def of(self, commitment: str = "", **more: str) -> str:
        """The leads of a commitment, or all of the period; `more` as the leads page names its filters.

        Empty where nothing leads on.
        """
        if self.is_closed:
            return ""
        said: dict[str, str] = {"agreement": self.agreement}
        if commitment:
            said["commitment"] = commitment
        said |= {axis.value: value for axis, value in self.only.items()}
        said |= {"period": self.period, **more}
        return f"{self.path}?{urlencode(said | {'at': self.at} if self.at else said)}"

    def group(self, axis: Axis, key: str, commitment: str = "", **more: str) -> str:
        """The leads of one group; empty where a hidden name would come out."""
        if key.startswith(VEIL):
            return ""
        if axis is Axis.DAY:
            return self.of(commitment, day=key, **more)
        if axis is Axis.WEEK:
            return self._week(key, commitment, **more)
        return self.of(commitment, **{axis.value: key or NOBODY}, **more)

    def between(self, from_on: date, until_on: date, commitment: str = "", **more: str) -> str:
        """The leads of some days; `until_on` is the first that is not among them."""
        if until_on - from_on == ONE_DAY:
            return self.of(commitment, day=from_on.isoformat(), **more)
        return self.of(commitment, **{"from": from_on.isoformat(), "until": (until_on - ONE_DAY).isoformat()}, **more)

    def _week(self, key: str, commitment: str, **more: str) -> str:
        try:
            week = read_period(key)
        except TermsError:
            return self.of(commitment, **more)
        return self.between(week.from_on, week.until_on, commitment, **more)
