"""The program's root: its name, its help and the options that every command shares."""

from __future__ import annotations

from typing import Annotated

import typer

from smarketing import __version__
from smarketing.cli.complete import offered_languages
from smarketing.cli.console import say
from smarketing.terms.language import words

app = typer.Typer(
    name="smarketing",
    help=say("The service level agreement between marketing and sales, measured lead by lead."),
    no_args_is_help=True,
    suggest_commands=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _known_language(language: str) -> str:
    """The console has read it already and fell back to English if it is unknown; here the command says so."""
    return words(language).language


Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document instead of tables."))]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        help=say("Language of what is printed: en, es or it."),
        callback=_known_language,
        autocompletion=offered_languages,
    ),
]
Now = Annotated[
    str | None, typer.Option("--now", help=say("Judge as of this instant (RFC 3339); this very moment if left out."))
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"smarketing {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: bool = typer.Option(False, "--version", help=say("Print the version."), callback=_version, is_eager=True),
) -> None:
    """Nothing to do before a command."""
