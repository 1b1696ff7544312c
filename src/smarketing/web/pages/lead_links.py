"""Addresses of the leads behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from smarketing.scorecard.card import Axis
from smarketing.terms.errors import TermsError
from smarketing.terms.period import ONE_DAY, read_period

VEIL = "~"  # a rep whose name is hidden
NOBODY = "-"  # leads that have no rep, team, tier or source


@dataclass(frozen=True, slots=True)
class LeadLinks:
    """Of one agreement and period; `only` are the filters of the page by axis."""

    path: str
    agreement: str
    period: str
    only: Mapping[Axis, str] = field(default_factory=dict)

    def of(self, commitment: str = "", **more: str) -> str:
        """The leads of a commitment, or all of the period; `more` as the leads page names its filters."""
        said: dict[str, str] = {"agreement": self.agreement}
        if commitment:
            said["commitment"] = commitment
        said |= {axis.value: value for axis, value in self.only.items() if not value.startswith(VEIL)}
        return f"{self.path}?{urlencode({**said, 'period': self.period, **more})}"

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
