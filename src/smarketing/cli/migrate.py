"""`smarketing migrate`: the database in the shape that this version needs."""

from __future__ import annotations

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal


@app.command(help=say("Bring the database to the shape that this version needs."))
def migrate(as_json: Json = False, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.cli.serve import made_ready

    taken = made_ready()
    if as_json:
        print_json({"taken": taken})
        return
    for name in taken:
        terminal().print(name, style="dim")
    terminal().print(say("The database is ready."))
