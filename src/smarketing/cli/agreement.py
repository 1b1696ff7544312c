"""`smarketing agreement`: begin one, check it, read it, compare two versions, print what a signature signs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.complete import offered_starters
from smarketing.cli.console import print_json, program, say, terminal, typed
from smarketing.terms.errors import UserError

if TYPE_CHECKING:
    from smarketing.terms.agreement import Agreement
    from smarketing.terms.concern import Concern
    from smarketing.terms.faults import UnreadableTerms

agreement = typer.Typer(help=say("Write, check, read and compare agreements."), no_args_is_help=True)
app.add_typer(agreement, name="agreement")

CONCERNED, UNREADABLE = 1, 3
Kept = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help=say("YAML file of an agreement, or the id of one that this installation keeps.")
    ),
]
Number = Annotated[
    int | None,
    typer.Option("--version", min=1, help=say("Which version of the one kept here; the latest if left out.")),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help=say("YAML file of an agreement."))]
Versions = Annotated[Path, typer.Argument(metavar="PATH", help=say("File of an agreement, or a folder of versions."))]
Before = Annotated[Path, typer.Argument(metavar="BEFORE", help=say("The earlier version."))]
After = Annotated[Path, typer.Argument(metavar="AFTER", help=say("The later version."))]
StarterName = Annotated[
    str | None,
    typer.Option(
        "--starter",
        help=say("Which ready agreement to begin from; all are listed if left out."),
        autocompletion=offered_starters,
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help=say("File to write; nothing there is ever overwritten."))
]
Strict = Annotated[bool, typer.Option("--strict", help=say("Answer with exit code 1 when there is any concern."))]


@agreement.command("new", help=say("Begin an agreement from a starter, in the language of --lang."))
def new(
    starter: StarterName = None,
    output: Output = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.terms.starters import starter_text, starters

    if starter is None:
        listed = [{"name": each.name, "purpose": say(each.purpose)} for each in starters()]
        return print_json({"starters": listed}) if as_json else _show_starters(listed)
    with typed("--starter"):
        text = starter_text(starter, say.language, words=say)
    if output is not None:
        _write_new(output, text)
    if as_json:
        path = None if output is None else str(output)
        return print_json({"starter": starter, "language": say.language, "path": path, "text": text})
    if output is None:
        return print(text, end="")
    terminal().print(say("Written to {path}. Put in your names and numbers, then check it:", path=output), markup=False)
    return terminal().print(f"  {program()} agreement check {shlex.quote(str(output))}", markup=False, soft_wrap=True)


def _write_new(path: Path, text: str) -> None:
    """Raises UserError when something is there already or the folder is not."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        if path.is_dir():
            what, hint = say("This is a folder."), say("Name the file to write in it.")
        else:
            what, hint = say("There is a file already."), say("Choose another name, or move that one away.")
        raise UserError(what, where=str(path), hint=hint) from None
    except OSError as error:
        what = say("The file cannot be written: {reason}.", reason=say.trouble(error))
        raise UserError(what, where=str(path)) from None


