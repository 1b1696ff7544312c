"""`smarketing plan`: from the quota back to the leads, forwards again, per tier, and against the hours of the reps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say, typed
from smarketing.terms.errors import UserError

if TYPE_CHECKING:
    from smarketing.ledger.store import Facts
    from smarketing.plan.calculator import Inputs
    from smarketing.plan.read_tiers import Tiers
    from smarketing.terms.agreement import Capacity

NOT_COMPUTABLE = 4

Text = str | None
Quota = Annotated[Text, typer.Option("--quota", help=say("Revenue that sales must close in the period."))]
Share = Annotated[Text, typer.Option("--marketing-share", help=say("Share of it from marketing's leads: 60%."))]
Deal = Annotated[Text, typer.Option("--average-deal", help=say("Revenue of one customer: 7000, or 500000/25."))]
Close = Annotated[Text, typer.Option("--close-rate", help=say("Share of leads that become customers: 3%, or 10/200."))]
Win = Annotated[Text, typer.Option("--win-rate", help=say("Share of opportunities won; adds the pipeline needed."))]
Goal = Annotated[Text, typer.Option("--revenue-goal", help=say("Revenue from marketing's leads, instead of a quota."))]
Customers = Annotated[Text, typer.Option("--customers", help=say("Customers needed, instead of a quota."))]
Leads = Annotated[Text, typer.Option("--leads", help=say("The other way round: the quota that so many leads support."))]
Length = Annotated[
    str, typer.Option("--period", help=say("What the quota is for: month, quarter, year, week, or one like 2024-05."))
]
Reps = Annotated[int | None, typer.Option("--reps", min=1, help=say("Reps who share the leads."))]
Days = Annotated[int | None, typer.Option("--working-days", min=1, help=say("Working days in the period."))]
TierFile = Annotated[
    Path | None, typer.Option("--tiers", help=say("YAML file of tiers: share, worth, own close rate and deal."))
]
Funnel = Annotated[
    Text, typer.Option("--funnel", help=say("Stages as shares of the leads: connected=50%,demo=30%,customer=5%."))
]
FromFacts = Annotated[
    Path | None,
    typer.Option(
        "--from-facts", help=say("Folder of facts that fills in what is not given here; the ledger if left out.")
    ),
]
Months = Annotated[int, typer.Option("--months", min=1, help=say("Months of facts to look back, 6 or 12."))]
Stage = Annotated[
    Literal["lead", "mql", "sql"],
    typer.Option("--stage", help=say("What the facts' customers are measured against, and so what is planned.")),
]
AgreementFile = Annotated[
    Path | None, typer.Option("--agreement", help=say("Agreement whose zone, sources and stages read the facts."))
]
Attempts = Annotated[
    Text, typer.Option("--attempts", help=say("Follow-up attempts promised per lead; adds the capacity check."))
]
Minutes = Annotated[Text, typer.Option("--minutes-per-attempt", help=say("Minutes that one attempt takes."))]
Hours = Annotated[Text, typer.Option("--hours-per-rep", help=say("Working hours of one rep in the period."))]
TimeShare = Annotated[Text, typer.Option("--time-share", help=say("Share of those hours for marketing's leads."))]
Automated = Annotated[Text, typer.Option("--automated", help=say("Share of attempts that cost nobody time."))]


@app.command(help=say("Work back from the sales quota to the leads that marketing must deliver."))
def plan(
    quota: Quota = None,
    marketing_share: Share = None,
    average_deal: Deal = None,
    close_rate: Close = None,
    win_rate: Win = None,
    revenue_goal: Goal = None,
    customers: Customers = None,
    leads: Leads = None,
    period: Length = "month",
    reps: Reps = None,
    working_days: Days = None,
    tiers: TierFile = None,
    funnel: Funnel = None,
    attempts: Attempts = None,
    minutes_per_attempt: Minutes = None,
    hours_per_rep: Hours = None,
    time_share: TimeShare = "100%",
    automated: Automated = "0%",
    from_facts: FromFacts = None,
    months: Months = 12,
    stage: Stage = "lead",
    agreement: AgreementFile = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.plan_tables import show_plan
    from smarketing.plan.answer import chain_answer, pieces_answer, supported_answer
    from smarketing.plan.calculator import Inputs, lead_plan, supported_quota
    from smarketing.plan.pieces import pieces

    inputs = Inputs(
        quota=_amount(quota, "--quota"),
        marketing_share=_ratio(marketing_share, "--marketing-share"),
        average_deal=_amount(average_deal, "--average-deal"),
        close_rate=_ratio(close_rate, "--close-rate"),
        win_rate=_ratio(win_rate, "--win-rate"),
        revenue_goal=_amount(revenue_goal, "--revenue-goal"),
        customers=_amount(customers, "--customers"),
    )
    n_leads, weighed = _amount(leads, "--leads"), _tiers(tiers)
    _check_has_start(inputs, n_leads, weighed)
    lacks = _lacks(inputs, is_forwards=n_leads is not None, is_weighed=bool(weighed and weighed.counts))
    source = _facts(from_facts, lacks=lacks)
    inputs, measured, filled = _filled(inputs, source, agreement, months, stage, now)
    chain = lead_plan(inputs)
    answer: dict[str, Any] = chain_answer(chain, say, filled) | {"period": period}
    promised = n_leads if n_leads is not None else Fraction(chain.leads_needed) if chain.leads_needed else None
    if promised:
        cut = pieces(promised, _days(period), reps=reps, working_days=working_days)
        answer |= {"per": pieces_answer(cut), "weekly_reports": cut.weekly_reports}
    if n_leads is not None:
        answer["supported"] = supported_answer(supported_quota(n_leads, inputs), say)
    answer |= _of_tiers(chain, weighed) | _of_funnel(promised, funnel)
    answer |= _of_capacity(
        promised, attempts, _capacity(reps, minutes_per_attempt, hours_per_rep, time_share, automated)
    )
    answer["baseline"] = measured
    print_json(answer) if as_json else show_plan(answer)
    if _is_broken(answer):
        raise typer.Exit(NOT_COMPUTABLE)


def _amount(text: Text, where: str) -> Fraction | None:
    from smarketing.plan.numbers import amount

    return None if text is None else amount(text, where=where, words=say)


def _ratio(text: Text, where: str) -> Fraction | None:
    from smarketing.plan.numbers import ratio

    return None if text is None else ratio(text, where=where, words=say)


def _tiers(path: Path | None) -> Tiers | None:
    from smarketing.plan.read_tiers import read_tiers

    return None if path is None else read_tiers(path, say)


def _check_has_start(inputs: Inputs, leads: Fraction | None, tiers: Tiers | None) -> None:
    starts = (inputs.quota, inputs.revenue_goal, inputs.customers, leads)
    if all(start is None for start in starts) and not (tiers and tiers.counts):
        raise UserError(
            say("There is nothing to plan from."),
            hint=say("Give --quota, --revenue-goal, --customers or --leads."),
        )


def _lacks(inputs: Inputs, *, is_forwards: bool, is_weighed: bool) -> bool:
    """Whether the chain needs a number that was not given."""
    if all(start is None for start in (inputs.quota, inputs.revenue_goal, inputs.customers)):
        if not is_forwards:
            return not is_weighed
        return None in (inputs.marketing_share, inputs.average_deal, inputs.close_rate)
    needs_share = inputs.quota is not None and inputs.revenue_goal is None and inputs.customers is None
    return (
        inputs.close_rate is None
        or (inputs.average_deal is None and inputs.customers is None)
        or (inputs.marketing_share is None and (needs_share or is_forwards))
    )


def _facts(path: Path | None, *, lacks: bool) -> Facts | None:
    """Those of the folder; else, where a number is lacking, the ledger's; None where it has none."""
    from smarketing.workflows.open_facts import facts_if_any, open_facts

    if path is not None:
        return open_facts(path)
    return facts_if_any() if lacks else None


