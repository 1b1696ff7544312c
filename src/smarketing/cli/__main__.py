"""Run one command; a mistake of the user's is one sentence and an exit code, never a traceback."""

from __future__ import annotations

import sys

from smarketing.cli import commands  # noqa: F401 — registers every command on `app`
from smarketing.cli.app import app
from smarketing.cli.console import show_error
from smarketing.terms.errors import UserError


def main() -> None:
    try:
        app()
    except UserError as error:
        show_error(error)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
