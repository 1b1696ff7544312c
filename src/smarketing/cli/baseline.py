"""`smarketing baseline`: what the past months say about close rate, deal and share, and what the next one needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say
from smarketing.cli.opened import FactsPath, versions_at

if TYPE_CHECKING:
    from smarketing.workflows.measure_baseline import Measured

NOT_COMPUTABLE = 4

AgreementFile = Annotated[
    Path | None, typer.Option("--agreement", help=say("Agreement whose zone, sources and stages read the facts."))
]
Months = Annotated[int, typer.Option("--months", min=1, help=say("Months of facts to look back, 6 or 12."))]
LagMonths = Annotated[
    int | None, typer.Option("--lag-months", min=0, help=say("Months from lead to customer; measured if left out."))
]
Stage = Annotated[
    Literal["lead", "mql", "sql"], typer.Option("--stage", help=say("What customers are measured against."))
]
Quota = Annotated[str | None, typer.Option("--quota", help=say("Next month's sales quota; adds the leads it needs."))]


@app.command(help=say("Measure on the facts how marketing's leads became customers, and propose the next numbers."))
def baseline(
    facts: FactsPath = None,
    agreement: AgreementFile = None,
    months: Months = 12,
    lag_months: LagMonths = None,
    stage: Stage = "lead",
    quota: Quota = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.baseline_tables import show_baseline
    from smarketing.plan.answer import baseline_answer, lag_answer, tracker_answer
    from smarketing.plan.realism import realism
    from smarketing.plan.sentences import caution
    from smarketing.workflows.measure_baseline import measure_baseline
    from smarketing.workflows.open_facts import open_facts

    found = measure_baseline(
        open_facts(facts),
        agreement=versions_at(agreement)[-1] if agreement else None,
        n_months=months,
        lag_months=lag_months,
        stage=stage,
        now=instant(now),
        say=say,
    )
    answer = baseline_answer(found.baseline, say)
    answer |= {
        "zone": found.agreement.zone,
        "currency": found.agreement.currency,
        "as_of": found.now_on.isoformat(),
        "lag": lag_answer(found.lag),
        "tracker": tracker_answer(found.tracker, found.now_on),
    }
    if agreement:
        thoughts = realism(found.agreement, found.complete, found.baseline)
        answer["warnings"] += [{"name": each.name, "sentence": caution(each, say)} for each in thoughts]
    if quota is not None:
        answer["proposal"] = _proposal(found, quota)
    print_json(answer) if as_json else show_baseline(answer)
    if found.baseline.close_rate.value is None:
        raise typer.Exit(NOT_COMPUTABLE)


def _proposal(found: Measured, quota: str) -> dict[str, Any]:
    """The chain for the month after this one, and the chance that leads keep coming as they did."""
    import numpy as np

    from smarketing.plan.answer import chain_answer, odds_answer
    from smarketing.plan.calculator import lead_plan
    from smarketing.plan.numbers import amount
    from smarketing.plan.odds import odds
    from smarketing.terms.period import Grain, period_of

    chain = lead_plan(found.baseline.inputs(amount(quota, where="--quota", words=say)))
    ahead = period_of(Grain.MONTH, found.now_on).next()
    answer = chain_answer(
        chain, say, frozenset({"marketing_share", "average_deal", "close_rate"}), found.agreement.currency
    )
    answer["period"] = ahead.label
    if chain.leads_needed is not None:
        past = found.daily[-365:].astype(np.float64)
        weekdays = (found.daily_from.weekday() + np.arange(len(found.daily)))[-365:] % 7
        coming = np.array([on.weekday() for on in ahead.days])
        answer["odds"] = odds_answer(odds(past, weekdays, coming, goal=chain.leads_needed))
    return answer
