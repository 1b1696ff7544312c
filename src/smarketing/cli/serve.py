"""`smarketing serve`: the site and its worker under one command, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal
from smarketing.cli.web import Host, Port, Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from smarketing.cli.supervisor import Supervisor

Open = Annotated[bool, typer.Option("--open/--no-open", help=say("Open the site in the browser."))]
PATIENCE_S = 60


@app.command(help=say("Serve the site and do its jobs, until Ctrl-C."))
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 0,
    open_browser: Open = False,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    def tell(address: str) -> None:
        if as_json:
            print_json({"address": address, "pid": os.getpid()})
        else:
            terminal().print(say("smarketing is at {address} (Ctrl-C ends it)", address=address), style="bold")

    raise typer.Exit(serve_site(host, port, workers, lang, tell, open_at="/" if open_browser else None))


def serve_site(
    host: str, port: int, workers: int, lang: str, tell: Callable[[str], None], *, open_at: str | None = None
) -> int:
    """Make the database ready, start the site and the worker, keep them running; returns the exit code.

    Takes   tell     told the address once the site answers
            open_at  path to open in the browser then
    """
    from smarketing.cli.ports import check_port_is_free, free_port
    from smarketing.cli.supervisor import Supervisor

    port = port or free_port(host)
    check_port_is_free(host, port)
    address = f"http://{_reachable(host)}:{port}"
    os.environ.setdefault("SMARKETING_URL", address)
    make_ready()
    listen = ("--host", host, "--port", str(port), "--workers", str(workers), "--lang", lang)
    children = Supervisor({"web": ("web", *listen), "worker": ("worker", "--lang", lang)}, _tell_death)
    children.start()
    if _answers(_reachable(host), port, children):
        tell(address)
        sys.stdout.flush()  # whoever waits for it at a pipe
        if open_at is not None:
            typer.launch(address + open_at)
    return children.watch()


def make_ready() -> None:
    """The same, and say so where something was to be done."""
    taken = made_ready()
    if taken:
        n_steps = say.plural("The database took {n} step.", "The database took {n} steps.", len(taken))
        terminal(stderr=True).print(n_steps, style="dim")


def made_ready() -> tuple[str, ...]:
    """Tables as this program needs them, and in production the style sheets and scripts in one folder.

    Returns  the steps that the database took
    """
    from smarketing.workflows.open_facts import set_up_django
    from smarketing.workflows.ready_database import ready_database

    set_up_django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    with terminal(stderr=True).status(say("Making the database ready")):
        taken = ready_database()
        if settings.IS_PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
    return taken


def _answers(host: str, port: int, children: Supervisor) -> bool:
    """Wait until the site answers; false when it will not."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and not children.is_leaving:
        try:
            asked = http.client.HTTPConnection(host, port, timeout=2)
            asked.request("GET", "/health/live", headers={"Host": "localhost"})
            if asked.getresponse().status == http.client.OK:
                return True
        except (OSError, http.client.HTTPException):
            if children.look():
                return False
            time.sleep(0.1)
        finally:
            asked.close()
    return False


def _tell_death(name: str, code: int, is_again: bool) -> None:
    if is_again:
        said = say("{name} ended with {code}; it is started again.", name=name, code=code)
    else:
        said = say("{name} ends with {code} each time it is started; see what it says above.", name=name, code=code)
    terminal(stderr=True).print(said, style="red", markup=False)


def _reachable(host: str) -> str:
    """Where a browser on this machine finds us."""
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
