"""A card narrowed to some leads is the card of a company that had only these leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from tests.oracle.pasts import OWNERS, a_now, a_past, chances, compiled, recorded, some_versions, thorough
from tests.oracle.twin import Row, Rows

from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.compose import scorecard
from smarketing.scorecard.gather import Gather
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.only import NOBODY, Only
from smarketing.scorecard.part import part_of
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.period import read_period

every_kind = pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DELIVERABLE])
NAMES = {
    Axis.REP: (*OWNERS, NOBODY),
    Axis.TEAM: ("north", "south", NOBODY),
    Axis.TIER: ("gold", "silver", "rest", NOBODY),
    Axis.SOURCE: ("web", "fair", "mail", NOBODY),
}


@every_kind
@thorough
@given(chance=chances)
def test_they_agree(kind: Kind, chance: Random) -> None:
    """Judged by one version, and each lead with its owner from the first to the last: then nothing else can differ."""
    rows, terms = with_its_owner(a_past(chance)), some_versions(chance, kind)[:1]
    now, period = a_now(chance, rows), chance.choice(("2026-03", "2026-04", "2026-W14"))
    axes = chance.sample(tuple(NAMES), chance.choice((1, 1, 2)))
    wanted = {axis: chance.choice(NAMES[axis]) for axis in axes}
    found = a_card(rows, terms, period, now, wanted)
    alone = a_card(only_those(rows, terms[0], wanted), terms, period, now, {})
    assert numbers(found) == numbers(replace(alone, lines=tuple(map(part_of, alone.lines))))


@thorough
@given(chance=chances)
def test_the_parts_make_the_whole(chance: Random) -> None:
    """Whatever the versions and whoever had a lead when: each lead and each clock is in exactly one part."""
    rows, terms = a_past(chance), some_versions(chance, Kind.SPEED_TO_LEAD)
    now, axis = a_now(chance, rows), chance.choice(tuple(NAMES))
    whole = a_card(rows, terms, "2026-03", now, {})
    parts = [a_card(rows, terms, "2026-03", now, {axis: name}) for name in NAMES[axis]]
    for name in ("n_met", "n_breached", "n_running", "n_void"):
        assert sum(getattr(part.lines[0], name) for part in parts) == getattr(whole.lines[0], name)
    for clock, speed in whole.lines[0].clocks.items():
        assert sum(part.lines[0].clocks[clock].n_answered for part in parts) == speed.n_answered
    assert sum(part.funnel.n_leads for part in parts) == whole.funnel.n_leads
    for heat in ("arrivals", "touches"):
        assert sum(hours(part, heat) for part in parts) == hours(whole, heat)


def a_card(rows: Rows, terms: list[Agreement], period: str, now: int, wanted: Mapping[Axis, str]) -> Scorecard:
    past = recorded(rows)
    known = compiled(terms, past)
    horizon = Horizon(read_period(period), terms[-1].zone, now, terms[-1].week_starts_on)
    gather = Gather(known, horizon, tuple(Axis), Only.of(wanted, known))
    gather.add(past.history)
    return scorecard(gather, facts_sequence=1)


def numbers(card: Scorecard) -> dict[str, object]:
    """Everything but how many leads were read, and what is announced for the whole promise."""
    parts = ("period", "lines", "funnel", "sources", "tiers", "heat")
    return {name: getattr(card, name) for name in parts}


def hours(card: Scorecard, heat: str) -> int:
    return sum(map(sum, getattr(card.heat, heat)))


def with_its_owner(rows: Rows) -> Rows:
    """The same past in which nobody else ever received a lead or had a deal of it."""
    owners = {lead["lead"]: lead["owner"] for lead in rows.leads}
    kept = [row | {"owner": owners[row["lead"]]} for row in rows.assignments if owners[row["lead"]]]
    deals = [row | {"owner": owners[row["lead"]]} for row in rows.deals]
    return replace(rows, assignments=kept, deals=deals)


def only_those(rows: Rows, agreement: Agreement, wanted: Mapping[Axis, str]) -> Rows:
    """The facts of the leads that have what is wanted."""
    leads = [lead for lead in rows.leads if all(has(lead, agreement, *each) for each in wanted.items())]
    known = {lead["lead"] for lead in leads}

    def cut(table: list[Row]) -> list[Row]:
        return [row for row in table if row["lead"] in known]

    tables = (cut(table) for table in (rows.touches, rows.stages, rows.assignments, rows.deals))
    return Rows(leads, *tables, rows.owners)


def has(lead: Row, agreement: Agreement, axis: Axis, name: str) -> bool:
    owner = lead["owner"] or ""
    value = {
        Axis.REP: owner,
        Axis.TEAM: OWNERS[owner]["team"] if owner else "",
        Axis.SOURCE: lead["source"] or "",
        Axis.TIER: tier(lead, agreement),
    }[axis]
    return value == ("" if name == NOBODY else name)


def tier(lead: Row, agreement: Agreement) -> str:
    """The first tier whose every condition the lead fulfils."""
    for each in agreement.tiers:
        is_grade = not each.grades or lead["grade"] in each.grades
        is_source = not each.sources or lead["source"] in each.sources
        is_score = each.score_from is None or (lead["score"] is not None and lead["score"] >= each.score_from)
        if is_grade and is_source and is_score:
            return each.id
    return ""
