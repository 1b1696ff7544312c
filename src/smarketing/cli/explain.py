"""`smarketing explain`: why one lead stands where it stands under one commitment, to the second."""

from __future__ import annotations

from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.complete import offered_commitments
from smarketing.cli.console import instant, print_json, say
from smarketing.cli.opened import AgreementPath, FactsPath, versions_at

LeadId = Annotated[str, typer.Argument(help=say("Id of the lead, as its source spells it."), show_default=False)]
CommitmentId = Annotated[
    str,
    typer.Option("--commitment", help=say("Id of the commitment: speed."), autocompletion=offered_commitments),
]


@app.command(help=say("Explain the verdict of one lead under one commitment: time, pauses, touches, and why."))
def explain(
    lead: LeadId,
    commitment: CommitmentId,
    agreement: AgreementPath = None,
    facts: FactsPath = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.explain_tables import show_explanation
    from smarketing.workflows.explain_lead import explain_lead
    from smarketing.workflows.open_facts import open_facts

    versions, at = versions_at(agreement), instant(now)
    found = explain_lead(lead, commitment=commitment, versions=versions, facts=open_facts(facts), now=at, say=say)
    print_json(found.to_json()) if as_json else show_explanation(found)
