"""Addresses of the leads behind what happened in some days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from smarketing.scorecard.card import Axis
from smarketing.terms.period import ONE_DAY


@dataclass(frozen=True, slots=True)
class StepLinks:
    """Local days [from_on, until_on) of an agreement; `only` is what the page is narrowed to."""

    path: str
    agreement: str
    from_on: date
    until_on: date
    only: Mapping[Axis, str] = field(default_factory=dict)

    def step(self, step: str, **more: str) -> str:
        return self._of(became=step, **self._days(), **more)

    def touches(self) -> str:
        return self._of(touched="1", **self._days())

    def now(self, commitment: str, **more: str) -> str:
        """Clocks of a promise, whenever they began."""
        return self._of(commitment=commitment, **more)

    def day(self, on: date, *, is_touches: bool) -> str:
        said = {"touched": "1"} if is_touches else {"became": "handover"}
        return self._of(**said, day=on.isoformat())

    def _days(self) -> dict[str, str]:
        return {"from": self.from_on.isoformat(), "until": (self.until_on - ONE_DAY).isoformat()}

    def _of(self, **said: str) -> str:
        narrowed = {axis.value: value for axis, value in self.only.items()}
        return f"{self.path}?{urlencode({'agreement': self.agreement, **narrowed, **said})}"
