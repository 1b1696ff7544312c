"""The list of leads as its page shows it: what may be asked for, what is, the table and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from smarketing.terms.agreement import Agreement
from smarketing.terms.code_names import CHANNELS, STAGES, said
from smarketing.terms.language import Words
from smarketing.web.pages.leads_filters import Asked, Chosen, in_force
from smarketing.web.pages.leads_table import COLUMNS, Contesting, Heading, Row, Table, shown_columns
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.list_leads import LeadList

UNSHOWN = (  # filters that have no field of their own
    *("day", "weekday", "hour", "from", "until", "rep", "band", "touches"),
    *("reached", "became", "clock", "touched", "at", "sort", "columns"),
    *("given_back", "reason", "campaign"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


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
    kept: tuple[tuple[str, str], ...]  # UNSHOWN that are asked for
    chosen: tuple[Chosen, ...]
    tabs: tuple[Tab, ...]
    columns: tuple[Choice, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    pager: Pager
    query: str
    problem: str
    has_facts: bool


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
    contesting: Contesting | None = None,
) -> LeadsPage:
    """The page of a list; without one (`found` None) there are no facts, or the address could not be read.

    Takes    views      kept views: id, name, query string
             href_of  the address of a lead by its source and id
             contesting  how this reader contests what was judged or counted; None where they may not
    """
    promises = {c.id: c for version in versions for c in version.commitments}
    columns = shown_columns(asked.query.get("columns", ""))
    judging, now = versions[-1].zone if versions else zone, wanted.moment(now)
    query = asked.without_page()

    def from_list(src: str, lead_id: str) -> str:
        """The lead's page knows which list it was opened from, and so the lead before and after it."""
        return f"{href_of(src, lead_id)}?{query or 'sort=-created'}"

    table = Table(wanted, promises, from_list, contesting, now, zone, judging, words)
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
        kept=tuple((name, asked.query[name]) for name in UNSHOWN if asked.query.get(name)),
        chosen=in_force(asked, wanted, promises, judging, words),
        tabs=_tabs(asked, views, words),
        columns=tuple(Choice(key, words(title), key in columns) for key, title, _ in COLUMNS),
        headings=table.headings(asked, columns),
        rows=tuple(table.row(row) for row in found.rows) if found else (),
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


def _choices(values: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in values)


def _of(
    found: LeadList | None, name: str, chosen: str, labels: Mapping[str, str] | None = None, words: Words | None = None
) -> tuple[Choice, ...]:
    values = found.choices.get(name, ()) if found else ()
    return tuple(
        Choice(value, said(value, labels, words) if labels and words else value, value == chosen) for value in values
    )


def _tabs(asked: Asked, views: Iterable[tuple[int, str, str]], words: Words) -> tuple[Tab, ...]:
    here = asked.without_page()
    own = [
        ("", words("All")),
        ("verdict=at_risk&sort=due", words("At risk")),
        ("verdict=breached&sort=-due", words("Breached")),
    ]
    tabs = [Tab(name, f"{asked.path}?{query}" if query else asked.path, query == here) for query, name in own]
    kept = [Tab(name, f"{asked.path}?{query}", query == here, view_id=key) for key, name, query in views]
    return (*tabs, *kept)


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
