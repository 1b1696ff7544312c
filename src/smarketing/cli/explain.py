"""`smarketing explain`: why one lead stands where it stands under one commitment, to the second."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.complete import offered_commitments
from smarketing.cli.console import instant, print_json, say

LeadId = Annotated[str, typer.Argument(help=say("Id of the lead, as its source spells it."), show_default=False)]
CommitmentId = Annotated[
    str,
    typer.Option("--commitment", help=say("Id of the commitment: speed."), autocompletion=offered_commitments),
]
AgreementFile = Annotated[
    Path, typer.Option("--agreement", help=say("The agreement: a file, or a folder of its versions."))
]
Facts = Annotated[Path, typer.Option("--facts", help=say("Folder of facts, as import makes it."))]


@app.command(help=say("Explain the verdict of one lead under one commitment: time, pauses, touches, and why."))
def explain(
    lead: LeadId,
    commitment: CommitmentId,
    agreement: AgreementFile,
    facts: Facts,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.explain_tables import show_explanation
    from smarketing.workflows.explain_lead import explain_lead

    found = explain_lead(lead, commitment=commitment, agreement=agreement, facts=facts, now=instant(now), say=say)
    print_json(found.to_json()) if as_json else show_explanation(found)