def _filled(
    inputs: Inputs, facts: Facts | None, agreement: Path | None, months: int, stage: str, now: str | None
) -> tuple[Inputs, dict[str, Any] | None, frozenset[str]]:
    """The inputs, with the missing ones measured on facts, and the baseline they came from."""
    if facts is None:
        return inputs, None, frozenset()
    from dataclasses import replace

    from smarketing.cli.opened import versions_at
    from smarketing.plan.answer import baseline_answer
    from smarketing.workflows.measure_baseline import measure_baseline

    at = instant(now)
    draft = versions_at(agreement)[-1] if agreement else None
    found = measure_baseline(facts, agreement=draft, n_months=months, stage=stage, now=at, say=say).baseline
    known = found.inputs()
    absent = [name for name in ("marketing_share", "average_deal", "close_rate") if getattr(inputs, name) is None]
    filled = {name: getattr(known, name) for name in absent if getattr(known, name) is not None}
    return replace(inputs, **filled), baseline_answer(found, say), frozenset(filled)


def _days(period: str) -> Fraction:
    """Days in the period: exact for one like 2024-05, the Gregorian mean for `month`."""
    from smarketing.plan.pieces import DAYS
    from smarketing.terms.period import Grain, read_period

    if period in [grain.value for grain in Grain]:
        return DAYS[Grain(period)]
    with typed("--period"):
        return Fraction(read_period(period).n_days)


