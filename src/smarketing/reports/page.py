"""The scorecard as one page of its own: no scripts, no requests, light and dark, screen and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from smarketing.charts._theme import style_sheet
from smarketing.reports.figures import Figure, answer_bands, attempts, classics, journey, past, weeks
from smarketing.reports.groups import Grid, Row, Shortfall, clock_rows, cohort_grid, grids, shortfalls
from smarketing.reports.promises import Team, judged_of, teams
from smarketing.reports.spoken import FILTERS, day_words, group_name, instant_words, span_title
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.only import NOBODY
from smarketing.terms.language import Words

STYLES = ("tokens.css", "base.css", "parts.css", "figures.css", "print.css")


@dataclass(frozen=True, slots=True)
class Column:
    """One team's charts, beside the other team's."""

    name: str
    role: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """One announced step, and the promises whose misses brought it on."""

    text: str
    responsible: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template shows, in the reader's words."""

    language: str
    title: str
    agreement: str
    summary: str
    version: str
    standing: str
    is_over: bool
    share_passed: float
    as_of: str
    teams: tuple[Team, ...]
    columns: tuple[Column, ...]
    consequences: tuple[Consequence, ...]
    shortfalls: tuple[Shortfall, ...]
    has_reps: bool
    grids: tuple[Grid, ...]
    clocks: tuple[Row, ...]
    attempts: tuple[Figure, ...]
    journey: Figure
    cohorts: tuple[Grid, ...]
    weeks: tuple[Figure, Figure]
    past: tuple[Figure, ...]
    provenance: tuple[tuple[str, str], ...]
    is_empty: bool


def render_page(card: Scorecard, *, words: Words) -> str:
    """The page of a scorecard as HTML text; `words` is the reader's language."""
    template = environment().get_template("scorecard.html")
    return template.render(page=page_of(card, words), words=words, css=Markup(style()))


@cache
def environment() -> Environment:
    return Environment(
        loader=PackageLoader("smarketing.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> str:
    """The style sheets in their order, and the rules that recolour charts."""
    folder = files("smarketing.reports") / "css"
    sheets = [(folder / name).read_text(encoding="utf-8") for name in STYLES]
    return "@layer tokens, base, parts, figures, paper;\n" + "\n".join(sheets) + style_sheet()


def page_of(card: Scorecard, words: Words) -> Page:
    found = teams(card, words)
    roles = dict.fromkeys(team.role for team in found)
    names = {role: " · ".join(team.name for team in found if team.role == role) for role in roles}
    return Page(
        language=words.language,
        title=span_title(card.period, words),
        columns=tuple(Column(names[role], role, classics(card, role, words)) for role in roles),
        teams=found,
        consequences=consequences(card, words),
        shortfalls=shortfalls(card, words),
        has_reps=any("rep" in line.groups for line in card.lines),
        grids=grids(card, words),
        clocks=clock_rows(card, words),
        attempts=(*answer_bands(card, words), *attempts(card, words)),
        journey=journey(card, words),
        cohorts=_cohorts(card, words),
        weeks=weeks(card, words),
        past=past(card, words),
        is_empty=card.provenance.n_leads == 0,
        **_head(card, words),
    )


def _head(card: Scorecard, words: Words) -> dict[str, Any]:
    agreement, period = card.agreement, card.period
    facts = {"n": words.number(period.n_days_passed), "m": words.number(period.n_days)}
    since = words("version {n}, in force since {day}", n=agreement.version, day=day_words(agreement.from_on, words))
    over = words("Closed: all {m} days have passed", **facts)
    return {
        "agreement": agreement.title,
        "summary": " ".join(filter(None, (summary(card, words), narrowed(card, words)))),
        "version": since,
        "standing": over if period.is_over else words("Day {n} of {m}", **facts),
        "is_over": period.is_over,
        "share_passed": period.n_days_passed / period.n_days if period.n_days else 1.0,
        "as_of": instant_words(card.now, agreement.zone, words),
        "provenance": provenance(card, words),
    }


def summary(card: Scorecard, words: Words) -> str:
    lines = judged_of(card.lines, card)
    good = [line for line in lines if line.word.value in ("on_track", "met")]
    bad = [line for line in lines if line.word.value in ("behind", "missed")]
    facts = {"good": words.number(len(good)), "bad": words.number(len(bad))}
    if not good and not bad:
        return words("Nothing can be judged yet.")
    if card.period.is_over:
        return words("{good} promises were kept, {bad} were missed.", **facts)
    return words("{good} promises are kept or on track, {bad} are behind or missed.", **facts)


def narrowed(card: Scorecard, words: Words) -> str:
    """The leads that a narrowed card is about; nothing for those of all of them."""
    if not card.only:
        return ""
    names = {(axis, g.id): g.name for line in card.lines for axis, found in line.groups.items() for g in found}
    asked = ((axis, "" if name == NOBODY else name) for axis, name in card.only.items())
    named = ((axis, group_name(axis, key, names.get((axis, key), key), words)) for axis, key in asked)
    what = ", ".join(f"{words(FILTERS[axis])}: {name}" for axis, name in named)
    return words("Only {what}; numbers promised for all leads stand beside the whole promise.", what=what)


def consequences(card: Scorecard, words: Words) -> tuple[Consequence, ...]:
    titles = {line.id: line.title or line.id for line in card.lines}
    causes: dict[tuple[str, str], list[str]] = {}
    for step in card.steps:
        name = titles.get(step.commitment, step.commitment)
        times = words.plural("missed the latest period", "missed {n} periods in a row", step.n_strikes)
        causes.setdefault((step.text, step.responsible), []).append(f"{name}: {times}" if name else times)
    return tuple(Consequence(text, who, tuple(names)) for (text, who), names in causes.items())


def _cohorts(card: Scorecard, words: Words) -> tuple[Grid, ...]:
    tables = [(Axis.SOURCE, words("Leads by source"), card.sources), (Axis.TIER, words("Leads by tier"), card.tiers)]
    return tuple(cohort_grid(axis, title, cohorts, card, words) for axis, title, cohorts in tables if cohorts)


def provenance(card: Scorecard, words: Words) -> tuple[tuple[str, str], ...]:
    origin, agreement = card.provenance, card.agreement
    first = day_words(card.period.from_on, words)
    latest = day_words(card.period.until_on - timedelta(days=1), words)
    return (
        (words("As of"), instant_words(origin.now, agreement.zone, words)),
        (words("Period"), f"{first} – {latest} ({agreement.zone})"),
        (words("Agreement"), f"{agreement.id}, {words('version {n}', n=agreement.version)}"),
        (words("Fingerprint"), agreement.fingerprint),
        *(((words("Versions that judged"), "\n".join(origin.fingerprints)),) if len(origin.fingerprints) > 1 else ()),
        (
            words("Facts"),
            words("state {n}, {leads} leads", n=origin.facts_sequence, leads=words.number(origin.n_leads)),
        ),
        (words("Time zone data"), origin.tzdb),
        (words("Made by"), origin.program),
    )
