"""Every link of the chain as a sentence in the reader's language, and every missing number as a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor

from smarketing.plan.backtest import BacktestLine
from smarketing.plan.baseline import Caution
from smarketing.plan.calculator import LeadPlan
from smarketing.plan.quantity import Lack, Quantity
from smarketing.terms.language import N_, Words
from smarketing.terms.promise_words import counted

CURRENCY = re.compile(r"[A-Z]{3}")
Money = Callable[[Fraction | None], str]
MISSING = {
    "quota": N_("The sales quota is not given."),
    "marketing_share": N_("The share of revenue that marketing's leads bring is not given."),
    "average_deal": N_("The average deal is not given."),
    "close_rate": N_("The close rate from lead to customer is not given."),
    "win_rate": N_("The win rate from opportunity to customer is not given."),
    "share": N_("A tier has no share."),
    "revenue": N_("There is no revenue to measure."),
    "customers": N_("The number of customers is not known."),
    "leads": N_("The number of leads is not known."),
}
ZERO = {
    "quota": N_("The sales quota is zero, so it asks for no leads in particular."),
    "revenue_goal": N_("The revenue goal is zero, so it asks for no leads in particular."),
    "marketing_share": N_(
        "No revenue is to come from marketing's leads, so no number of leads follows from the quota."
    ),
    "average_deal": N_("The average deal is zero: no number of customers makes the revenue."),
    "close_rate": N_("The close rate is zero: no number of leads makes a customer."),
    "win_rate": N_("The win rate is zero: no pipeline makes the revenue."),
    "value_per_lead": N_("The leads are worth nothing on average, so no number of them makes the revenue."),
    "customers": N_("There are no customers yet."),
    "leads": N_("There are no leads, so nothing can be divided by them."),
    "revenue": N_("There is no revenue from marketing's leads."),
    "total_revenue": N_("There is no revenue at all, so no share of it can be computed."),
}
CAUTIONS = {
    "short_window": N_("The window asked for has {asked} months; the data have {used}, so the numbers rest on {used}."),
    "lag_beyond_data": N_(
        "The lag in months is {lag}; months with leads so far back: {paired} of {used}. The close rate rests on those."
    ),
    "few_customers": N_("Few customers ({customers}) are behind these numbers; one more or less changes them much."),
    "more_customers_than_leads": N_(
        "There are more customers ({customers}) than leads ({leads}): leads are missing, or the lag is wrong."
    ),
    "wide_interval": N_("The close rate may be anything from {low} to {high} (95 % confidence)."),
    "immature": N_(
        "Of the customers that the leads of {month} will bring, {ratio} are won by now; the close rate may still move."
    ),
    "other_currency": N_("Won deals that are not in {currency} are left out: {n}."),
    "no_amount": N_("Won deals without an amount: {n} of {all}. They make the average deal too small."),
    "no_closing": N_(
        "Won deals without a closing date: {n} of {all}. They belong to no month, so the close rate is too small."
    ),
    "tight_capacity": N_("The promise uses {used} of the hours that {party} has for it: a bad week breaks it."),
    "over_capacity": N_(
        "The promise takes {used} of the hours that {party} has for it: {attempts} attempts per lead are promised, "
        "{affordable} can be kept."
    ),
    "automation_needed": N_("With {ratio} of the attempts automated, the promise would fit the hours of {party}."),
    "above_best_month": N_(
        "The promise of {promised} leads a month is more than any past month brought; "
        "the best of {months} brought {best}."
    ),
    "above_measured_rate": N_(
        "The promised conversion of {promised} is above anything the past supports (at most {high}, 95 % confidence)."
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One link: its name, its unrounded value and the sentence that shows how it came about."""

    name: str
    quantity: Quantity
    sentence: str


def why(lack: Lack, words: Words) -> str:
    """The reason why a number could not be computed."""
    known = ZERO if lack.is_zero else MISSING
    return words(known.get(lack.of, N_("A number it follows from is not known.")))


def caution(found: Caution, words: Words) -> str:
    """A reason to trust the numbers less, as a sentence."""
    return words(CAUTIONS[found.name], **{name: _shown(value, words) for name, value in found.values.items()})


def steps(plan: LeadPlan, words: Words, currency: str = "") -> tuple[Step, ...]:
    """The chain from the quota to the leads, a sentence for each link; a broken link says why.

    Takes    currency  of the amounts; bare numbers without one
    """
    money = partial(_amount, words=words, currency=currency)
    chain = [
        Step("revenue_goal", plan.revenue_goal, _revenue_goal(plan, words, money)),
        Step("customers_needed", plan.customers, _customers(plan, words, money)),
        Step("leads_needed", plan.leads, _leads(plan, words)),
    ]
    if plan.inputs.win_rate is not None:
        chain.append(Step("pipeline_needed", plan.pipeline, _pipeline(plan, words, money)))
    return tuple(chain)


def rounding(plan: LeadPlan, words: Words) -> str:
    """The rounding policy, with what the other one would have asked for where the two differ."""
    policy = words("Needed leads are rounded up once, at the end.")
    other = plan.leads_rounding_customers_first
    if other is None or other == plan.leads_needed:
        return policy
    return f"{policy} " + words("Rounding customers up first would ask for {leads} leads.", leads=words.number(other))


