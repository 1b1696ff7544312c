"""The list of leads as its page shows it: filters, what is applied, columns, rows and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from smarketing.terms.agreement import Agreement
from smarketing.terms.code_names import CHANNELS, REASONS, STAGES, said
from smarketing.terms.commitment import Commitment
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.lead_matches import NONE
from smarketing.workflows.list_leads import LeadClock, LeadList, LeadRow

# key, heading, order it can be put in; those of `USUAL` are shown until somebody chooses
TOUCHED = N_("Touch")  # a column where each row is one
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
MOMENTS = ("day", "weekday", "hour", "from", "until")
UNSHOWN = (*MOMENTS, "rep", "band", "touches", "reached", "became", "clock", "touched", "at", "sort", "columns")
BANDS = {
    "under_5_min": N_("Answered within 5 min"),
    "5_to_15_min": N_("Answered in 5 to 15 min"),
    "15_to_60_min": N_("Answered in 15 to 60 min"),
    "over_60_min": N_("Answered after 1 hour"),
    "never": N_("Never answered"),
    "waiting": N_("Still waiting"),
    "answered": N_("Answered"),
}
CLOCKS = {
    "lead": N_("Clock of the lead: handover to first touch"),
    "system": N_("Clock of the system: handover to assignment"),
    "rep": N_("Clock of the rep: assignment to first touch"),
}
BECAME = {
    "lead": N_("Made in these days"),
    "handover": N_("Handed over in these days"),
    "touched": N_("First touched in these days"),
    "connected": N_("First reached in these days"),
    "mql": N_("Became MQL in these days"),
    "sal": N_("Became SAL in these days"),
    "sql": N_("Became SQL in these days"),
    "opportunity": N_("Became an opportunity in these days"),
    "customer": N_("Became a customer in these days"),
    "disqualified": N_("Disqualified in these days"),
    "recycled": N_("Recycled in these days"),
    "deal_opened": N_("Deals opened in these days"),
    "deal_won": N_("Deals won in these days"),
}
SIGNS = {
    "met": "check",
    "breached": "x-mark",
    "running": "clock",
    "at_risk": "exclamation-triangle",
    "void": "minus",
}
TONES = {"met": "good", "breached": "bad", "running": "open", "void": "muted"}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filter in force, and the address without it."""

    text: str
    href: str


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
class Row:
    href: str
    name: str
    src: str
    cells: dict[str, str]
    marks: tuple[Mark, ...]
    created_at: datetime
    due_at: datetime | None
    is_late: bool
    contest_href: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    text: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    href: str
    is_here: bool
    count: str | None = None
    view_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeadsPage:
    title: str
    agreements: tuple[Choice, ...]
    commitments: tuple[Choice, ...]
    verdicts: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    tiers: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    period: str
    q: str
    kept: tuple[tuple[str, str], ...]  # filters that have no field of their own
    chosen: tuple[Chosen, ...]
    tabs: tuple[Tab, ...]
    columns: tuple[Choice, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    pager: Pager
    query: str
    problem: str
    has_facts: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The query as it stands in the address, and links that change a part of it."""

    path: str
    query: Mapping[str, str]

    def href(self, **changes: str | None) -> str:
        """The address with parts changed; None takes one away. The page begins anew."""
        parts = {**self.query, "page": "", **{name.rstrip("_"): value or "" for name, value in changes.items()}}
        kept = {name: value for name, value in parts.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def leads_page(
    asked: Asked,
    wanted: LeadFilter,
    found: LeadList | None,
    *,
    versions: tuple[Agreement, ...],
    slug: str,
    agreements: tuple[tuple[str, str], ...],
    views: Iterable[tuple[int, str, str]],
    href_of: Callable[[str, str], str],
    now: datetime,
    zone: str,
    words: Words,
    problem: str = "",
    contest_href: str = "",
) -> LeadsPage:
    """The page of a list; without one (`found` None) there are no facts, or the address could not be read.

    Takes    views      kept views: id, name, query string
             href_of  the address of a lead by its source and id
             contest_href  where this reader contests what was judged or counted; empty where they may not
    """
    promises = {c.id: c for version in versions for c in version.commitments}
    columns = shown_columns(asked.query.get("columns", ""))
    judging, now = versions[-1].zone if versions else zone, wanted.moment(now)
    query = urlencode({name: value for name, value in asked.query.items() if value and name != "page"})

    def from_list(src: str, lead_id: str) -> str:
        """The lead's page knows which list it was opened from, and so the lead before and after it."""
        return f"{href_of(src, lead_id)}?{query or 'sort=-created'}"

    return LeadsPage(
        title=_title(found, words),
        agreements=_choices(agreements, slug) if len(agreements) > 1 else (),
        commitments=_choices([(c.id, c.title or c.id) for c in promises.values()], wanted.commitment),
        verdicts=_choices([(name, words(text)) for name, text in VERDICTS.items()], wanted.verdict),
        teams=_of(found, "team", wanted.team),
        tiers=_of(found, "tier", wanted.tier),
        sources=_of(found, "source", wanted.source, CHANNELS, words),
        stages=_of(found, "stage", wanted.stage, STAGES, words),
        period=asked.query.get("period", ""),
        q=wanted.q,
        kept=tuple(
            (name, asked.query[name])
            for name in (
                *MOMENTS,
                "rep",
                "band",
                "touches",
                "reached",
                "became",
                "clock",
                "touched",
                "at",
                "sort",
                "columns",
            )
            if asked.query.get(name)
        ),
        chosen=_chosen(asked, wanted, promises, judging, words),
        tabs=_tabs(asked, views, words),
        columns=tuple(Choice(key, words(title), key in columns) for key, title, _ in COLUMNS),
        headings=_headings(asked, wanted, columns, words),
        rows=tuple(
            replace(
                _row(row, wanted, promises, from_list, now, zone, judging, words),
                contest_href=_contest(row, wanted, contest_href),
            )
            for row in found.rows
        )
        if found
        else (),
        pager=_pager(asked, found, wanted, words),
        query=query,
        problem=problem,
        has_facts=found is not None,
    )


def _title(found: LeadList | None, words: Words) -> str:
    """How many rows there are; a lead may stand in several, once for each time that a promise looked at it."""
    if found is None:
        return words("Leads")
    leads = words.plural("{n} lead", "{n} leads", found.n_leads)
    return (
        leads if found.n == found.n_leads else words("{rows} rows of {leads}", rows=words.number(found.n), leads=leads)
    )


def shown_columns(said_columns: str) -> tuple[str, ...]:
    """The columns of the address in their usual order; the usual ones where it names none that exists."""
    names = set(said_columns.split(","))
    return tuple(key for key, _, _ in COLUMNS if key in names) or USUAL


def _choices(values: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in values)


def _of(
    found: LeadList | None, name: str, chosen: str, labels: Mapping[str, str] | None = None, words: Words | None = None
) -> tuple[Choice, ...]:
    values = found.choices.get(name, ()) if found else ()
    return tuple(
        Choice(value, said(value, labels, words) if labels and words else value, value == chosen) for value in values
    )


def _chosen(
    asked: Asked, wanted: LeadFilter, promises: Mapping[str, Commitment], zone: str, words: Words
) -> tuple[Chosen, ...]:
    """Every filter in force as a sentence of its own, to be taken away; `zone` is whose hours are asked for."""
    promise = promises.get(wanted.commitment)
    parts = {
        "commitment": words("Promise: {name}", name=promise.title or promise.id) if promise else "",
        "verdict": words(VERDICTS[wanted.verdict]) if wanted.verdict else "",
        "period": words("Period: {period}", period=wanted.period.label) if wanted.period else "",
        "rep": words("Owner: {name}", name=wanted.rep) if wanted.rep else "",
        "team": words("Team: {name}", name=wanted.team) if wanted.team else "",
        "tier": words("Tier: {name}", name=wanted.tier) if wanted.tier else "",
        "source": words("Source: {name}", name=said(wanted.source, CHANNELS, words)) if wanted.source else "",
        "stage": words("Stage: {name}", name=said(wanted.stage, STAGES, words)) if wanted.stage else "",
        "reason": words("Reason: {name}", name=_named(wanted.reason, REASONS, words)) if wanted.reason else "",
        "campaign": words("Campaign: {name}", name=_named(wanted.campaign, {}, words)) if wanted.campaign else "",
        "band": words(BANDS[wanted.band]) if wanted.band else "",
        "touches": _attempts(wanted, words),
        "reached": words("Came to the stage {name}", name=said(wanted.reached, STAGES, words))
        if wanted.reached
        else "",
        "became": words(BECAME[wanted.became]) if wanted.became else "",
        "day": words.day(wanted.day) if wanted.day else "",
        "weekday": _weekday(wanted.weekday, words),
        "hour": words("from {n}:00 to {n}:59, {zone}", n=wanted.hour, zone=zone) if wanted.hour is not None else "",
        "touched": words("Each touch, on the clock of {zone}", zone=zone) if wanted.touched else "",
        "clock": words(CLOCKS[wanted.clock]) if wanted.clock and promise else "",
        "at": words("As of {instant}", instant=words.instant(wanted.at, zone)) if wanted.at else "",
        "from": words("from {day}", day=words.day(wanted.from_on)) if wanted.from_on else "",
        "until": words("until {day}", day=words.day(wanted.until_on)) if wanted.until_on else "",
        "q": f"“{wanted.q}”" if wanted.q else "",
    }
    return tuple(Chosen(text, asked.href(**{f"{name}_": None})) for name, text in parts.items() if text)


def _named(value: str, names: Mapping[str, str], words: Words) -> str:
    return words("none") if value == NONE else said(value, names, words)


def _attempts(wanted: LeadFilter, words: Words) -> str:
    if wanted.touches is None:
        return ""
    if wanted.or_more:
        return words("Never reached, {n} attempts or more", n=words.number(wanted.touches))
    return words.plural("Never reached, {n} attempt", "Never reached, {n} attempts", wanted.touches)


def _weekday(weekday: int | None, words: Words) -> str:
    from babel import Locale

    if weekday is None:
        return ""
    return str(Locale.parse(words.language).days["stand-alone"]["wide"][weekday])


def _tabs(asked: Asked, views: Iterable[tuple[int, str, str]], words: Words) -> tuple[Tab, ...]:
    here = urlencode({name: value for name, value in asked.query.items() if value and name != "page"})
    own = [
        ("", words("All")),
        ("verdict=at_risk&sort=due", words("At risk")),
        ("verdict=breached&sort=-due", words("Breached")),
    ]
    tabs = [Tab(name, f"{asked.path}?{query}" if query else asked.path, query == here) for query, name in own]
    kept = [Tab(name, f"{asked.path}?{query}", query == here, view_id=key) for key, name, query in views]
    return (*tabs, *kept)


def _headings(asked: Asked, wanted: LeadFilter, columns: tuple[str, ...], words: Words) -> tuple[Heading, ...]:
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


def _sorted(order: str, asked: Asked, key: str, is_down: bool) -> tuple[str, str]:
    """The address that sorts by this column, the other way round where it is sorted by already; how it is now."""
    if not order:
        return "", ""
    if order != key:
        return asked.href(sort=order), ""
    return asked.href(sort=order if is_down else f"-{order}"), "descending" if is_down else "ascending"


def _contest(row: LeadRow, wanted: LeadFilter, href: str) -> str:
    """Where the clock or the count that a row is about can be contested; empty where it is about none."""
    if not href or not wanted.commitment or wanted.clock or (row.counted_at is None and row.episode is None):
        return ""
    clock = next((c for c in row.clocks if (c.commitment, c.episode) == (wanted.commitment, row.episode)), None)
    if clock is not None and clock.verdict == "void":
        return ""
    key = {"commitment": wanted.commitment, "src": row.src, "lead": row.lead_id, "episode": row.episode or 0}
    return f"{href}&{urlencode(key)}"


def _row(
    row: LeadRow,
    wanted: LeadFilter,
    promises: Mapping[str, Commitment],
    href_of: Callable[[str, str], str],
    now: datetime,
    zone: str,
    judging: str,
    words: Words,
) -> Row:
    clock = _clock_of(row, wanted)
    return Row(
        href=href_of(row.src, row.lead_id),
        name=row.lead_id,
        src=row.src,
        cells={
            "source": said(row.source, CHANNELS, words),
            "campaign": row.campaign,
            "stage": said(row.stage, STAGES, words),
            "status": row.status,
            "tier": row.tier,
            "owner": row.owner,
            "team": row.team,
            "elapsed": words.duration(clock.elapsed_s) if clock and clock.elapsed_s is not None else "",
            "touched": words.instant(row.counted_at, judging) if row.counted_at else "",
            "created": words.instant(row.created_at, zone),
            "due": words.instant(clock.due_at, zone) if clock and clock.due_at else "",
        },
        marks=tuple(_mark(each, promises, words) for each in row.clocks),
        created_at=row.created_at,
        due_at=clock.due_at if clock else None,
        is_late=bool(clock and clock.due_at and clock.due_at < now and clock.verdict == "breached"),
    )


def _clock_of(row: LeadRow, wanted: LeadFilter) -> LeadClock | None:
    """The clock that the list is about: of the asked promise, else the one that is due next, else the latest due."""
    asked = [each for each in row.clocks if wanted.commitment in ("", each.commitment)]
    own = [each for each in asked if each.due_at and row.episode in (None, each.episode)]
    running = [each for each in own if each.verdict == "running"]
    ordered = sorted(running or own, key=lambda each: each.due_at or row.created_at)
    return (ordered[0] if running else ordered[-1]) if ordered else None


def _mark(clock: LeadClock, promises: Mapping[str, Commitment], words: Words) -> Mark:
    promise = promises.get(clock.commitment)
    title = (promise.title or promise.id) if promise else clock.commitment
    standing = "at_risk" if clock.is_at_risk else clock.verdict
    return Mark(title, words(VERDICTS[standing]), "bad" if clock.is_at_risk else TONES[clock.verdict], SIGNS[standing])


def _pager(asked: Asked, found: LeadList | None, wanted: LeadFilter, words: Words) -> Pager:
    if found is None or not found.n:
        return Pager("", "", "")
    first = (found.page - 1) * wanted.size + 1
    text = words(
        "{first} to {last} of {n}",
        first=words.number(first),
        last=words.number(min(found.page * wanted.size, found.n)),
        n=words.number(found.n),
    )
    return Pager(text, _page(asked, found, found.page - 1), _page(asked, found, found.page + 1))


def _page(asked: Asked, found: LeadList, page: int) -> str:
    return asked.href(page=str(page) if page > 1 else "") if 1 <= page <= found.n_pages else ""
