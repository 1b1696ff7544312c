"""What a scorecard can be narrowed to, the teams, reps, tiers and sources of its period, and what it is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from smarketing.reports.spoken import FILTERS as NAMES
from smarketing.reports.spoken import group_name
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.only import NOBODY
from smarketing.terms.language import N_, Words
from smarketing.web.pages.lead_links import VEIL
from smarketing.web.pages.scorecard_query import FILTERS, Query


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


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and the same page without it."""

    label: str
    name: str
    without: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the numbers of a page are about, in sentences, and the way back to all of them."""

    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    all: str


HOW = N_("Every number and chart is of these leads only.")
TARGETS = N_(
    "Shares and times keep the target of the promise. Numbers that are promised for all leads are not scaled down: "
    "they stand beside the whole promise, neither met nor missed."
)
WHOSE = N_(
    "Promises count a lead for whoever had it when the clock started, and a deal for its owner; the funnel, the hours "
    "and the cohorts count a lead for whoever has it now."
)
WHOLE = N_("What was handed over belongs to no lead and is shown whole.")
CLOSED = N_("The leads behind these numbers are not listed: they would tell who it is.")


def narrowed_of(whole: Scorecard, query: Query, words: Words) -> Narrowed | None:
    """None where every lead counts."""
    if not query.only:
        return None
    chips = tuple(_chip(whole, axis, query, words) for axis in FILTERS if axis in query.only)
    notes = [HOW, TARGETS]
    if Axis.REP in query.only or Axis.TEAM in query.only:
        notes.append(WHOSE)
    if any(line.kind == "deliverable" for line in whole.lines):
        notes.append(WHOLE)
    if any(value.startswith(VEIL) for value in query.only.values()):
        notes.append(CLOSED)
    return Narrowed(chips, tuple(words(note) for note in notes), replace(query, only={}).href())


def _chip(whole: Scorecard, axis: Axis, query: Query, words: Words) -> Chip:
    key = "" if query.only[axis] == NOBODY else query.only[axis]
    names = {group.id: group.name for line in whole.lines for group in line.groups.get(axis, ())}
    name = group_name(axis, key, names.get(key, key), words)
    return Chip(words(NAMES[axis]), name, query.without(axis))


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
