"""The scorecard page: both teams' promises first, then panels that are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from smarketing.reports.page import Consequence, consequences, provenance, summary
from smarketing.reports.spoken import AXES
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain
from smarketing.terms.target import Measure
from smarketing.web.pages.scorecard_board import Side, sides
from smarketing.web.pages.scorecard_charts import (
    ROLES,
    Drawn,
    Studio,
    journey,
    more_of_line,
    of_line,
    past,
    role_of,
)
from smarketing.web.pages.scorecard_filters import Filters, Narrowed, filters_of, narrowed_of
from smarketing.web.pages.scorecard_head import Head, Way
from smarketing.web.pages.scorecard_query import MEASURES, PANELS, Query, instant_text
from smarketing.web.pages.scorecard_tables import (
    Heat,
    LinkedGrid,
    LinkedRow,
    Person,
    axes_of,
    clocks,
    cohorts,
    heats,
    linked_grid,
    people,
)

GRAIN_WORDS = {Grain.DAY: N_("Day"), Grain.WEEK: N_("Week"), Grain.MONTH: N_("Month")}
MEASURE_WORDS = {
    Measure.SHARE: N_("Share in time"),
    Measure.MEDIAN: N_("Median"),
    Measure.MEAN: N_("Mean"),
}
PANEL_WORDS = {
    "charts": N_("Both teams, the same page"),
    "people": N_("Who and where"),
    "time": N_("Where the time goes"),
    "journey": N_("The journey of this period's leads"),
    "past": N_("Period after period"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One team's charts, beside the other team's."""

    name: str
    role: str
    figures: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class ChartsPanel:
    columns: tuple[Column, ...]
    grains: tuple[Way, ...]
    measures: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class PeoplePanel:
    people: tuple[Person, ...]
    has_reps: bool
    axes: tuple[Way, ...]
    grid: LinkedGrid | None


@dataclass(frozen=True, slots=True)
class TimePanel:
    clocks: tuple[LinkedRow, ...]
    figures: tuple[Drawn, ...]
    heats: tuple[Heat, ...]


@dataclass(frozen=True, slots=True)
class JourneyPanel:
    funnel: Drawn
    cohorts: tuple[LinkedGrid, ...]


@dataclass(frozen=True, slots=True)
class PastPanel:
    figures: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """A panel that is not made yet: its place, and where to get it."""

    name: str
    title: str
    href: str  # the panel alone, for htmx
    whole: str  # the page with every panel


@dataclass(frozen=True, slots=True)
class Page:
    """What the template shows; a panel that was not asked for is None."""

    head: Head
    summary: str
    sides: tuple[Side, ...]
    consequences: tuple[Consequence, ...]
    filters: Filters
    narrowed: Narrowed | None
    later: dict[str, Later]
    provenance: tuple[tuple[str, str], ...]
    is_empty: bool
    downloads: tuple[Way, ...]
    whole: str
    seen: str
    charts: ChartsPanel | None = None
    people: PeoplePanel | None = None
    time: TimePanel | None = None
    journey: JourneyPanel | None = None
    past: PastPanel | None = None


def page_of(
    card: Scorecard,
    query: Query,
    head: Head,
    studio: Studio,
    *,
    whole: Scorecard,
    panels: Collection[str],
    downloads: tuple[Way, ...],
) -> Page:
    """The page with the `panels` that were asked for; `whole` is the card of all leads, from which filters choose."""
    words, links = studio.words, studio.links
    made = {"charts": _charts, "people": _people, "time": _time, "journey": _journey, "past": _past}
    return Page(
        head=head,
        summary=summary(card, words),
        sides=sides(card, links, query.path, query.same, words),
        consequences=consequences(card, words),
        filters=filters_of(whole, query, words),
        narrowed=narrowed_of(whole, query, words),
        later={name: _later(name, query, instant_text(card.now), words) for name in PANELS},
        provenance=provenance(card, words),
        is_empty=card.provenance.n_leads == 0,
        downloads=downloads,
        whole=query.href(all="1"),
        seen=instant_text(card.now),
        **{name: make(card, query, studio) for name, make in made.items() if name in panels},  # type: ignore[arg-type]
    )


def _later(name: str, query: Query, seen: str, words: Words) -> Later:
    return Later(name, words(PANEL_WORDS[name]), query.href(all=None, seen=seen), query.href(name, all="1"))


def _charts(card: Scorecard, query: Query, studio: Studio) -> ChartsPanel:
    order = {role: position for position, role in enumerate(ROLES)}
    roles = sorted({role_of(card, line) for line in card.lines}, key=lambda role: order.get(role, len(order)))
    names = {party.id: party.name for party in card.parties}
    columns = []
    for role in roles:
        lines = [line for line in card.lines if role_of(card, line) == role]
        figures = tuple(studio.drawn(sketch) for line in lines for sketch in of_line(line, role, studio))
        name = " · ".join(dict.fromkeys(names.get(line.party, line.party) for line in lines))
        columns.append(Column(name, role, figures))
    shown = query.grain or (Grain.DAY if card.period.n_days <= 62 else Grain.MONTH)
    return ChartsPanel(
        tuple(columns),
        tuple(
            Way(studio.words(name), query.href(grain=grain.value), grain is shown)
            for grain, name in GRAIN_WORDS.items()
            if _has(card, grain)
        ),
        tuple(
            Way(studio.words(name), query.href(measure=measure.value), measure is query.measure)
            for measure, name in MEASURE_WORDS.items()
            if measure in MEASURES
        ),
    )


def _has(card: Scorecard, grain: Grain) -> bool:
    """Days of up to two months, weeks of more than one, months of a month and longer."""
    if grain is Grain.DAY:
        return card.period.n_days <= 62
    if grain is Grain.WEEK:
        return card.period.n_days > 7
    return card.period.grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def _people(card: Scorecard, query: Query, studio: Studio) -> PeoplePanel:
    axes = axes_of(card)
    shown = query.by if query.by in axes else next(iter(axes), Axis.TEAM)
    words = studio.words
    return PeoplePanel(
        people=people(card, studio.links, words),
        has_reps=Axis.REP in axes,
        axes=tuple(Way(words(AXES[axis]), query.href(by=axis.value), axis is shown) for axis in axes),
        grid=linked_grid(card, shown, studio.links, words),
    )


def _time(card: Scorecard, query: Query, studio: Studio) -> TimePanel:  # noqa: ARG001 — every panel is made alike
    sketches = [sketch for line in card.lines for sketch in more_of_line(line, role_of(card, line), studio)]
    return TimePanel(
        clocks(card, studio.links, studio.words),
        tuple(map(studio.drawn, sketches)),
        heats(card, studio.links, studio.words),
    )


def _journey(card: Scorecard, query: Query, studio: Studio) -> JourneyPanel:  # noqa: ARG001 — every panel is made alike
    return JourneyPanel(studio.drawn(journey(card, studio)), cohorts(card, studio.links, studio.words))


def _past(card: Scorecard, query: Query, studio: Studio) -> PastPanel:  # noqa: ARG001 — every panel is made alike
    return PastPanel(tuple(studio.drawn(past(line, studio)) for line in card.lines if len(line.trend) > 1))
