"""What commands are about: facts and an agreement, named by a path or left out for those of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.console import say

if TYPE_CHECKING:
    from smarketing.terms.agreement import Agreement

FactsPath = Annotated[
    Path | None,
    typer.Option("--facts", help=say("Folder of facts, as import makes it; this installation's ledger if left out.")),
]
AgreementPath = Annotated[
    Path | None,
    typer.Option(
        "--agreement",
        help=say("The agreement's file, or a folder with one file for each version; the signed one if left out."),
    ),
]


def versions_at(path: Path | None) -> tuple[Agreement, ...]:
    """The versions in a file or folder; those signed in the database where none is named."""
    if path is not None:
        from smarketing.terms.read_yaml import read_versions

        return read_versions(path, words=say)
    from smarketing.workflows.open_facts import open_ledger
    from smarketing.workflows.open_terms import versions_of

    open_ledger()
    return versions_of(words=say)
