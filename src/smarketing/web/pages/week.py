"""The week of an agreement as its page shows it: what each team has to tell the other, day by day, and the promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from smarketing.alerts.wording.weekly_summary import history
from smarketing.charts.week_days import week_days
from smarketing.reports.spoken import day_words, instant_words, span_title
from smarketing.terms.code_names import CHANNELS, said
from smarketing.terms.language import Words
from smarketing.web.pages import happened
from smarketing.web.pages.happened import Number, Part
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_board import Side, sides
from smarketing.web.pages.scorecard_charts import Drawn, Sketch, Studio
from smarketing.web.pages.scorecard_head import Way
from smarketing.web.pages.summary_links import StepLinks
from smarketing.workflows.compose_week import Week
from smarketing.workflows.count_activity import HotLead


@dataclass(frozen=True, slots=True)
class HotRow:
    name: str
    href: str
    tier: str
    score: str
    came: str
    page: str
    history: str


@dataclass(frozen=True, slots=True)
class WeekPage:
    title: str
    days: str
    agreement: str
    scorecard: str
    as_of: str
    earlier: Way
    later: Way
    latest: Way
    is_counting: bool
    is_quiet: bool
    empty: str
    hint: str
    is_over: bool
    handed: tuple[Number, ...] = ()
    sources: tuple[Part, ...] = ()
    tiers: tuple[Part, ...] = ()
    hot: tuple[HotRow, ...] = ()
    n_hot: int = 0
    contacts: tuple[Number, ...] = ()
    changes: tuple[Number, ...] = ()
    reasons: tuple[Part, ...] = ()
    money: tuple[Number, ...] = ()
    figure: Drawn | None = None
    sides: tuple[Side, ...] = ()


def week_page(
    week: Week,
    *,
    is_over: bool,
    latest: Way,
    hrefs: Callable[[str], str],
    scorecard: str,
    leads: str,
    href_of: Callable[[str, str], str],
    studio_of: Callable[[LeadLinks], Studio],
    words: Words,
) -> WeekPage:
    """Takes    hrefs     the address of another week by its label
    latest    the latest week that is over
    """
    period, agreement = week.period, week.agreement
    before, after = period.previous(), period.next()
    whole: dict[str, Any] = {
        "title": span_title(period, words),
        "days": f"{day_words(period.from_on, words)} – {day_words(period.latest_on, words)}",
        "agreement": agreement.title,
        "scorecard": f"{scorecard}?period={period.label}",
        "as_of": instant_words(week.at, agreement.zone, words),
        "earlier": Way(span_title(before, words), hrefs(before.label)),
        "later": Way(span_title(after, words), hrefs(after.label)),
        "latest": latest,
        "is_over": is_over,
    }
    card, found = week.card, week.activity
    if card is None or found is None:
        what, hint = (week.trouble.what, week.trouble.hint) if week.trouble else ("", "")
        return WeekPage(**whole, is_counting=week.is_counting, is_quiet=False, empty=what, hint=hint)
    links = LeadLinks(leads, agreement.id, period.label)
    steps = StepLinks(leads, agreement.id, period.from_on, period.until_on)
    studio, names = studio_of(links), {tier.id: tier.name or tier.id for tier in agreement.tiers}
    rows = tuple(("", steps.day(day.on, is_touches=False), steps.day(day.on, is_touches=True)) for day in found.days)
    return WeekPage(
        **whole,
        is_counting=False,
        is_quiet=found.is_empty,
        empty="",
        hint="",
        handed=happened.handed_over(found, steps, words),
        sources=happened.sources(found, steps, words),
        tiers=happened.tiers(found, names, steps, words),
        hot=tuple(_hot(each, href_of, words) for each in week.hot),
        n_hot=len(found.hot),
        contacts=happened.contacts(found, steps, words),
        changes=happened.changes(found, steps, words),
        reasons=happened.reasons(found, words),
        money=happened.money(found, agreement.currency, steps, words),
        figure=studio.drawn(Sketch(week_days(found.days, words=words), rows)),
        sides=sides(card, links, scorecard, f"?period={period.label}", words),
    )


def _hot(lead: HotLead, href_of: Callable[[str, str], str], words: Words) -> HotRow:
    came = [said(lead.source, CHANNELS, words), lead.campaign]
    return HotRow(
        name=lead.name,
        href=href_of(lead.src, lead.lead_id),
        tier=lead.tier or "–",
        score=words.number(lead.score),
        came=" · ".join(filter(None, came)) or "–",
        page=lead.page,
        history=history(asdict(lead), words),
    )
