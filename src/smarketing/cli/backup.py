"""`smarketing backup`, `restore` and `sending`: keep an installation, bring it back, let it speak again."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal, typeable

Output = Annotated[Path | None, typer.Option("--output", help=say("File to write; in the home's backups if left out."))]
WithSecret = Annotated[
    bool, typer.Option("--with-secret", help=say("Put the key that signs sessions in as well; keep it like a key."))
]
Archive = Annotated[Path, typer.Argument(metavar="FILE", help=say("A backup."))]
Force = Annotated[bool, typer.Option("--force", help=say("Overwrite the installation that is here."))]


class Sending(StrEnum):
    HOLD = "hold"
    RELEASE = "release"


Wish = Annotated[Sending | None, typer.Argument(metavar="[hold|release]", help=say("Nothing only tells how it is."))]


@app.command(help=say("Write everything that cannot be computed again into one file, and read it back."))
def backup(
    output: Output = None,
    with_secret: WithSecret = False,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    _ready()
    from smarketing.workflows.take_backup import take_backup

    taken = take_backup(output, with_secret=with_secret, now=datetime.now(UTC))
    if as_json:
        print_json({"path": taken.path, "n_files": taken.n_files, "n_bytes": taken.n_bytes, "manifest": taken.manifest})
        return
    out = terminal()
    out.print(str(taken.path), style="bold", markup=False, soft_wrap=True)
    n_files = say.plural("{n} file", "{n} files", taken.n_files)
    size = say.number(taken.n_bytes / 1e6, 1)
    out.print(say("{files}, {size} MB, written and read back.", files=n_files, size=size))


@app.command(help=say("Bring a backup back into an empty home."))
def restore(
    archive: Archive,
    force: Force = False,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from dataclasses import asdict

    from smarketing.workflows.open_facts import set_up_django

    set_up_django()
    from smarketing.workflows.restore_backup import restore_backup

    restored = restore_backup(archive, is_forced=force, now=datetime.now(UTC))
    if as_json:
        print_json(asdict(restored))
    else:
        out = terminal()
        n_events = say.plural("{n} event", "{n} events", restored.n_events)
        out.print(say("Restored as of {instant}: {events}.", instant=restored.taken_at, events=n_events), style="bold")
        out.print(say("Everybody signs in anew; tokens and open invitations are void."))
        held = say("Nothing is sent to anybody until you write: smarketing sending release")
        out.print(typeable(held), style="yellow")
    if restored.n_faults:
        terminal(stderr=True).print(say("The chain of events does not hold: see smarketing audit verify."), style="red")
        raise typer.Exit(4)


@app.command(help=say("Hold back mail to people, as a restored copy does, or let it out again."))
def sending(
    wish: Wish = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    _ready()
    from smarketing.records.outbound import installation
    from smarketing.workflows.hold_sending import hold_sending

    now = datetime.now(UTC)
    found = installation(now) if wish is None else hold_sending(is_held=wish is Sending.HOLD, by=None, now=now)
    if as_json:
        print_json({"installation": str(found.identity), "is_sending_held": found.is_sending_held})
    else:
        terminal().print(say("Sending is held.") if found.is_sending_held else say("Sending is allowed."))


def _ready() -> None:
    from smarketing.workflows.open_facts import set_up_django

    set_up_django()
    from smarketing.workflows.ready_database import check_database

    check_database()
