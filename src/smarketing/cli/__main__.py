"""Run one command; a mistake of the user's is one sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

INTERRUPTED, READER_GONE = 130, 141  # what shells say of Ctrl-C and of `| head`


def main() -> NoReturn:
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_quietly()
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):
            _leave_quietly()
        raise


def _run() -> int:
    """The exit code of the command that was typed."""
    from typer import TyperException

    from smarketing.cli import commands  # noqa: F401 — registers every command on `app`
    from smarketing.cli.app import app
    from smarketing.cli.console import program, show_error
    from smarketing.cli.usage import WRONG_USE, is_help, trouble_error, usage_error
    from smarketing.terms.errors import UserError

    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()  # None where closed before we began
    try:
        left = app(prog_name=program(), standalone_mode=False)
        sys.stdout.flush()
        return left if isinstance(left, int) else 0
    except BrokenPipeError:
        raise
    except UserError as error:
        return show_error(error)
    except OSError as error:
        _close_output()
        return show_error(trouble_error(error))
    except TyperException as error:
        if is_help(error):
            print(error.message, file=sys.stderr)
            return WRONG_USE
        return show_error(usage_error(error))


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _leave_quietly() -> NoReturn:
    """The reader of a pipe has seen enough."""
    _close_output()
    sys.exit(READER_GONE)


def _close_output() -> None:
    """Whatever still waits to be printed goes nowhere, so that leaving fails at nothing."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
