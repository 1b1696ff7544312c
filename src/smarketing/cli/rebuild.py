"""`smarketing rebuild`: throw away what is made from the ledger's facts, and make it again."""

from __future__ import annotations

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal


@app.command(help=say("Make the copies of the ledger's facts again from the database; nothing is lost."))
def rebuild(
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import set_up_django

    set_up_django()
    from smarketing.workflows.rebuild_facts import rebuild_facts

    with terminal(stderr=True).status(say("Rebuilding")):
        found = rebuild_facts()
    if as_json:
        answer = {"path": str(found.path), "sequence": found.sequence, "rows": found.n_rows, "n_leads": found.n_leads}
        print_json(answer)
        return
    rows = say.plural("{n} row", "{n} rows", sum(found.n_rows.values()))
    leads = say.plural("{n} lead", "{n} leads", found.n_leads)
    told = say("Made again in {path}: {rows} at sequence {sequence}, and the replica of {leads}.",
               path=found.path, rows=rows, sequence=found.sequence, leads=leads)  # fmt: skip
    terminal().print(told, soft_wrap=True, markup=False)
