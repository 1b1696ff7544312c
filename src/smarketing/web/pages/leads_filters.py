"""What the address of the list of leads asks for: links that change a part of it, and each filter as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from smarketing.terms.code_names import CHANNELS, REASONS, STAGES, said
from smarketing.terms.commitment import Commitment
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.rejections import ANSWERS
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.lead_matches import NONE

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

    def without_page(self) -> str:
        return urlencode({name: value for name, value in self.query.items() if value and name != "page"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filter in force, and the address without it."""

    text: str
    href: str


def in_force(
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
        "given_back": words(ANSWERS[wanted.given_back]) if wanted.given_back else "",
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
