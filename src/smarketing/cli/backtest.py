"""`smarketing backtest`: what the past months would have scored under a draft, and targets that would have held."""

from __future__ import annotations

from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say
from smarketing.cli.opened import AgreementPath, FactsPath, versions_at

Months = Annotated[int, typer.Option("--months", min=1, max=12, help=say("Complete months to look back."))]
Reach = Annotated[
    str,
    typer.Option("--reach", help=say("Share of the months that a suggested target would have met: 75% is 9 of 12.")),
]


@app.command(help=say("Judge the past months as if a draft had been in force, before anybody signs it."))
def backtest(
    agreement: AgreementPath = None,
    facts: FactsPath = None,
    months: Months = 12,
    reach: Reach = "75%",
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.backtest_tables import show_backtest
    from smarketing.plan.answer import backtest_answer
    from smarketing.plan.numbers import ratio
    from smarketing.workflows.backtest_draft import backtest_draft
    from smarketing.workflows.open_facts import open_facts

    part = float(ratio(reach, where="--reach", words=say))
    versions, at = versions_at(agreement), instant(now)
    found = backtest_draft(versions, open_facts(facts), now=at, n_periods=months, part=part, say=say)
    answer = backtest_answer(found, say)
    print_json(answer) if as_json else show_backtest(answer)
