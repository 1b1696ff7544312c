"""What a message speaks of, and how each kind asks for it; a value that nobody knows is a dash and never an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smarketing.alerts.wording.awaited import Awaited, awaited
from smarketing.charts.chart import Chart
from smarketing.terms.language import Words


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one notice beside the words and the zone of whoever reads it.

    `lead` is empty where the reader may not know which lead it is, or it is about none.
    """

    words: Words
    zone: str
    now: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    agreement: str = ""
    commitment: str = ""
    target: str = ""
    lead: str = ""
    due_at: datetime | None = None
    is_own: bool = False  # the reader has the lead
    n_parts: int = 0

    def number(self, name: str, digits: int = 0) -> str:
        return self.words.number(_number(self.payload.get(name)), digits)

    def percent(self, name: str, digits: int = 0) -> str:
        return self.words.percent(_number(self.payload.get(name)), digits)

    def text(self, *names: str) -> str:
        """The first of these that says something."""
        return next((str(self.payload[name]) for name in names if self.payload.get(name)), "")

    def at(self, name: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(self.payload.get(name) or ""))
        except ValueError:
            return None
        return found if found.tzinfo else None

    def clock(self, at: datetime | None) -> str:
        """Weekday, day and time where the reader is."""
        return self.words.instant(at, self.zone) if at else "–"

    def left_s(self) -> float:
        return max(0.0, (self.due_at - self.now).total_seconds()) if self.due_at else 0.0

    @property
    def lead_words(self) -> str:
        return self.words("Lead {lead}", lead=self.lead) if self.lead else self.words("A lead")

    @property
    def awaited(self) -> Awaited:
        return awaited(self.payload)

    @property
    def thing_words(self) -> str:
        """What is owed without a lead; of several in a period which one."""
        if (_number(self.payload.get("pieces")) or 1) <= 1:
            return self.commitment
        said = {"promise": self.commitment, "n": self.number("piece"), "all": self.number("pieces")}
        return self.words("{promise} ({n} of {all})", **said)


@dataclass(frozen=True, slots=True)
class Section:
    """Something within a message that has a title of its own; `path` is where it leads on the site."""

    title: str
    lines: tuple[str, ...] = ()
    path: str = ""
    path_text: str = ""


@dataclass(frozen=True, slots=True)
class Worded:
    """`path` is the page that says the same, where it is not the one of the message."""

    subject: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    tone: str = ""
    sections: tuple[Section, ...] = ()
    chart: Chart | None = None
    path: str = ""
    path_text: str = ""


def lead_facts(told: Told) -> tuple[tuple[str, str], ...]:
    """What stands beside every message about a clock; only what is known."""
    words = told.words
    found = (
        (words("Promise"), told.commitment),
        (words("Asked for"), told.target),
        (words("Due"), told.clock(told.due_at) if told.due_at else ""),
        (_start_name(told), told.clock(told.at("start_at")) if told.at("start_at") else ""),
        (words("Owner"), told.text("owner_name") if told.lead else ""),
        (words("Team"), told.text("team")),
        (words("Source"), told.text("source")),
        (words("Tier"), told.text("tier")),
        (words("Touches"), _touches(told)),
        (words("Stands in for"), told.text("instead_of")),
        (words("Agreement"), told.agreement),
    )
    return tuple((name, value) for name, value in found if value)


def _start_name(told: Told) -> str:
    """An opportunity waits since it was opened or touched, not since its lead was handed over."""
    return told.words("Waiting since") if told.awaited is Awaited.NEXT_TOUCH else told.words("Handed over")


def _touches(told: Told) -> str:
    if not _number(told.payload.get("need")):
        return ""
    return told.words("{done} of {need}", done=told.number("count"), need=told.number("need"))


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
