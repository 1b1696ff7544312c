"""From the quota to the leads, as a sales manager would check it on paper."""

from __future__ import annotations

from fractions import Fraction

import pytest

from smarketing.plan.calculator import Inputs, average_deal, funnel, lead_plan, supported_quota
from smarketing.plan.pieces import pieces
from smarketing.plan.sentences import number, rounding, steps, why
from smarketing.plan.sentences import percent as percent_words
from smarketing.plan.tiers import ShareOf, Tier, tier_plan, value_of
from smarketing.terms.language import words

EN = words("en")
F0 = Fraction(0)


def percent(n: int | str) -> Fraction:
    return Fraction(n) / 100


X_COMPANY = Inputs(
    quota=Fraction(5000), marketing_share=Fraction(1), average_deal=Fraction(100), close_rate=percent(50)
)


def test_t01_x_company_needs_a_hundred_leads_and_four_weekly_reports() -> None:
    plan = lead_plan(X_COMPANY)
    assert plan.revenue_goal.value == 5000
    assert plan.customers.value == 50
    assert plan.leads_needed == 100
    assert pieces(100, 30).weekly_reports == 4


def test_t02_seven_customers_at_five_percent_take_140_leads() -> None:
    plan = lead_plan(Inputs(customers=Fraction(7), close_rate=percent(5)))
    assert plan.leads_needed == 140


def test_t03_ten_reps_with_a_hundred_leads_each_bring_40_000_a_month() -> None:
    shares = {"connected": percent(50), "demo": percent(30), "proposal": percent(15), "customer": percent(5)}
    assert funnel(10 * 100, shares) == {"connected": 500, "demo": 300, "proposal": 150, "customer": 50}
    supported = supported_quota(
        1000, Inputs(average_deal=Fraction(800), close_rate=percent(5), marketing_share=Fraction(1))
    )
    assert supported.customers.value == 50
    assert supported.quota.value == 40_000


def test_t04_a_lead_is_worth_the_deal_times_the_close_rate() -> None:
    plan = lead_plan(Inputs(revenue_goal=Fraction(200_000), average_deal=Fraction(160_000), close_rate=percent(1)))
    assert plan.value_per_lead.value == 1600
    assert plan.leads_needed == 125


def test_t05_the_average_deal_comes_from_closed_revenue() -> None:
    deal = average_deal(500_000, 25)
    assert deal.value == 20_000
    assert lead_plan(Inputs(revenue_goal=Fraction(1_000_000), average_deal=deal.value)).customers.value == 50


def test_t06_leads_may_be_weighed_by_worth_instead_of_counted() -> None:
    worth = {"ceo": Fraction(100), "director": Fraction(50), "manager": Fraction(40)}
    assert value_of({"ceo": 3, "director": 4, "manager": 5}, worth) == 700


def test_t07_leads_are_rounded_up_once_at_the_end_and_the_other_policy_is_shown() -> None:
    plan = lead_plan(Inputs(Fraction(100_000), percent(60), Fraction(7000), percent(3)))
    assert plan.revenue_goal.value == 60_000
    assert plan.customers.value == Fraction(60, 7)
    assert plan.leads.value == Fraction(2000, 7)
    assert plan.leads_needed == 286
    assert plan.leads_rounding_customers_first == 300
    assert rounding(plan, EN) == (
        "Needed leads are rounded up once, at the end. Rounding customers up first would ask for 300 leads."
    )


def test_t08_a_quarter_won_means_a_pipeline_of_four_times_the_goal() -> None:
    plan = lead_plan(Inputs(revenue_goal=Fraction(1_000_000), win_rate=percent(25)))
    assert plan.pipeline.value == 4_000_000
    assert plan.pipeline_coverage.value == 4


def test_every_step_says_how_it_came_about() -> None:
    plan = lead_plan(Inputs(Fraction(100_000), percent(60), Fraction(7000), percent(3), win_rate=percent(25)))
    assert [step.sentence.replace("\u00a0", " ") for step in steps(plan, EN)] == [
        "Of the sales quota of 100,000, 60 % is to come from marketing's leads: a revenue goal of 60,000.",
        "At an average deal of 7,000, 60,000 takes 8.57 customers.",
        "At a close rate of 3 %, 8.57 customers take 285.71 leads, rounded up once to 286.",
        "At a win rate of 25 %, 60,000 takes a pipeline of 240,000, 4 times the goal.",
    ]


