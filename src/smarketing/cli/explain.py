"""`smarketing explain`: why one lead stands where it stands under a commitment or all, to the second."""

from __future__ import annotations

from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.complete import offered_commitments
from smarketing.cli.console import instant, print_json, say
from smarketing.cli.opened import AgreementPath, FactsPath, versions_at

LeadId = Annotated[str, typer.Argument(help=say("Id of the lead, as its source spells it."), show_default=False)]
CommitmentId = Annotated[
    str | None,
    typer.Option(
        "--commitment",
        help=say("Id of the commitment: speed. All that judged the lead if left out."),
        autocompletion=offered_commitments,
    ),
]


@app.command(help=say("Explain the verdicts of one lead: time, pauses, touches, and why."))
def explain(
    lead: LeadId,
    commitment: CommitmentId = None,
    agreement: AgreementPath = None,
    facts: FactsPath = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.explain_tables import show_every, show_explanation
    from smarketing.workflows.explain_lead import explain_every, explain_lead
    from smarketing.workflows.open_facts import open_facts

    versions, at, opened = versions_at(agreement), instant(now), open_facts(facts)
    if commitment is None:
        every = explain_every(lead, versions=versions, facts=opened, now=at, say=say)
        return print_json({"explanations": [each.to_json() for each in every]}) if as_json else show_every(every)
    found = explain_lead(lead, commitment=commitment, versions=versions, facts=opened, now=at, say=say)
    return print_json(found.to_json()) if as_json else show_explanation(found)
