"""What a scorecard can be narrowed to: the teams, reps, tiers and sources of its period."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.reports.spoken import group_name
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.terms.language import N_, Words
from smarketing.web.pages.lead_links import NOBODY
from smarketing.web.pages.scorecard_query import FILTERS, Query

NAMES = {Axis.TEAM: N_("Team"), Axis.REP: N_("Rep"), Axis.TIER: N_("Tier"), Axis.SOURCE: N_("Source")}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """`kept` are the other answers of the address, sent along; `is_open` where something is chosen."""

    each: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    is_open: bool


def filters_of(card: Scorecard, query: Query, words: Words) -> Filters:
    names = {axis.value for axis in FILTERS}
    kept = ((key, value) for key, value in query.said().items() if value and key not in names)
    found = (_filter(card, axis, query.only.get(axis, ""), words) for axis in FILTERS)
    return Filters(tuple(each for each in found if each.options), tuple(kept), bool(query.only))


def _filter(card: Scorecard, axis: Axis, chosen: str, words: Words) -> Filter:
    known = {group.id: group.name for line in card.lines for group in line.groups.get(axis, ())}
    named = ((key or NOBODY, group_name(axis, key, name, words)) for key, name in known.items())
    options = sorted(named, key=lambda option: (option[0] == NOBODY, option[1].casefold()))
    return Filter(axis.value, words(NAMES[axis]), tuple(Option(key, name, key == chosen) for key, name in options))
