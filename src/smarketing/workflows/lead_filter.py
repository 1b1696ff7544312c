"""What a list of leads is asked for, read from an address: every filter, the order, the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from smarketing.engine.rejections import GIVEN_BACK
from smarketing.scorecard.became import STEPS
from smarketing.terms.errors import UserError
from smarketing.terms.instants import read_instant
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.period import Period, read_period

VERDICTS = ("met", "breached", "running", "void", "at_risk", "counted")
BANDS = ("under_5_min", "5_to_15_min", "15_to_60_min", "over_60_min", "never", "waiting", "answered")
CLOCKS = ("lead", "system", "rep")
REACHED = ("lead", "mql", "sal", "sql", "opportunity", "customer")
MOST_TOUCHES = 999
SORTS = ("due", "created", "lead", "owner", "source", "elapsed", "stage")
TEXTS = ("commitment", "rep", "team", "tier", "source", "campaign", "stage", "reason", "q")
PAGE_SIZES = (50, 100, 200)
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Every part narrows; an empty one asks nothing. `sort` begins with − for descending.

    period, day, weekday and hour are about when a clock started (a lead was counted, or made, where no commitment is
    asked for), on the clock of the agreement's zone. `rep` is an owner's label, as groups of a card name it; a dash
    asks for leads that have none. Where a promise is asked for, rep, team, tier and source are those that its clocks
    were judged by, else those the lead has now. `counted` are the clocks that are not void.

    band     how long the answer took, as the scorecard's bands
    touches  clocks of leads that were never reached, by their attempts; `or_more` from that many on
    became   one row for each step of this kind that a lead took, or deal that was opened or won; period, day, weekday
             and hour are then about that step
    reached  leads that are not void and came to this stage or a later one, as the scorecard's funnel
    clock    of a promise about first answers: which of its three clocks, whichever is judged
    touched  one row for each touch that counts; period, day, weekday and hour are then about the touch
    given_back  leads that sales disqualified, or recycled, from their handover on; `reason` is then of that answer
    at       an earlier instant: what was known and how things stood then
    """

    commitment: str = ""
    verdict: str = ""
    period: Period | None = None
    rep: str = ""
    team: str = ""
    tier: str = ""
    source: str = ""
    stage: str = ""
    reason: str = ""
    campaign: str = ""
    q: str = ""
    band: str = ""
    touches: int | None = None
    or_more: bool = False
    reached: str = ""
    became: str = ""
    given_back: str = ""
    clock: str = ""
    touched: bool = False
    at: datetime | None = None
    lead: tuple[str, str] | None = None  # just this one: source and id
    day: date | None = None
    weekday: int | None = None
    hour: int | None = None
    from_on: date | None = None
    until_on: date | None = None  # included, as people say it
    sort: str = "-created"
    page: int = 1
    size: int = PAGE_SIZES[0]

    def moment(self, now: datetime) -> datetime:
        """The instant that the list is about."""
        return min(self.at, now) if self.at else now


def lead_filter(query: Mapping[str, str], words: Words) -> LeadFilter:
    """The filter that an address asks for.

    Raises UserError naming the part that cannot be read.
    """
    texts: dict[str, Any] = {name: query.get(name, "").strip()[:200] for name in TEXTS}
    return LeadFilter(
        **texts,
        verdict=_one_of(query, "verdict", VERDICTS, words),
        band=_one_of(query, "band", BANDS, words),
        reached=_one_of(query, "reached", REACHED, words),
        became=_one_of(query, "became", STEPS, words),
        given_back=_one_of(query, "given_back", GIVEN_BACK, words),
        clock=_one_of(query, "clock", CLOCKS, words),
        touched=query.get("touched", "") == "1",
        at=_instant(query, words),
        touches=_number({"touches": query.get("touches", "").removesuffix("+")}, "touches", 0, MOST_TOUCHES, words),
        or_more=query.get("touches", "").endswith("+"),
        period=read_period(query["period"]) if query.get("period") else None,
        day=_day(query, "day", words),
        weekday=_number(query, "weekday", 0, 6, words),
        hour=_number(query, "hour", 0, 23, words),
        from_on=_day(query, "from", words),
        until_on=_day(query, "until", words),
        sort=_sort(query, words),
        page=_number(query, "page", 1, MOST_PAGES, words) or 1,
        size=_size(query),
    )


def _one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...], words: Words) -> str:
    value = query.get(name, "")
    if value and value not in choices:
        raise _wrong(name, value, words(N_("Choose one of {choices}."), choices=", ".join(choices)), words)
    return value


def _day(query: Mapping[str, str], name: str, words: Words) -> date | None:
    value = query.get(name, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _wrong(name, value, words(N_("Write a date as 2026-10-05.")), words) from None


def _instant(query: Mapping[str, str], words: Words) -> datetime | None:
    value = query.get("at", "")
    if not value:
        return None
    at = read_instant(value)
    if at is None:
        raise _wrong("at", value, words(N_("Write 2026-10-21T15:30:00Z.")), words)
    return at


def _number(query: Mapping[str, str], name: str, least: int, most: int, words: Words) -> int | None:
    value = query.get(name, "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or not least <= int(value[:9]) <= most:
        hint = words(N_("Write a number from {least} to {most}."), least=least, most=most)
        raise _wrong(name, value, hint, words)
    return int(value)


def _sort(query: Mapping[str, str], words: Words) -> str:
    value = query.get("sort", "")
    if value.removeprefix("-") not in (*SORTS, ""):
        raise _wrong("sort", value, words(N_("Choose one of {choices}."), choices=", ".join(SORTS)), words)
    return value or "-created"


def _size(query: Mapping[str, str]) -> int:
    value = query.get("size", "")
    return int(value) if value in [str(size) for size in PAGE_SIZES] else PAGE_SIZES[0]


def _wrong(name: str, value: str, hint: str, words: Words) -> UserError:
    return UserError(words(N_('"{value}" cannot be read.'), value=value[:60]), where=name, hint=hint)
