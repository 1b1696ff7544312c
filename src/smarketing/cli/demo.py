"""`smarketing demo`: the site with a made-up company in it, ready to sign in; or that company's walk, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal

WIDE = 140  # columns of the sign-ins, whatever the terminal is

Directory = Annotated[
    Path | None, typer.Option("--directory", help=say("Folder for the demo; made if there is none, found again later."))
]
Leads = Annotated[int | None, typer.Option("--leads", help=say("About how many leads come in: up to 100,000."))]
Seed = Annotated[int | None, typer.Option("--seed", help=say("With --pipeline: another seed is another company."))]
Until = Annotated[
    str | None, typer.Option("--until", help=say("With --pipeline: last day of its fourteen months: 2026-10-21."))
]
Open = Annotated[bool | None, typer.Option("--open/--no-open", help=say("Open it in the browser, or do not."))]
Pipeline = Annotated[
    bool, typer.Option("--pipeline", help=say("No site: import, check, score and explain, and write a page."))
]
Fresh = Annotated[bool, typer.Option("--fresh", help=say("Throw away an earlier demo in that folder first."))]
Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help=say("Port to listen on; one that is free if left out."))
]
Host = Annotated[str, typer.Option("--host", help=say("Address to listen on."))]


@app.command(help=say("Serve the site with a made-up company in it, and say who can sign in."))
def demo(
    directory: Directory = None,
    leads: Leads = None,
    seed: Seed = None,
    until: Until = None,
    open_page: Open = None,
    pipeline: Pipeline = False,
    fresh: Fresh = False,
    host: Host = "127.0.0.1",
    port: Port = None,
    as_json: Json = False,
    lang: Lang = say.language,
) -> None:
    if pipeline:
        from smarketing.cli.demo_pipeline import USUAL_FOLDER, walk_pipeline

        walk_pipeline(
            directory or USUAL_FOLDER, leads=leads, seed=seed, until=until, open_page=bool(open_page), as_json=as_json
        )
        return
    from smarketing.cli.demo_site import prepared, usual_port
    from smarketing.cli.serve import serve_site

    home, sign_ins = prepared(directory, leads, is_fresh=fresh)

    def tell(address: str) -> None:
        if as_json:
            print_json({"address": address, "directory": str(home), "sign_ins": sign_ins})
        else:
            _show(address, home, sign_ins)

    code = serve_site(
        host, usual_port(host) if port is None else port, 1, lang, tell, open_at=None if open_page is False else "/"
    )
    raise typer.Exit(code)


def _show(address: str, home: Path, sign_ins: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    out = terminal()
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for title in (say("Who"), say("What they are here"), say("E-mail"), say("Password")):
        table.add_column(title, no_wrap=True)
    for each in sign_ins:
        table.add_row(each["name"], say(each["role"]), each["email"], each["password"])
    out.print(say("The demo is at {address}", address=address), style="bold")
    out.print()
    Console(highlight=False, width=max(out.width, WIDE)).print(table)  # a password that is cut lets nobody in
    out.print()
    out.print(say("It lives in {folder}. Ctrl-C ends it; the same command goes on with it.", folder=home), style="dim")
