"""`smarketing alert`: rules of warning tried on the past, and whether the present ones keep up."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say, terminal
from smarketing.cli.opened import AgreementPath, FactsPath, versions_at

alert = typer.Typer(help=say("Rules of warning, and what they would have said."), no_args_is_help=True)
app.add_typer(alert, name="alert")
Days = Annotated[int, typer.Option("--days", min=1, max=366, help=say("Days to look back."))]


@alert.command(help=say("How many notices each rule of an agreement would have sent lately."))
def preview(
    agreement: AgreementPath = None,
    facts: FactsPath = None,
    days: Days = 30,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_facts, open_ledger

    versions, at = versions_at(agreement), instant(now)
    open_ledger()
    from smarketing.workflows.preview_alerts import preview_alerts, preview_answer
    from smarketing.workflows.read_directory import read_directory

    found = preview_alerts(versions[-1], open_facts(facts), directory=read_directory(at), now=at, n_days=days)
    answer = preview_answer(found, versions[-1], say, days)
    print_json({"days": days, "rules": answer}) if as_json else _show(answer)


@alert.command(help=say("Let moments that broke and were set aside be raised again."))
def retry(lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.raise_alerts import retry_parked

    terminal().print(say("{n} moments wait again; a worker raises them.", n=say.number(retry_parked())))


def _show(answer: list[dict[str, Any]]) -> None:
    from rich.table import Table

    if not answer:
        terminal().print(say("This agreement has no rules of warning."))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in (say("Rule"), say("Fires"), say("Times"), say("Notices"), say("Not told")):
        table.add_column(title)
    for rule in (rule for rule in answer if rule["is_tried"]):
        untold = ", ".join(f"{code} {n}" for code, n in rule["reasons"].items())
        table.add_row(rule["rule"], rule["when"], str(rule["n_moments"]), str(rule["n_notices"]), untold)
    terminal().print(table)
    for rule in (rule for rule in answer if not rule["is_tried"]):
        terminal().print(f"{rule['rule']} · {rule['when']}: {rule['sentence']}", style="dim")
