"""A team's morning as its page shows it: promises, what came in of late, what waits now, and the most urgent leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarketing.charts.numbers import short_day
from smarketing.reports.spoken import day_words, instant_words
from smarketing.terms.agreement import Role
from smarketing.terms.language import Words
from smarketing.terms.period import ONE_DAY, Grain, period_of
from smarketing.web.pages import happened
from smarketing.web.pages.happened import Number, Part
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_board import Told, promise_of
from smarketing.web.pages.scorecard_charts import Drawn, Studio, of_line, role_of
from smarketing.web.pages.scorecard_head import Way
from smarketing.web.pages.summary_links import StepLinks
from smarketing.workflows.compose_pulse import Pulse, Waiting
from smarketing.workflows.tell_summary import line_to_draw

StudioOf = Callable[[LeadLinks], Studio]


@dataclass(frozen=True, slots=True)
class UrgentRow:
    name: str
    href: str
    owner: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    title: str
    running: Number
    at_risk: Number
    never: Number


@dataclass(frozen=True, slots=True)
class Block:
    """One agreement. `empty` says why there is nothing more."""

    title: str
    scorecard: str
    as_of: str
    since: str
    role: str
    is_counting: bool
    empty: str
    hint: str
    promises: tuple[Told, ...] = ()
    figure: Drawn | None = None
    latest: tuple[Number, ...] = ()
    changes: tuple[Number, ...] = ()
    reasons: tuple[Part, ...] = ()
    sources: tuple[Part, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()
    urgent: tuple[UrgentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PulsePage:
    team: str
    day: str
    teams: tuple[Way, ...]
    blocks: tuple[Block, ...]

    @property
    def is_counting(self) -> bool:
        return any(block.is_counting for block in self.blocks)


def pulse_page(
    pulses: tuple[Pulse, ...],
    *,
    team: str,
    teams: tuple[Way, ...],
    hrefs: Callable[[str], str],
    leads: str,
    href_of: Callable[[str, str], str],
    studio_of: StudioOf,
    words: Words,
) -> PulsePage:
    """Takes    hrefs    the address of an agreement's scorecard
    leads    that of the list of leads, href_of that of a lead
    """
    day = day_words(pulses[0].on, words) if pulses else ""
    blocks = (_block(pulse, hrefs(pulse.agreement.id), leads, href_of, studio_of, words) for pulse in pulses)
    return PulsePage(team, day, teams, tuple(blocks))


def _block(
    pulse: Pulse, scorecard: str, leads: str, href_of: Callable[[str, str], str], studio_of: StudioOf, words: Words
) -> Block:
    told: dict[str, Any] = {
        "title": pulse.agreement.title,
        "scorecard": scorecard,
        "as_of": instant_words(pulse.at, pulse.agreement.zone, words),
        "since": short_day(pulse.since_on, words),
        "role": pulse.party.role.value,
    }
    card, activity = pulse.card, pulse.activity
    if card is None or activity is None:
        empty, hint = _why_empty(pulse, words)
        return Block(**told, is_counting=pulse.is_counting, empty=empty, hint=hint)
    links = LeadLinks(leads, pulse.agreement.id, period_of(Grain.MONTH, pulse.on).label, pulse.only)
    steps = StepLinks(leads, pulse.agreement.id, pulse.since_on, pulse.on + ONE_DAY, pulse.only)
    studio, line = studio_of(links), line_to_draw(pulse.lines)
    sketch = next(of_line(line, role_of(card, line), studio), None) if line else None
    came = happened.handed_over(activity, steps, words)
    is_marketing = pulse.party.role is Role.MARKETING
    return Block(
        **told,
        is_counting=False,
        empty="",
        hint="",
        promises=tuple(promise_of(each, links, f"{scorecard}commitments/{each.id}/", words) for each in pulse.lines),
        figure=studio.drawn(sketch) if sketch else None,
        latest=came if is_marketing else (came[-1], *happened.contacts(activity, steps, words)),
        changes=happened.changes(activity, steps, words),
        reasons=happened.reasons(activity, words),
        sources=happened.sources(activity, steps, words) if is_marketing else (),
        waiting=tuple(_waiting(each, steps, words) for each in pulse.waiting),
        urgent=tuple(UrgentRow(row.name, href_of(row.src, row.lead_id), row.owner, row.due_at) for row in pulse.urgent),
    )


def _why_empty(pulse: Pulse, words: Words) -> tuple[str, str]:
    if pulse.trouble is not None:
        return pulse.trouble.what, pulse.trouble.hint
    if not pulse.has_leads:
        hint = words("Say in the settings of the team how the CRM spells its name, or bring in its leads.")
        return words("The facts know no lead of this team yet."), hint
    return "", ""


def _waiting(told: Waiting, links: StepLinks, words: Words) -> WaitingRow:
    def number(n: int, name: str, **asked: str) -> Number:
        return Number(words.number(n), name, links.now(told.commitment, **asked) if n else "")

    return WaitingRow(
        told.title,
        number(told.n_running, words("waiting"), verdict="running", sort="due"),
        number(told.n_at_risk, words("at risk"), verdict="at_risk", sort="due"),
        number(told.n_never, words("never answered"), band="never", sort="-due"),
    )
