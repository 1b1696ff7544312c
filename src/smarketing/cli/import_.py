"""`smarketing import`: bring the files of a CRM export into the facts, or propose a profile that could."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.complete import offered_profiles
from smarketing.cli.console import instant, print_json, say, terminal, typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from smarketing.ledger.receipts import Receipt

UNREADABLE_FILE = 2
NOTHING_ACCEPTED = 4

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=say("CSV, XLSX, Parquet or JSON Lines."))]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        help=say("A shipped profile, or a YAML file that says how columns are read."),
        autocompletion=offered_profiles,
    ),
]
Facts = Annotated[
    Path | None,
    typer.Option("--facts", help=say("Folder of facts, made if there is none; the ledger if left out.")),
]
Guess = Annotated[
    Path | None, typer.Option("--guess", help=say("Write a proposed profile for these files here, to be corrected."))
]
Source = Annotated[str, typer.Option("--source", help=say("Name of the connection; the profile's if left out."))]
Zone = Annotated[str, typer.Option("--zone", help=say("Zone of times without an offset: Europe/Madrid."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("Count and check everything, and write nothing."))]


@app.command("import", help=say("Bring the files of a CRM export into the facts."))
def import_(
    files: Files,
    profile: ProfileName = None,
    facts: Facts = None,
    guess: Guess = None,
    source: Source = "",
    zone: Zone = "",
    dry_run: DryRun = False,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.terms.errors import UserError

    if zone:
        from smarketing.terms.zones import check_zone

        with typed("--zone"):
            check_zone(zone)
    if guess is not None:
        _propose(files, guess, zone, as_json)
        return
    if profile is None:
        raise UserError(
            say("{option} is missing.", option="--profile"),
            where="import",
            hint=say("Write: smarketing import FILE --profile PROFILE, or --guess OUT.yaml."),
        )
    receipt, home = _imported(files, profile, facts, source, zone, dry_run, now)
    if as_json:
        print_json(receipt.as_json())
    else:
        from smarketing.cli.import_tables import show_receipt

        show_receipt(receipt, home)
    if any(file.status == "unreadable" for file in receipt.files):
        raise typer.Exit(UNREADABLE_FILE)
    if receipt.n_rows and receipt.n_rejected == receipt.n_rows:
        raise typer.Exit(NOTHING_ACCEPTED)


def _imported(
    files: list[Path], profile: str, facts: Path | None, source: str, zone: str, dry_run: bool, now: str | None
) -> tuple[Receipt, Path]:
    """Import with a bar on the terminal's error stream, so that standard output stays the answer.

    Returns  the receipt, and the folder that its rejects are in
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from smarketing.sources.read_profile import read_profile
    from smarketing.workflows.import_files import Progress as Step
    from smarketing.workflows.import_files import import_files
    from smarketing.workflows.open_facts import facts_to_fill

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeRemainingColumn())
    err = terminal(stderr=True)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(say("Reading"), total=1.0, rows="")

        def tell(step: Step) -> None:
            rows = say.plural("{n} row", "{n} rows", step.n_rows)
            bar.update(task, completed=step.whole, description=step.file, rows=rows)

        read = read_profile(profile, say)
        opened, at = facts_to_fill(facts), instant(now)
        receipt = import_files(
            files,
            profile=read,
            facts=opened,
            now=at,
            source=source,
            zone=zone,
            is_dry_run=dry_run,
            progress=tell,
            keep=_note(at) if facts is None else lambda _: None,
            words=say,
        )
        return receipt, opened.home


def _note(now: datetime) -> Callable[[Receipt], None]:
    from smarketing.workflows.note_import import note_import

    return note_import(by=None, now=now)


def _propose(files: list[Path], path: Path, zone: str, as_json: bool) -> None:
    from smarketing.sources.guess import guessed_profile
    from smarketing.terms.errors import UserError

    if path.exists():
        raise UserError(
            say("There is a file of that name already."),
            where=str(path),
            hint=say("Choose another name for --guess, or delete it."),
        )
    proposal = guessed_profile(files, name=path.stem, zone=zone)
    try:
        path.write_text(proposal.text, encoding="utf-8")
    except OSError as error:
        raise UserError(
            say("The profile cannot be written: {problem}.", problem=say.trouble(error)), where=str(path)
        ) from None
    if as_json:
        print_json({"profile": str(path), **proposal.as_json()})
        return
    from smarketing.cli.import_tables import show_proposal

    show_proposal(proposal, path, files)
