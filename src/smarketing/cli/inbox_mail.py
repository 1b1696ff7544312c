"""`smarketing inbox mail`: a mail on the standard input becomes a lead; for a mail server's pipe, or procmail."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang
from smarketing.cli.console import print_json, say, terminal
from smarketing.cli.inbox import inbox
from smarketing.terms.errors import UserError

TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the mail and tries again
MOST = 25 * 2**20  # bytes of a mail with what is attached to it


@inbox.command(help=say("Take a mail from the standard input as an event of a source for plain fields (flat)."))
def mail(
    source: Annotated[str, typer.Option("--source", help=say("Short name of the source."))],
    fields: Annotated[
        list[str] | None, typer.Option("--set", help=say("A field that every mail has: channel=webinar. Repeat it."))
    ] = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    said = dict(map(_pair, fields or ()))
    message = sys.stdin.buffer.read(MOST + 1)
    if len(message) > MOST:
        raise UserError(say("The mail is larger than {n} MB.", n=MOST // 2**20))
    open_ledger()
    from django.db import Error

    from smarketing.workflows.inflate_body import TooLarge
    from smarketing.workflows.receive_mail import receive_mail

    try:
        receipt = receive_mail(slug=source, message=message, said=said, now=datetime.now(UTC))
    except TooLarge:
        raise UserError(say("The mail holds more fields than one event may.")) from None
    except (Error, OSError) as error:
        terminal(stderr=True).print(say("The mail was not kept: {reason}", reason=str(error)), markup=False)
        raise typer.Exit(TRY_LATER) from None
    if as_json:
        print_json({"receipt": str(receipt.receipt) if receipt else None, "stored": receipt.stored if receipt else 0})
    elif receipt is None:
        terminal().print(say("Left out: a machine wrote this."))
    else:
        terminal().print(say("Kept: {receipt}", receipt=receipt.receipt))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UserError(say('"{text}" is not a field and its value.', text=text), where="--set", hint="channel=webinar")
    return name.strip(), value.strip()
