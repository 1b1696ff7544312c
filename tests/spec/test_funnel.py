"""How far the leads of a period came: conversions, lags, and what each source and tier brought."""

from __future__ import annotations

import pytest
from tests.builders import a_history, an_agreement
from tests.scoring import a_card

from smarketing.scorecard.card import FunnelStage, Scorecard

LEADS = [
    {"lead": "ana", "created_at": "2024-05-06 10:00", "source": "organic", "grade": "A"},
    {"lead": "bea", "created_at": "2024-05-07 10:00", "source": "organic", "grade": "B"},
    {"lead": "cid", "created_at": "2024-05-08 10:00", "source": "ads", "grade": "B"},
    {"lead": "dan", "created_at": "2024-05-09 10:00"},
    {"lead": "old", "created_at": "2024-04-09 10:00", "source": "ads"},
    {"lead": "twin", "created_at": "2024-05-09 10:00", "source": "ads", "void": "duplicate"},
]
STAGES = [
    {"lead": "ana", "at": "2024-05-07 10:00", "stage": "mql"},
    {"lead": "ana", "at": "2024-05-09 10:00", "stage": "sql"},
    {"lead": "bea", "at": "2024-05-10 10:00", "stage": "mql"},
    {"lead": "cid", "at": "2024-05-09 10:00", "stage": "sql"},  # the CRM never recorded the MQL
    {"lead": "dan", "at": "2024-05-09 11:00", "stage": "disqualified"},
    {"lead": "old", "at": "2024-05-09 11:00", "stage": "customer"},
]
DEALS = [
    {"lead": "ana", "created_at": "2024-05-10 10:00", "closed_at": "2024-05-30 10:00", "status": "won"}
    | {"amount": "1200.50", "currency": "EUR"},
    {"lead": "cid", "created_at": "2024-05-10 10:00", "amount": "99", "currency": "EUR"},
]


def card(now: str = "2024-07-01 00:00") -> Scorecard:
    tiers = [{"id": "gold", "name": "Gold", "grades": ["A"]}, {"id": "plain", "grades": ["B"]}]
    return a_card(a_history(leads=LEADS, stages=STAGES, deals=DEALS), an_agreement(tiers=tiers), now=now)


def stage(found: Scorecard, name: str) -> FunnelStage:
    return next(each for each in found.funnel.stages if each.stage == name)


def test_a_lead_at_a_stage_has_passed_those_before_it() -> None:
    found = card()
    assert [each.n for each in found.funnel.stages] == [4, 3, 2, 2, 2, 1]
    assert stage(found, "mql").conversion == 0.75
    assert stage(found, "sql").of_cohort == 0.5
    assert (found.funnel.n_void, found.funnel.n_disqualified) == (1, 1)


def test_a_lag_is_measured_where_both_ends_are_known() -> None:
    mql = stage(card(), "mql")
    assert (mql.n_timed, mql.median_lag_s) == (2, 2 * 86_400)
    assert stage(card(), "sal").median_lag_s is None


def test_the_last_steps_may_still_grow_while_the_cohort_is_young() -> None:
    assert stage(card("2024-06-01 00:00"), "customer").is_maturing
    assert not stage(card("2024-07-01 00:00"), "customer").is_maturing
    assert stage(card("2024-05-15 00:00"), "sal").is_maturing  # the period is still open


def test_sources_and_tiers_say_what_they_brought() -> None:
    found = card()
    assert [(c.id, c.n_leads, c.n_by_stage["customer"], c.won) for c in found.sources] == [
        ("organic", 2, 1, 1200.5),
        ("", 1, 0, 0.0),
        ("ads", 1, 0, 0.0),
    ]
    assert [(c.id, c.name, c.n_leads) for c in found.tiers] == [("plain", "plain", 2), ("", "", 1), ("gold", "Gold", 1)]


def test_without_leads_nothing_divides_by_nothing() -> None:
    found = a_card(a_history(), an_agreement())
    assert [each.n for each in found.funnel.stages] == [0] * 6
    assert {each.conversion for each in found.funnel.stages} == {None}
    assert found.sources == ()


def test_the_heat_of_the_week_is_on_the_local_clock() -> None:
    """Monday 6 May 2024, 23:30 in Madrid is 21:30 UTC; after the clocks go back it is 22:30."""
    calendars = an_agreement().calendars
    agreement = an_agreement(zone="Europe/Madrid", calendars=calendars)
    for day, hour in (("2024-05-06", "21:30"), ("2024-11-04", "22:30")):
        past = a_history(
            leads=[{"lead": "ana", "created_at": f"{day} {hour}"}],
            touches=[
                {"lead": "ana", "at": f"{day} {hour}"},
                {"lead": "ana", "at": f"{day} {hour}", "how": "out automated"},
            ],
        )
        heat = a_card(past, agreement, period=day[:7], now="2025-01-01 00:00").heat
        assert heat.arrivals[0][23] == heat.touches[0][23] == 1
        assert sum(map(sum, heat.arrivals)) == sum(map(sum, heat.touches)) == 1


@pytest.mark.parametrize("period", ["2024", "2024-Q2", "2024-05", "2024-W19", "2024-05-06"])
def test_any_length_of_period_has_its_cohort(period: str) -> None:
    found = a_card(a_history(leads=LEADS, stages=STAGES, deals=DEALS), an_agreement(), period=period)
    assert found.funnel.n_leads == {"2024": 5, "2024-Q2": 5, "2024-05": 4, "2024-W19": 4, "2024-05-06": 1}[period]
