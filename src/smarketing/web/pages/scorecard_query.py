"""What a reader asked of a scorecard: everything is in the address, so that a page can be sent to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from smarketing.scorecard.card import Axis
from smarketing.terms.errors import UserError
from smarketing.terms.instants import read_instant
from smarketing.terms.marked import N_
from smarketing.terms.period import Grain, Period, WeekStart, period_of, read_period
from smarketing.terms.target import Measure

FILTERS = (Axis.TEAM, Axis.REP, Axis.TIER, Axis.SOURCE)
MEASURES = (Measure.SHARE, Measure.MEDIAN, Measure.MEAN)
GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH)
PANELS = ("charts", "people", "time", "journey", "past")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Query:
    """`only` are filters by axis; `at` an earlier instant; `is_whole` asks for every panel at once.

    `seen` is the instant of the page that a panel is for: it is no part of any address that a reader is shown.
    """

    path: str
    period: Period
    by: Axis | None = None
    grain: Grain | None = None
    measure: Measure = Measure.SHARE
    only: Mapping[Axis, str] = field(default_factory=dict)
    at: datetime | None = None
    is_whole: bool = False
    seen: datetime | None = None

    def href(self, fragment: str = "", **changes: str | None) -> str:
        """This page's address with some of the answers changed; None leaves one out."""
        said = {**self.said(), **changes}
        kept = {key: value for key, value in said.items() if value}
        return f"{self.path}?{urlencode(kept)}" + (f"#{fragment}" if fragment else "")

    @property
    def same(self) -> str:
        """What pages about the same numbers are asked: the period, the filters and the instant."""
        kept = ("period", "at", *(axis.value for axis in self.only))
        return f"?{urlencode({key: value for key, value in self.said().items() if key in kept and value})}"

    def without(self, axis: Axis) -> str:
        """The same page with one filter less."""
        return replace(self, only={key: value for key, value in self.only.items() if key is not axis}).href()

    def said(self) -> dict[str, str | None]:
        return {
            "period": self.period.label,
            "by": self.by.value if self.by else None,
            "grain": self.grain.value if self.grain else None,
            "measure": None if self.measure is Measure.SHARE else self.measure.value,
            **{axis.value: value for axis, value in self.only.items()},
            "at": instant_text(self.at) if self.at else None,
            "all": "1" if self.is_whole else None,
        }


def read_query(said: Mapping[str, str], *, path: str, today: date, week_starts_on: WeekStart = "monday") -> Query:
    """The question in an address; this month where it names no period.

    Takes    said  `period`, or `on` and `unit`: the period of that length which holds a day
    Raises   UserError when something in it cannot be read
    """
    return Query(
        path=path,
        period=_period(said, today, week_starts_on),
        by=_choice(said, "by", tuple(Axis)),
        grain=_choice(said, "grain", GRAINS),
        measure=_choice(said, "measure", MEASURES) or Measure.SHARE,
        only={axis: said[axis.value] for axis in FILTERS if said.get(axis.value)},
        at=_instant(said.get("at", "")),
        is_whole=said.get("all") == "1",
        seen=_instant(said.get("seen", "")),
    )


def _period(said: Mapping[str, str], today: date, week_starts_on: WeekStart) -> Period:
    if said.get("period"):
        return read_period(said["period"])
    unit = _choice(said, "unit", tuple(Grain)) or Grain.MONTH
    on = said.get("on", "")
    return period_of(unit, read_period(on).from_on if on else today, week_starts_on=week_starts_on)


def _choice(said: Mapping[str, str], name: str, known: tuple[Choice, ...]) -> Choice | None:
    value = said.get(name, "")
    found = next((choice for choice in known if choice.value == value), None)
    if value and found is None:
        raise UserError(
            N_('"{value}" is not possible here.'),
            where=name,
            hint=N_("Choose one of {names}."),
            value=value,
            names=", ".join(choice.value for choice in known),
        )
    return found


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    at = read_instant(text)
    if at is None:
        raise UserError(
            N_('"{text}" is not an instant.'), where="at", hint=N_("Write 2026-10-21T15:30:00Z."), text=text
        )
    return at


def instant_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