def test_what_is_given_instead_of_a_quota_is_told_as_given() -> None:
    plan = lead_plan(Inputs(customers=Fraction(7), average_deal=Fraction(100), close_rate=percent(5), win_rate=F0))
    assert [step.sentence.replace("\u00a0", " ") for step in steps(plan, EN)] == [
        "That many customers at the average deal bring 700.",
        "The number of customers, 7, is given.",
        "At a close rate of 5 %, 7 customers take 140 leads.",
        "The win rate is zero: no pipeline makes the revenue.",
    ]
    assert number(None, EN) == percent_words(None, EN) == "–"


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            Inputs(Fraction(5000), Fraction(1), Fraction(100), Fraction(0)),
            "The close rate is zero: no number of leads makes a customer.",
        ),
        (
            Inputs(Fraction(5000), Fraction(1), Fraction(0), Fraction(1, 2)),
            "The average deal is zero: no number of customers makes the revenue.",
        ),
        (
            Inputs(Fraction(0), Fraction(1), Fraction(100), Fraction(1, 2)),
            "The sales quota is zero, so it asks for no leads in particular.",
        ),
        (
            Inputs(Fraction(5000), Fraction(0), Fraction(100), Fraction(1, 2)),
            "No revenue is to come from marketing's leads, so no number of leads follows from the quota.",
        ),
        (Inputs(Fraction(5000), Fraction(1), Fraction(100)), "The close rate from lead to customer is not given."),
        (Inputs(), "The sales quota is not given."),
    ],
)
def test_what_cannot_be_computed_is_null_and_says_why(inputs: Inputs, reason: str) -> None:
    plan = lead_plan(inputs)
    assert plan.leads_needed is None
    assert plan.leads.lack is not None
    assert why(plan.leads.lack, EN) == reason


def test_the_leads_that_a_quota_needs_support_that_quota() -> None:
    assert supported_quota(100, X_COMPANY).quota.value == 5000


def test_a_mix_of_tiers_brings_the_goal_at_each_tiers_own_rates() -> None:
    goal = lead_plan(Inputs(revenue_goal=Fraction(100_000), average_deal=Fraction(1000), close_rate=percent(10)))
    tiers = [Tier("ceo", percent(20), Fraction(100), percent(40)), Tier("director", percent(80), Fraction(50))]
    plan = tier_plan(goal, tiers, ShareOf.LEADS)
    # one lead of the mix brings 0.2 × 400 + 0.8 × 100 = 160, so 625 leads
    assert [goal.leads_needed for goal in plan.goals] == [125, 500]
    assert plan.leads_needed == 625
    assert plan.value_needed.value == 125 * 100 + 500 * 50


def test_tiers_may_divide_the_revenue_instead_and_each_promise_is_rounded_up_once() -> None:
    goal = lead_plan(Inputs(revenue_goal=Fraction(60_000), average_deal=Fraction(7000), close_rate=percent(3)))
    plan = tier_plan(goal, [Tier("a", percent(50)), Tier("b", percent(50))], ShareOf.REVENUE)
    assert [goal.leads.value for goal in plan.goals] == [Fraction(1000, 7), Fraction(1000, 7)]
    assert [goal.leads_needed for goal in plan.goals] == [143, 143]
    assert plan.leads.value == Fraction(2000, 7)
    assert plan.leads_needed == 286


def test_a_tier_that_never_closes_makes_its_goal_not_computable() -> None:
    plan = tier_plan(lead_plan(X_COMPANY), [Tier("a", Fraction(1), close_rate=Fraction(0))], ShareOf.REVENUE)
    assert plan.leads_needed is None
    assert plan.leads.lack is not None
    assert why(plan.leads.lack, EN) == "The close rate is zero: no number of leads makes a customer."


def test_a_promise_is_cut_into_days_weeks_and_reps() -> None:
    cut = pieces(140, 30, reps=7, working_days=22)
    assert round(float(cut.per_day), 3) == 4.667
    assert round(float(cut.per_working_day or 0), 3) == 6.364
    assert cut.per_week == Fraction(140 * 7, 30)
    assert cut.per_rep == 20
