"""What every command shares: the reader's language, the terminal, JSON and errors."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from smarketing.terms.errors import TermsError, UserError
from smarketing.terms.instants import read_instant
from smarketing.terms.language import LANGUAGES, Words, words

if TYPE_CHECKING:
    from rich.console import Console

COMMAND = "SMARKETING_COMMAND"  # how this program was called, where that is not `smarketing`
COMPLETION = "_SMARKETING_COMPLETE"  # set by a shell that asks what could come next


def asked_language(arguments: list[str]) -> str:
    """The language of `--lang`, else SMARKETING_LANG, else the system's, else English.

    Read before the commands are built, so that their help speaks it too.
    """
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    short = system.split("_")[0].split(".")[0].lower()
    return os.environ.get("SMARKETING_LANG") or (short if short in LANGUAGES else "en")


def reader() -> Words:
    """The Words of whoever typed this command; English when the wish cannot be met (the command then says so)."""
    wish = asked_language(sys.argv[1:])
    return words(wish) if wish in LANGUAGES else words("en")


say = reader()


def program() -> str:
    """How this program was called, so that whatever is printed can be typed."""
    return "smarketing" if COMPLETION in os.environ else os.environ.get(COMMAND, "smarketing")


def typeable(text: str) -> str:
    """A sentence whose commands begin as the reader's own did."""
    return re.sub(r"\bsmarketing (?=[a-z])", lambda _: f"{program()} ", text)


@cache
def terminal(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_json(answer: Any) -> None:
    """One JSON document on standard output: snake_case keys, RFC 3339 instants, exact decimals as numbers."""
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2, default=str, allow_nan=False)
    sys.stdout.write("\n")


def show_error(error: UserError) -> int:
    """Say it on the error stream, with --json also as one document on standard output; returns the exit code."""
    error.translate(say)
    error.hint = typeable(error.hint)
    if "--json" in sys.argv:
        print_json({"error": error_answer(error)})
    terminal(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
    return error.exit_code


def error_answer(error: UserError) -> dict[str, Any]:
    return {"what": error.what, "where": error.where, "hint": error.hint, "exit_code": error.exit_code}


@contextmanager
def typed(option: str) -> Iterator[None]:
    """Whatever is refused inside was typed as the value of `option`: a wrong command, not wrong terms."""
    try:
        yield
    except TermsError as error:
        error.translate(say)
        raise UserError(error.what, where=option, hint=error.hint) from None


def instant(text: str | None) -> datetime:
    """The instant of `--now`, or this very moment.

    Raises UserError when the text is not RFC 3339 with an offset.
    """
    if text is None:
        return datetime.now(UTC)
    at = read_instant(text)
    if at is None:
        raise UserError(
            say('"{text}" is not an instant.', text=text),
            where="--now",
            hint=say("Write RFC 3339 with an offset: 2024-06-22T00:00:00Z."),
        )
    return at