def _show_starters(listed: list[dict[str, str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in (say("Starter"), say("For whom")):
        table.add_column(title)
    for starter in listed:
        table.add_row(starter["name"], starter["purpose"])
    terminal().print(table)
    terminal().print(say("Begin with: {command}", command=f"{program()} agreement new --starter small_b2b -o FILE"))


@agreement.command("check", help=say("Read an agreement strictly, and say what people would warn about."))
def check(
    path: Versions,
    strict: Strict = False,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001
) -> None:
    from smarketing.terms.faults import UnreadableTerms
    from smarketing.terms.lint import lint, lint_versions
    from smarketing.terms.read_yaml import read_versions

    try:
        versions = read_versions(path, words=say)
    except UnreadableTerms as error:
        if not as_json:
            raise
        print_json(_unreadable(path, error))
        raise typer.Exit(UNREADABLE) from None
    concerns = [(version.version, concern) for version in versions for concern in lint(version, say)]
    concerns += [(versions[-1].version, concern) for concern in lint_versions(versions, say)]
    if as_json:
        print_json(_checked(path, versions, concerns))
    else:
        _show_check(versions, concerns)
    if strict and concerns:
        raise typer.Exit(CONCERNED)


def _unreadable(path: Path, error: UnreadableTerms) -> dict[str, Any]:
    faults = [
        {"where": fault.where, "line": fault.line or None, "what": fault.what, "hint": fault.hint}
        for fault in error.faults
    ]
    return {"path": str(path), "is_readable": False, "faults": faults, "versions": [], "concerns": []}


def _checked(path: Path, versions: tuple[Agreement, ...], concerns: list[tuple[int, Concern]]) -> dict[str, Any]:
    return {
        "path": str(path),
        "is_readable": True,
        "faults": [],
        "versions": [_identity(version) for version in versions],
        "concerns": [
            {"version": version, "code": each.code, "where": each.where, "what": each.what, "advice": each.advice}
            for version, each in concerns
        ],
    }


def _identity(version: Agreement) -> dict[str, Any]:
    from smarketing.terms.fingerprint import fingerprint

    return {
        "id": version.id,
        "version": version.version,
        "title": version.title,
        "from_on": version.in_force.from_on.isoformat(),
        "until_on": version.in_force.until_on.isoformat() if version.in_force.until_on else None,
        "fingerprint": fingerprint(version),
    }


def _show_check(versions: tuple[Agreement, ...], concerns: list[tuple[int, Concern]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    out = terminal()
    for version in versions:
        n = len(version.commitments)
        promises = say.plural("{n} promise", "{n} promises", n)
        out.print(Text(f"✓ {version.title} · {say('version {n}', n=version.version)} · {promises}", style="green"))
    for number, concern in concerns:
        where = concern.where if len(versions) == 1 else f"{say('version {n}', n=number)}, {concern.where}"
        out.print(Text.assemble(("! ", "yellow"), concern.what, (f"  {where}", "dim")), soft_wrap=True)
        out.print(Padding(Text(concern.advice, style="italic"), (0, 0, 0, 2)))
    n = len(concerns)
    out.print(say.plural("{n} thing to think about.", "{n} things to think about.", n) if n else say("Nothing to add."))


@agreement.command("show", help=say("Print an agreement as people read it."))
def show(
    path: Kept,
    version: Number = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001
) -> None:
    from smarketing.terms.write_yaml import agreement_data

    read = _file_or_kept(path, version)
    if as_json:
        return print_json(_identity(read) | {"agreement": agreement_data(read)})
    from smarketing.cli.agreement_tables import show_document

    return show_document(read)


def _file_or_kept(path: Path, version: int | None) -> Agreement:
    """A file where there is one, or where only a file can be meant; else a version in the database."""
    from smarketing.terms.read_yaml import SUFFIXES, read_agreement

    is_file = path.exists() or path.suffix.lower() in SUFFIXES or len(path.parts) != 1
    if version is None and is_file:
        return read_agreement(path, words=say)
    from smarketing.workflows.open_facts import open_ledger
    from smarketing.workflows.open_terms import kept_version

    open_ledger()
    return kept_version(str(path), version, words=say)


@agreement.command("diff", help=say("Say in words what changes from one version to another."))
def diff(
    before: Before,
    after: After,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001
) -> None:
    from smarketing.terms.difference import differences
    from smarketing.terms.read_yaml import read_agreement

    earlier, later = read_agreement(before, words=say), read_agreement(after, words=say)
    found = differences(earlier, later, say)
    if as_json:
        listed = [
            {"section": each.section, "thing": each.thing, "sentence": each.sentence, "effect": each.effect or None}
            for each in found
        ]
        return print_json({"before": _identity(earlier), "after": _identity(later), "differences": listed})
    from smarketing.cli.agreement_tables import show_differences

    return show_differences(found)


@agreement.command("fingerprint", help=say("Print the fingerprint of what a signature signs."))
def fingerprint(
    path: File,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001
) -> None:
    from smarketing.terms.read_yaml import read_agreement

    identity = _identity(read_agreement(path, words=say))
    if as_json:
        return print_json(identity)
    return print(identity["fingerprint"])
