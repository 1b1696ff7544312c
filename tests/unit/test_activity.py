"""What happened with leads in a week: steps, contacts made, deals, reasons, days and the hot ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.builders import Past, a_history, an_agreement, instant

from smarketing.engine.as_of import as_of
from smarketing.engine.compiled import compile_terms
from smarketing.engine.reading import Reading
from smarketing.scorecard.activity import Activity, ActivityCounts
from smarketing.scorecard.became import STEPS, became
from smarketing.scorecard.card import Axis
from smarketing.scorecard.only import EVERYTHING, Only
from smarketing.terms.agreement import Tier

MONDAY = date(2024, 6, 3)
LEADS: list[dict[str, Any]] = [
    {"lead": "ana", "created_at": "Mon 3 Jun 10:00", "grade": "A", "score": 40, "source": "organic", "owner": "rita"},
    {"lead": "bo", "created_at": "Tue 4 Jun 10:00", "grade": "A", "score": 90, "source": "organic", "owner": "sam"},
    {"lead": "cid", "created_at": "Sun 9 Jun 23:59", "grade": "B", "score": 99, "source": "paid", "owner": "rita"},
    {"lead": "dee", "created_at": "Mon 10 Jun 00:00", "grade": "A", "score": 99, "owner": "rita"},
    {"lead": "eva", "created_at": "Wed 29 May 10:00", "owner": "sam"},
    {"lead": "spam", "created_at": "Mon 3 Jun 11:00", "void": "spam", "owner": "sam"},
]
TOUCHES: list[dict[str, Any]] = [
    {"lead": "ana", "at": "Mon 3 Jun 10:30", "how": "out"},
    {"lead": "ana", "at": "Mon 3 Jun 11:30", "how": "out connected"},
    {"lead": "ana", "at": "Tue 4 Jun 11:30", "how": "in"},
    {"lead": "eva", "at": "Wed 5 Jun 09:00", "how": "out"},
    {"lead": "eva", "at": "Thu 6 Jun 09:00", "how": "out automated"},
    {"lead": "eva", "at": "Mon 10 Jun 00:00", "how": "out"},
]
STAGES: list[dict[str, Any]] = [
    {"lead": "ana", "at": "Tue 4 Jun 12:00", "stage": "sql"},
    {"lead": "eva", "at": "Fri 7 Jun 12:00", "stage": "disqualified", "reason": "no_budget"},
]
DEALS: list[dict[str, Any]] = [
    {"lead": "ana", "created_at": "Wed 5 Jun 09:00", "closed_at": "Fri 7 Jun 09:00", "status": "won", "amount": 500},
    {"lead": "bo", "created_at": "Thu 6 Jun 09:00", "status": "open", "amount": 70},
    {"lead": "bo", "created_at": "Thu 6 Jun 10:00", "status": "open", "amount": 9, "currency": "USD"},
]


def past() -> Past:
    return a_history(leads=LEADS, touches=TOUCHES, stages=STAGES, deals=DEALS)


def week(known: Past, now: str = "Wed 12 Jun 12:00", only: dict[Axis, str] | None = None) -> Activity:
    terms = an_agreement(tiers=(Tier(id="gold", grades=("A",)), Tier(id="plain", grades=("B",))))
    at = instant(now)
    compiled = compile_terms([terms], known.codebook, start=instant("2024-01-01"), end=at + 1)
    chosen = Only.of(only, compiled) if only else EVERYTHING
    counts = ActivityCounts(
        compiled.versions[-1], "UTC", MONDAY, date(2024, 6, 10), len(compiled.tiers), chosen, most_hot=10
    )
    counts.add(Reading(as_of(known.history, at), compiled.versions[-1], compiled.tables, at))
    return counts.activity(compiled.tiers)


def test_every_step_counts_once_on_its_day() -> None:
    found = week(past())
    assert {step: n for step, n in found.steps.items() if n} == {
        "lead": 3,
        "handover": 3,
        "touched": 2,
        "connected": 1,
        "sql": 1,
        "opportunity": 2,
        "customer": 1,
        "disqualified": 1,
        "deal_opened": 3,
        "deal_won": 1,
    }
    assert (found.n_touches, found.opened, found.won) == (3, 570.0, 500.0)


def test_days_add_up_to_the_week() -> None:
    found = week(past())
    assert [day.on.day for day in found.days] == [3, 4, 5, 6, 7, 8, 9]
    assert [day.n_handed_over for day in found.days] == [1, 1, 0, 0, 0, 0, 1]
    assert [day.n_touches for day in found.days] == [2, 0, 1, 0, 0, 0, 0]


def test_why_leads_were_turned_down_and_where_they_came_from() -> None:
    found = week(past())
    assert [(each.id, each.n) for each in found.reasons] == [("no_budget", 1)]
    assert [(each.id, each.n) for each in found.sources] == [("organic", 2), ("paid", 1)]
    assert [(each.id, each.n) for each in found.tiers] == [("gold", 2), ("plain", 1)]


def test_the_hottest_are_of_the_best_tier_and_the_highest_score() -> None:
    known = past()
    found = week(known)
    assert [known.leads[each.number] for each in found.hot] == ["bo", "ana", "cid"]
    ana = found.hot[1]
    assert (ana.tier, ana.score, ana.n_replies, ana.n_touches, ana.is_connected) == (0, 40.0, 1, 2, True)


def test_what_comes_later_is_not_known() -> None:
    found = week(past(), now="Tue 4 Jun 12:00")
    assert (found.steps["lead"], found.steps["deal_won"], found.n_touches) == (2, 0, 2)


def test_the_leads_of_one_rep() -> None:
    found = week(past(), only={Axis.REP: "sam"})
    assert (found.steps["lead"], found.n_touches, found.steps["deal_opened"]) == (1, 1, 2)


def test_a_week_in_which_nothing_happened() -> None:
    found = week(a_history(leads=[{"lead": "old", "created_at": "Mon 8 Jan 10:00"}]))
    assert found.is_empty
    assert (found.hot, found.reasons, len(found.days)) == ((), (), 7)


@pytest.mark.parametrize("step", STEPS)
def test_without_leads_nothing_became_anything(step: str) -> None:
    known = a_history()
    compiled = compile_terms([an_agreement()], known.codebook, start=0, end=1)
    assert len(became(Reading(known.history, compiled.versions[-1], compiled.tables, 0), step).lead) == 0
