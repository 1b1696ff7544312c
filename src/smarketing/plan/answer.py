"""A plan as plain values: what `plan --json` prints and a page would show; numbers rounded nowhere but at the leads."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from smarketing.plan.backtest import Backtest
from smarketing.plan.baseline import Baseline
from smarketing.plan.calculator import Inputs, LeadPlan, Supported
from smarketing.plan.capacity import CapacityUse
from smarketing.plan.lag import Lag
from smarketing.plan.odds import Odds
from smarketing.plan.pieces import Pieces
from smarketing.plan.quantity import Quantity, plain_number
from smarketing.plan.sentences import backtest_sentence, caution, in_unit, rounding, steps, why
from smarketing.plan.tiers import TierPlan
from smarketing.terms.language import Words

INPUTS = ("quota", "marketing_share", "average_deal", "close_rate", "win_rate", "revenue_goal", "customers")


def chain_answer(
    plan: LeadPlan, words: Words, measured: frozenset[str] = frozenset(), currency: str = ""
) -> dict[str, Any]:
    """The chain; `measured` names the inputs that came from facts instead of the command line."""
    lack = plan.leads.lack
    return {
        "inputs": _inputs(plan.inputs, measured),
        "revenue_goal": plan.revenue_goal.number,
        "customers_needed": plan.customers.number,
        "leads_needed": plan.leads_needed,
        "leads_unrounded": plan.leads.number,
        "value_per_lead": plan.value_per_lead.number,
        "pipeline_needed": plan.pipeline.number,
        "pipeline_coverage": plan.pipeline_coverage.number,
        "why": why(lack, words) if lack else None,
        "rounding": {
            "policy": "once_at_the_end",
            "sentence": rounding(plan, words),
            "leads_rounding_customers_first": plan.leads_rounding_customers_first,
        },
        "steps": [
            {
                "name": step.name,
                "value": step.quantity.number,
                "exact": step.quantity.exact,
                "sentence": step.sentence,
            }
            for step in steps(plan, words, currency)
        ],
    }


def pieces_answer(pieces: Pieces) -> dict[str, Any]:
    return {
        "days_in_period": plain_number(pieces.days),
        "month": plain_number(pieces.per_month),
        "week": plain_number(pieces.per_week),
        "day": plain_number(pieces.per_day),
        "working_day": _optional(pieces.per_working_day),
        "rep": _optional(pieces.per_rep),
        "rep_week": _optional(pieces.per_rep_week),
    }


def supported_answer(supported: Supported, words: Words) -> dict[str, Any]:
    lack = supported.quota.lack
    return {
        "leads": supported.leads.number,
        "customers": supported.customers.number,
        "revenue": supported.revenue.number,
        "quota": supported.quota.number,
        "why": why(lack, words) if lack else None,
    }


def tiers_answer(plan: TierPlan, words: Words) -> dict[str, Any]:
    """Leads and value per tier; `value` is leads_needed × worth."""
    return {
        "leads_needed": plan.leads_needed,
        "leads_unrounded": plan.leads.number,
        "value_needed": plan.value_needed.number,
        "tiers": [
            {
                "id": goal.tier.id,
                "share": _optional(goal.tier.share),
                "leads_needed": goal.leads_needed,
                "leads_unrounded": goal.leads.number,
                "revenue": goal.revenue.number,
                "value_per_lead": goal.value_per_lead.number,
                "value": goal.value.number,
                "why": why(goal.leads.lack, words) if goal.leads.lack else None,
            }
            for goal in plan.goals
        ],
    }


def capacity_answer(use: CapacityUse) -> dict[str, Any]:
    """Hours are of one rep in the period."""
    return {
        "leads_per_rep": plain_number(use.leads_per_rep),
        "attempts_per_lead": plain_number(use.attempts),
        "minutes_per_lead": plain_number(use.minutes_per_lead),
        "hours_needed": plain_number(use.hours_needed),
        "hours_available": plain_number(use.hours_available),
        "used_ratio": plain_number(use.used_ratio),
        "is_affordable": use.is_affordable,
        "affordable_attempts": use.affordable_attempts,
        "affordable_leads": use.affordable_leads,
        "hours_freed_by_automation": plain_number(use.hours_freed),
        "automated_share_needed": plain_number(use.automation_needed),
        "reps_needed": use.reps_needed,
    }


def baseline_answer(measured: Baseline, words: Words) -> dict[str, Any]:
    interval = measured.close_interval
    return {
        "counted": measured.counted,
        "months_asked": measured.n_months_asked,
        "months": [month.isoformat()[:7] for month in measured.months],
        "lead_months": [month.isoformat()[:7] for month in measured.lead_months],
        "lag_months": measured.lag_months,
        "n_leads": measured.n_leads,
        "n_customers": measured.n_customers,
        "n_customers_paired": measured.n_paired,
        "revenue": plain_number(measured.revenue),
        "total_revenue": plain_number(measured.total_revenue),
        "close_rate": _ratio(measured.close_rate, words)
        | {"low": interval[0] if interval else None, "high": interval[1] if interval else None},
        "average_deal": _ratio(measured.average_deal, words),
        "marketing_share": _ratio(measured.marketing_share, words),
        "matured_ratio": measured.matured_ratio,
        "warnings": [{"name": each.name, "sentence": caution(each, words)} for each in measured.cautions],
    }


def lag_answer(lag: Lag) -> dict[str, Any]:
    """Days are counted from the lead's creation; ratios are of all leads."""
    return {
        "days_until_half": lag.days_until(0.5),
        "days_until_90_percent": lag.days_until(0.9),
        "eventual_close_rate": lag.eventual_ratio,
        "standard_error": float(lag.standard_error[-1]),
    }


