"""The same calculation for each tier of leads, and leads weighed by what they are worth instead of counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from smarketing.plan.calculator import Inputs, LeadPlan
from smarketing.plan.quantity import Quantity


class ShareOf(StrEnum):
    """What the tiers divide among them.

    LEADS    the mix of leads: 20 % of all leads are directors
    REVENUE  the revenue goal: half of the money comes from directors
    """

    LEADS = "leads"
    REVENUE = "revenue"


@dataclass(frozen=True, slots=True)
class Tier:
    """One quality of leads. Its own close rate and deal size hold instead of the plan's where they are given."""

    id: str
    share: Fraction | None = None
    worth: Fraction | None = None
    close_rate: Fraction | None = None
    average_deal: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TierGoal:
    """What one tier must bring. `value` is leads_needed × worth, or × the money a lead brings on average."""

    tier: Tier
    leads: Quantity
    revenue: Quantity
    value_per_lead: Quantity
    value: Quantity

    @property
    def leads_needed(self) -> int | None:
        return self.leads.rounded_up


@dataclass(frozen=True, slots=True)
class TierPlan:
    """All tiers. Each tier is a promise of its own, so each is rounded up once; `leads_needed` adds the promises."""

    goals: tuple[TierGoal, ...]
    leads: Quantity
    leads_needed: int | None
    value_needed: Quantity


def tier_plan(plan: LeadPlan, tiers: Sequence[Tier], share_of: ShareOf) -> TierPlan:
    """The leads and the value that each tier must bring to reach the plan's revenue goal.

    Takes    plan      its revenue goal is divided; its close rate and deal hold where a tier has none
             tiers     with shares that add up to 1
    Null     as in `lead_plan`: the reason is that of the first quantity that is missing or zero
    """
    each = [_value_per_lead(tier, plan.inputs) for tier in tiers]
    if share_of is ShareOf.LEADS:
        mix = _total([value * _share(tier) for tier, value in zip(tiers, each, strict=True)])
        all_leads = plan.revenue_goal / mix.named("value_per_lead")
        leads = [all_leads * _share(tier) for tier in tiers]
    else:
        leads = [plan.revenue_goal * _share(tier) / value for tier, value in zip(tiers, each, strict=True)]
    goals = tuple(_goal(*row) for row in zip(tiers, leads, each, strict=True))
    needed = [goal.leads_needed for goal in goals]
    return TierPlan(
        goals=goals,
        leads=_total(leads).named("leads"),
        leads_needed=None if None in needed else sum(n for n in needed if n is not None),
        value_needed=_total([goal.value for goal in goals]).named("value"),
    )


def value_of(counts: dict[str, int], worths: dict[str, Fraction]) -> Fraction:
    """Leads weighed by worth: 3 at 100, 4 at 50 and 5 at 40 are 700."""
    return sum((n * worths[tier] for tier, n in counts.items()), Fraction(0))


def _goal(tier: Tier, leads: Quantity, each: Quantity) -> TierGoal:
    worth = each if tier.worth is None else Quantity.of("worth", tier.worth)
    needed = Quantity(leads.name, None if leads.value is None else Fraction(leads.rounded_up or 0), leads.lack)
    return TierGoal(
        tier=tier,
        leads=leads.named("leads"),
        revenue=(leads * each).named("revenue"),
        value_per_lead=worth.named("value_per_lead"),
        value=(needed * worth).named("value"),
    )


def _value_per_lead(tier: Tier, inputs: Inputs) -> Quantity:
    rate = Quantity.of("close_rate", inputs.close_rate if tier.close_rate is None else tier.close_rate)
    deal = Quantity.of("average_deal", inputs.average_deal if tier.average_deal is None else tier.average_deal)
    return rate.above_zero() * deal.above_zero()


def _share(tier: Tier) -> Quantity:
    return Quantity.of("share", tier.share)


def _total(quantities: Sequence[Quantity]) -> Quantity:
    for quantity in quantities:
        if quantity.value is None:
            return quantity
    return Quantity("", sum((q.value for q in quantities if q.value is not None), Fraction(0)))