def _revenue_goal(plan: LeadPlan, words: Words, money: Money) -> str:
    given = plan.inputs
    if plan.revenue_goal.lack:
        return why(plan.revenue_goal.lack, words)
    goal = money(plan.revenue_goal.value)
    if given.revenue_goal is not None:
        return words("The revenue goal of {goal} is given.", goal=goal)
    if given.quota is None or given.marketing_share is None:
        return words("That many customers at the average deal bring {goal}.", goal=goal)
    return words(
        "Of the sales quota of {quota}, {share} is to come from marketing's leads: a revenue goal of {goal}.",
        quota=money(given.quota),
        share=percent(given.marketing_share, words),
        goal=goal,
    )


def _customers(plan: LeadPlan, words: Words, money: Money) -> str:
    if plan.customers.lack:
        return why(plan.customers.lack, words)
    customers = number(plan.customers.value, words)
    if plan.inputs.customers is not None:
        return words("The number of customers, {customers}, is given.", customers=customers)
    return words.plural(
        "At an average deal of {deal}, {goal} takes {customers} customer.",
        "At an average deal of {deal}, {goal} takes {customers} customers.",
        1 if plan.customers.value == 1 else 2,
        deal=money(plan.inputs.average_deal),
        goal=money(plan.revenue_goal.value),
        customers=customers,
    )


def _leads(plan: LeadPlan, words: Words) -> str:
    if plan.leads.lack:
        return why(plan.leads.lack, words)
    values = {
        "rate": percent(plan.inputs.close_rate, words),
        "customers": number(plan.customers.value, words),
        "leads": words.number(plan.leads_needed),
    }
    one_or_many = 1 if plan.customers.value == 1 else 2
    if plan.leads.value == plan.leads_needed:
        return words.plural(
            "At a close rate of {rate}, {customers} customer takes {leads} leads.",
            "At a close rate of {rate}, {customers} customers take {leads} leads.",
            one_or_many,
            **values,
        )
    return words.plural(
        "At a close rate of {rate}, {customers} customer takes {exact} leads, rounded up once to {leads}.",
        "At a close rate of {rate}, {customers} customers take {exact} leads, rounded up once to {leads}.",
        one_or_many,
        exact=number(plan.leads.value, words),
        **values,
    )


def _pipeline(plan: LeadPlan, words: Words, money: Money) -> str:
    if plan.pipeline.lack:
        return why(plan.pipeline.lack, words)
    return words(
        "At a win rate of {rate}, {goal} takes a pipeline of {pipeline}, {coverage} times the goal.",
        rate=percent(plan.inputs.win_rate, words),
        goal=money(plan.revenue_goal.value),
        pipeline=money(plan.pipeline.value),
        coverage=number(plan.pipeline_coverage.value, words),
    )


def backtest_sentence(line: BacktestLine, words: Words) -> str:
    """What the past says about one promise of a draft, and about a target that would have held."""
    values = {"title": line.title or line.id, "met": words.number(line.n_met), "judged": words.number(line.n_judged)}
    if not line.n_judged:
        return words('The past months have nothing that "{title}" could judge.', **values)
    judged = words('"{title}" would have been met in {met} of {judged} months.', **values)
    if line.suggested is None:
        return judged
    held = words(
        "A target of {target} would have been met in {held} of them.",
        target=in_unit(line.suggested, line.unit, words),
        held=words.number(line.n_met_by_suggestion),
    )
    return f"{judged} {held}"


def in_unit(value: float | None, unit: str, words: Words) -> str:
    """A commitment's number as people write it: 93 %, 1 h 5 min, 140 leads, €20,000.00."""
    if value is None:
        return words.number(None)
    if unit == "ratio":
        return words.percent(value)
    if unit == "seconds":
        return words.duration(value)
    if CURRENCY.fullmatch(unit):
        return words.money(value, unit)
    return counted(words.number(value, 0 if value == int(value) else 1), unit, words, is_one=value == 1)


def number(value: Fraction | None, words: Words) -> str:
    """A whole number without decimals, any other with two."""
    if value is None:
        return words.number(None)
    digits = 0 if value.denominator == 1 else 2
    return words.number(_rounded(value, digits), digits)


def _amount(value: Fraction | None, *, words: Words, currency: str) -> str:
    return words.money(_rounded(value, 2), currency) if currency and value is not None else number(value, words)


def percent(value: Fraction | None, words: Words) -> str:
    """A whole percentage without decimals, any other with two."""
    if value is None:
        return words.percent(None)
    digits = 0 if (value * 100).denominator == 1 else 2
    return words.percent(_rounded(value, digits + 2), digits)


def _shown(value: object, words: Words) -> str:
    if isinstance(value, float):
        return words.percent(_rounded(Fraction(repr(value)), 3))
    if isinstance(value, Fraction):
        return number(value, words)
    if isinstance(value, date):
        return words.month(value)
    return words.number(value) if isinstance(value, int) else str(value)


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, as people round: 156.25 % is 156.3 %."""
    return Decimal(floor(value * 10**digits + Fraction(1, 2))).scaleb(-digits)