def tracker_answer(tracker: pl.DataFrame, now_on: date) -> list[dict[str, Any]]:
    """One object per month; the running month is not complete."""
    rows = []
    for row in tracker.iter_rows(named=True):
        money = {name: plain_number(Fraction(row[name])) for name in ("revenue", "total_revenue")}
        month = {"month": row["month"].isoformat()[:7], "is_complete": row["month"] < now_on.replace(day=1)}
        rows.append(row | money | month)
    return rows


def odds_answer(found: Odds) -> dict[str, Any]:
    return {
        "chance_ratio": found.chance_ratio,
        "low": found.low,
        "median": found.median,
        "high": found.high,
        "n_days_known": found.n_days_known,
        "n_paths": found.n_paths,
        "seed": found.seed,
    }


def backtest_answer(found: Backtest, words: Words) -> dict[str, Any]:
    """Numbers in the commitment's unit, and the same in words; `suggested` is null where the target already holds."""
    return {
        "periods": list(found.periods),
        "reach": found.part,
        "warnings": [{"name": each.name, "sentence": caution(each, words)} for each in found.cautions],
        "commitments": [
            {
                "id": line.id,
                "party": line.party,
                "kind": line.kind,
                "title": line.title,
                "target": line.target,
                "unit": line.unit,
                "n_met": line.n_met,
                "n_judged": line.n_judged,
                "suggested": line.suggested,
                "suggested_words": "" if line.suggested is None else in_unit(line.suggested, line.unit, words),
                "n_met_by_suggestion": line.n_met_by_suggestion,
                "sentence": backtest_sentence(line, words),
                "months": [
                    {
                        "period": month.label,
                        "actual": month.actual,
                        "actual_words": in_unit(month.actual, line.unit, words),
                        "target": month.target,
                        "is_met": month.is_met,
                        "n": month.n_judged,
                    }
                    for month in line.months
                ],
            }
            for line in found.lines
        ],
    }


def _ratio(quantity: Quantity, words: Words) -> dict[str, Any]:
    lack = quantity.lack
    return {"value": quantity.number, "exact": quantity.exact, "why": why(lack, words) if lack else None}


def _inputs(inputs: Inputs, measured: frozenset[str]) -> dict[str, Any]:
    given = {name: getattr(inputs, name) for name in INPUTS}
    return {
        name: {"value": _optional(value), "from": "facts" if name in measured else "given"}
        for name, value in given.items()
        if value is not None
    }


def _optional(value: Fraction | None) -> int | float | None:
    return None if value is None else plain_number(value)
