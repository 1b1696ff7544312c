"""From the quota back to the leads: quota × share → revenue → customers → leads, exact until the last step.

Needed leads are rounded up once, at the end. Rounding customers first would ask for 300 leads where 286
do (quota 100,000 at 60 %, deals of 7,000, 3 % closing), so the chain keeps fractions and shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from smarketing.plan.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the chain starts from. Shares and rates are ratios in [0, 1]; amounts are in one currency.

    `revenue_goal` or `customers` may be given instead of what they follow from. `close_rate` is from lead to
    customer; `win_rate` from opportunity to customer, for the pipeline.
    """

    quota: Fraction | None = None
    marketing_share: Fraction | None = None
    average_deal: Fraction | None = None
    close_rate: Fraction | None = None
    win_rate: Fraction | None = None
    revenue_goal: Fraction | None = None
    customers: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """The chain, unrounded, with what each link follows from.

    leads_needed is the one rounded number: the promise. value_per_lead is what a lead is worth on average.
    A link that cannot be computed says why (Quantity.lack) and takes every later one with it.
    """

    inputs: Inputs
    revenue_goal: Quantity
    customers: Quantity
    leads: Quantity
    value_per_lead: Quantity
    pipeline: Quantity
    pipeline_coverage: Quantity

    @property
    def leads_needed(self) -> int | None:
        return self.leads.rounded_up

    @property
    def leads_rounding_customers_first(self) -> int | None:
        """What the other rounding policy would ask for; shown beside ours, never used."""
        return (Quantity.of("customers", self.customers.rounded_up) / close_rate(self.inputs)).rounded_up


@dataclass(frozen=True, slots=True)
class Supported:
    """What a number of leads supports: the chain walked forwards."""

    leads: Quantity
    customers: Quantity
    revenue: Quantity
    quota: Quantity


def close_rate(inputs: Inputs) -> Quantity:
    return Quantity.of("close_rate", inputs.close_rate)


def lead_plan(inputs: Inputs) -> LeadPlan:
    """The leads that marketing must deliver so that sales can reach its quota.

    Takes    inputs   the quota, and how leads become customers and customers money
    Returns  every link of the chain as an exact fraction, and the leads rounded up once
    Null     a link whose inputs are absent or zero, with the reason; never 0 or infinity
    """
    deal = Quantity.of("average_deal", inputs.average_deal)
    share = Quantity.of("marketing_share", inputs.marketing_share).above_zero()
    revenue = Quantity.of("quota", inputs.quota).above_zero() * share
    if inputs.revenue_goal is not None:
        revenue = Quantity.of("revenue_goal", inputs.revenue_goal).above_zero()
    revenue = revenue.named("revenue_goal")
    customers = revenue / deal
    if inputs.customers is not None:
        customers = Quantity.of("customers", inputs.customers).above_zero()
        revenue = revenue if revenue.value is not None else (customers * deal).named("revenue_goal")
    customers = customers.named("customers")
    pipeline = (revenue / Quantity.of("win_rate", inputs.win_rate)).named("pipeline")
    return LeadPlan(
        inputs=inputs,
        revenue_goal=revenue,
        customers=customers,
        leads=(customers / close_rate(inputs)).named("leads"),
        value_per_lead=(deal * close_rate(inputs)).named("value_per_lead"),
        pipeline=pipeline,
        pipeline_coverage=(pipeline / revenue).named("pipeline_coverage"),
    )


def supported_quota(leads: Fraction | int, inputs: Inputs) -> Supported:
    """The quota that `leads` support at these rates: the inverse of `lead_plan`."""
    n_leads = Quantity.of("leads", leads)
    customers = (n_leads * close_rate(inputs)).named("customers")
    revenue = (customers * Quantity.of("average_deal", inputs.average_deal)).named("revenue")
    share = Quantity.of("marketing_share", inputs.marketing_share)
    return Supported(n_leads, customers, revenue, (revenue / share).named("quota"))


def average_deal(revenue: Fraction | int, n_customers: int) -> Quantity:
    """Revenue from closed customers ÷ customers."""
    return (Quantity.of("revenue", revenue) / Quantity.of("customers", n_customers)).named("average_deal")


def funnel(leads: Fraction | int, shares: dict[str, Fraction]) -> dict[str, Fraction]:
    """How many of `leads` reach each stage, when `shares` are shares of the leads: 1,000 at 5 % are 50 customers."""
    return {stage: leads * share for stage, share in shares.items()}