def _of_tiers(chain: Any, tiers: Tiers | None) -> dict[str, Any]:
    from smarketing.plan.answer import tiers_answer
    from smarketing.plan.quantity import plain_number
    from smarketing.plan.tiers import tier_plan, value_of

    if tiers is None:
        return {}
    answer: dict[str, Any] = {}
    if tiers.has_shares and chain.revenue_goal.value is not None:
        answer = {"by_tier": tiers_answer(tier_plan(chain, tiers.tiers, tiers.share_of), say)}
    if tiers.counts:
        worths = {tier.id: tier.worth or Fraction(0) for tier in tiers.tiers}
        answer["value_delivered"] = plain_number(value_of(tiers.counts, worths))
    return answer


def _of_funnel(leads: Fraction | None, text: Text) -> dict[str, Any]:
    from smarketing.plan.calculator import funnel
    from smarketing.plan.quantity import plain_number

    if text is None or leads is None:
        return {}
    shares = {}
    for part in text.split(","):
        stage, equals, share = part.partition("=")
        if not equals:
            raise UserError(
                say('"{text}" has no share.', text=part.strip()),
                where="--funnel",
                hint=say("Write stages with their shares: connected=50%,demo=30%."),
            )
        shares[stage.strip()] = _ratio(share, f"--funnel {stage.strip()}") or Fraction(0)
    return {"funnel": {stage: plain_number(n) for stage, n in funnel(leads, shares).items()}}


def _capacity(reps: int | None, minutes: Text, hours: Text, share: Text, automated: Text) -> Capacity | None:
    """The team behind --attempts; None unless both its minutes and its hours are given."""
    from decimal import Decimal

    from pydantic import ValidationError

    from smarketing.terms.agreement import Capacity

    if minutes is None or hours is None:
        return None
    numbers = {
        "hours_per_rep": _amount(hours, "--hours-per-rep"),
        "marketing_share": _ratio(share, "--time-share"),
        "minutes_per_attempt": _amount(minutes, "--minutes-per-attempt"),
        "automated_share": _ratio(automated, "--automated"),
    }
    try:
        return Capacity.model_validate(
            {"reps": reps or 1}
            | {name: Decimal(n.numerator) / Decimal(n.denominator) for name, n in numbers.items() if n is not None}
        )
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).replace("_", "-")
        raise UserError(
            say("This capacity leaves no hours to work with."),
            where=f"--{name}",
            hint=say("Hours and minutes are above zero, and not every attempt is automated."),
        ) from error


def _of_capacity(leads: Fraction | None, attempts: Text, capacity: Capacity | None) -> dict[str, Any]:
    from smarketing.plan.answer import capacity_answer
    from smarketing.plan.capacity import capacity_use
    from smarketing.plan.realism import capacity_cautions
    from smarketing.plan.sentences import caution

    wanted = _amount(attempts, "--attempts")
    if wanted and capacity is None:
        raise UserError(
            say("The capacity check needs the minutes of an attempt and the hours of a rep."),
            where="--attempts",
            hint=say("Add --minutes-per-attempt and --hours-per-rep."),
        )
    if not wanted or capacity is None or not leads:
        return {}
    use = capacity_use(leads, wanted, capacity)
    warnings = [{"name": each.name, "sentence": caution(each, say)} for each in capacity_cautions(use, say("the team"))]
    return {"capacity": capacity_answer(use) | {"warnings": warnings}}


def _is_broken(answer: dict[str, Any]) -> bool:
    """Whether a question was asked that the numbers cannot answer."""
    if not answer["inputs"] and ("value_delivered" in answer or "capacity" in answer):
        return False  # nobody asked for the chain
    if "supported" in answer:
        return answer["supported"]["quota"] is None and answer["leads_needed"] is None
    return answer["leads_needed"] is None
