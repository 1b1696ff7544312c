"""The table of leads: its columns, their headings, and a row for each lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from smarketing.terms.code_names import CHANNELS, STAGES, said
from smarketing.terms.commitment import Commitment
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.leads_filters import Asked
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.contested import LEADS
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.list_leads import LeadClock, LeadRow

TOUCHED = N_("Touch")  # a column where each row is one
# key, heading, order it can be put in; those of `USUAL` are shown until somebody chooses
COLUMNS = (
    ("created", N_("Made"), "created"),
    ("source", N_("Source"), "source"),
    ("campaign", N_("Campaign"), ""),
    ("stage", N_("Stage"), "stage"),
    ("status", N_("Status in the CRM"), ""),
    ("tier", N_("Tier"), ""),
    ("owner", N_("Owner"), "owner"),
    ("team", N_("Team"), ""),
    ("promises", N_("Promises"), ""),
    ("due", N_("Due"), "due"),
    ("elapsed", N_("Open time used"), "elapsed"),
)
USUAL = ("created", "source", "stage", "tier", "owner", "promises", "due")
SIGNS = {
    "met": "check",
    "breached": "x-mark",
    "running": "clock",
    "at_risk": "exclamation-triangle",
    "void": "minus",
}
TONES = {"met": "good", "breached": "bad", "running": "open", "void": "muted"}


@dataclass(frozen=True, slots=True)
class Heading:
    key: str
    title: str
    href: str  # empty where the column cannot be sorted by
    order: str  # ascending, descending, or nothing


@dataclass(frozen=True, slots=True)
class Mark:
    """How a lead stands under one promise."""

    title: str
    word: str
    tone: str
    sign: str


@dataclass(frozen=True, slots=True)
class Contesting:
    """Where a reader contests, and for which party; `waived` are (commitment, source, lead) that are waived already."""

    href: str
    party: str
    waived: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    href: str
    name: str
    src: str
    cells: dict[str, str]
    marks: tuple[Mark, ...]
    created_at: datetime
    due_at: datetime | None
    is_late: bool
    contest_href: str


def shown_columns(said_columns: str) -> tuple[str, ...]:
    """The columns of the address in their usual order; the usual ones where it names none that exists."""
    names = set(said_columns.split(","))
    return tuple(key for key, _, _ in COLUMNS if key in names) or USUAL


def _sorted(order: str, asked: Asked, key: str, is_down: bool) -> tuple[str, str]:
    """The address that sorts by this column, the other way round where it is sorted by already; how it is now."""
    if not order:
        return "", ""
    if order != key:
        return asked.href(sort=order), ""
    return asked.href(sort=order if is_down else f"-{order}"), "descending" if is_down else "ascending"


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of one list are told; `judging` is the zone that its promises are judged in.

    `contesting` is how this reader contests what was judged or counted; None where they may not.
    """

    wanted: LeadFilter
    promises: Mapping[str, Commitment]
    href_of: Callable[[str, str], str]
    contesting: Contesting | None
    now: datetime
    zone: str
    judging: str
    words: Words

    def headings(self, asked: Asked, columns: tuple[str, ...]) -> tuple[Heading, ...]:
        wanted, words = self.wanted, self.words
        key, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
        headings = [Heading("lead", words("Lead"), *_sorted("lead", asked, key, is_down))]
        if wanted.touched:
            headings.append(Heading("touched", words(TOUCHED), "", ""))
        elif wanted.became:
            headings.append(Heading("touched", words("When"), "", ""))
        for name, title, order in COLUMNS:
            if name in columns:
                headings.append(Heading(name, words(title), *_sorted(order, asked, key, is_down)))
        return tuple(headings)

    def row(self, row: LeadRow) -> Row:
        clock = _clock_of(row, self.wanted)
        return Row(
            href=self.href_of(row.src, row.lead_id),
            name=row.lead_id,
            src=row.src,
            cells=self._cells(row, clock),
            marks=tuple(self._mark(each) for each in row.clocks),
            created_at=row.created_at,
            due_at=clock.due_at if clock else None,
            is_late=bool(clock and clock.due_at and clock.due_at < self.now and clock.verdict == "breached"),
            contest_href=_contest(row, self.wanted, self.contesting, self.promises),
        )

    def _cells(self, row: LeadRow, clock: LeadClock | None) -> dict[str, str]:
        words, zone = self.words, self.zone
        return {
            "source": said(row.source, CHANNELS, words),
            "campaign": row.campaign,
            "stage": said(row.stage, STAGES, words),
            "status": row.status,
            "tier": row.tier,
            "owner": row.owner,
            "team": row.team,
            "elapsed": words.duration(clock.elapsed_s) if clock and clock.elapsed_s is not None else "",
            "touched": words.instant(row.counted_at, self.judging) if row.counted_at else "",
            "created": words.instant(row.created_at, zone),
            "due": words.instant(clock.due_at, zone) if clock and clock.due_at else "",
        }

    def _mark(self, clock: LeadClock) -> Mark:
        promise = self.promises.get(clock.commitment)
        title = (promise.title or promise.id) if promise else clock.commitment
        standing = "at_risk" if clock.is_at_risk else clock.verdict
        tone = "bad" if clock.is_at_risk else TONES[clock.verdict]
        return Mark(title, self.words(VERDICTS[standing]), tone, SIGNS[standing])


def _contest(
    row: LeadRow, wanted: LeadFilter, contesting: Contesting | None, promises: Mapping[str, Commitment]
) -> str:
    """Where the clock or the count that a row is about can be contested; empty where it is about none."""
    is_about_one = row.counted_at is not None or row.episode is not None
    if contesting is None or not wanted.commitment or wanted.clock or not is_about_one:
        return ""
    clock = next((c for c in row.clocks if (c.commitment, c.episode) == (wanted.commitment, row.episode)), None)
    if clock is not None and clock.verdict == "void":
        return ""
    key = {"commitment": wanted.commitment, "src": row.src, "lead": row.lead_id}
    if row.episode is not None:
        return f"{contesting.href}&{urlencode(key | {'episode': row.episode})}"
    promise, is_left_out = promises.get(wanted.commitment), wanted.verdict == "void"
    is_theirs = promise is not None and promise.kind in LEADS and promise.party == contesting.party
    if (is_left_out and not is_theirs) or (wanted.commitment, row.src, row.lead_id) in contesting.waived:
        return ""
    return f"{contesting.href}&{urlencode(key | ({'left_out': 1} if is_left_out else {}))}"


def _clock_of(row: LeadRow, wanted: LeadFilter) -> LeadClock | None:
    """The clock that the list is about: of the asked promise, else the one that is due next, else the latest due."""
    asked = [each for each in row.clocks if wanted.commitment in ("", each.commitment)]
    own = [each for each in asked if each.due_at and row.episode in (None, each.episode)]
    running = [each for each in own if each.verdict == "running"]
    ordered = sorted(running or own, key=lambda each: each.due_at or row.created_at)
    return (ordered[0] if running else ordered[-1]) if ordered else None
